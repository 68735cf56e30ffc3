"""CPU from the start of Python to the first request of a live query, each time in a fresh process.

Run with ``python -m tests.benchmarks first_request [TIMES]``. User and system time of the process are taken,
since wall time is the machine's mood. The clock stops where the wire looks up the service's address: only
the handshake is left then, and nothing is sent. The aim is 0.4 s or less.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from typing import Any

QUERY = """
import json, os, sys, time

def stop(event, arguments):
    if event == "socket.getaddrinfo":
        told = {"host": arguments[0], "seconds": time.process_time(), "modules": sorted(sys.modules)}
        print(json.dumps(told), flush=True)
        os._exit(0)

sys.addaudithook(stop)

import pytest_mixpanel as mp

mp.Workspace(project="1234567").query("Login", last=7)
"""


def first_request(home: str) -> dict[str, Any]:
    """``host``, ``seconds`` of CPU and imported ``modules`` at the first request; files are in ``home``."""
    environment = {
        **_environment(),
        "HOME": home,
        "XDG_CACHE_HOME": home,
        "MIXPANEL_CACHE": home,
        "MP_USERNAME": "robot",
        "MP_SECRET": "secret",
        "MP_PROJECT_ID": "1234567",
        "MP_REGION": "us",
    }
    done = subprocess.run(
        [sys.executable, "-c", QUERY], env=environment, check=True, capture_output=True, text=True
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def _environment() -> dict[str, str]:
    """That of this process without proxies and accounts; bytecode is cached, as it is for users."""
    ours = ("MP_", "MIXPANEL_")
    return {
        key: value
        for key, value in os.environ.items()
        if not (key.upper().endswith("_PROXY") or key.startswith(ours) or key == "PYTHONDONTWRITEBYTECODE")
    }


def cpu_seconds(code: str) -> float:
    """CPU of a fresh process that runs ``code``, to its end."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], env=_environment(), check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks first_request",
        description="CPU to the first request of a live query, beside that of Python alone and of httpx.",
    )
    parser.add_argument("times", type=int, nargs="?", default=9, help="processes of each; by default 9")
    times = parser.parse_args(arguments).times
    told: dict[str, list[float]] = {}
    first_request_alone()  # writes the bytecode
    for _ in range(times):  # in turn, so that the machine's load falls on all
        told.setdefault("Python alone", []).append(cpu_seconds("pass"))
        told.setdefault("import httpx", []).append(cpu_seconds("import httpx"))
        told.setdefault("first request of a live query", []).append(first_request_alone())
    for what, seconds in told.items():
        print(
            f"{what}: {min(seconds):.3f} s of CPU at least, "
            f"median {statistics.median(seconds):.3f} s over {times} processes"
        )


def first_request_alone() -> float:
    """CPU to the first request in a home of its own, where no budget is used up."""
    with tempfile.TemporaryDirectory() as home:
        seconds: float = first_request(home)["seconds"]
        return seconds


if __name__ == "__main__":
    main()
