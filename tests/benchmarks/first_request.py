"""CPU from the start of Python to the first request of a live query, each time in a fresh process.

Run with ``python -m tests.benchmarks.first_request [TIMES]``. User and system time of the process are taken,
since wall time is the machine's mood. The clock stops where the wire looks up the service's address: only
the handshake is left then, and nothing is sent. The aim is 0.4 s or less.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from typing import Any

QUERY = """
import json, os, sys

def stop(event, arguments):
    if event == "socket.getaddrinfo":
        spent = os.times()
        told = {"host": arguments[0], "seconds": spent.user + spent.system, "modules": sorted(sys.modules)}
        print(json.dumps(told), flush=True)
        os._exit(0)

sys.addaudithook(stop)

import pytest_mixpanel as mp

mp.Workspace(project="1234567").query("Login", last=7)
"""


def first_request(home: str) -> dict[str, Any]:
    """``host``, ``seconds`` of CPU and imported ``modules`` at the first request; files are in ``home``."""
    kept = {key: value for key, value in os.environ.items() if not key.upper().endswith("_PROXY")}
    environment = {
        **{key: value for key, value in kept.items() if not key.startswith(("MP_", "MIXPANEL_"))},
        "HOME": home,
        "XDG_CACHE_HOME": home,
        "MIXPANEL_CACHE": home,
        "MP_USERNAME": "robot",
        "MP_SECRET": "secret",
        "MP_PROJECT_ID": "1234567",
        "MP_REGION": "us",
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # bytecode is cached, as it is for users
    done = subprocess.run(
        [sys.executable, "-c", QUERY], env=environment, check=True, capture_output=True, text=True
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    with tempfile.TemporaryDirectory() as home:
        first_request(home)
        seconds = [first_request(home)["seconds"] for _ in range(times)]
    print(
        f"first request of a live query: {min(seconds):.2f} s of CPU at least, "
        f"median {statistics.median(seconds):.2f} s over {times} processes"
    )


if __name__ == "__main__":
    main()
