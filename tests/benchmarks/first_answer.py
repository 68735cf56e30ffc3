"""How long the first answer takes, from a fresh process: Python, the package, a store, a funnel.

Run with ``python -m tests.benchmarks first_answer [PATH] [TIMES]``: the demo, or an export file. First the
events are imported into an empty cache, which happens once; then fresh processes map the stored columns, in
turn with some that only begin Python and load NumPy. Wall time is the machine's mood, too, so the CPU of the
processes is told beside it. The aim is 0.5 s or less with a store of a million events.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence

QUESTION = """
import sys
from pytest_mixpanel import Workspace
with Workspace(project=sys.argv[1]) as workspace:
    steps = sorted(workspace.events())[:3]
    first, last = map(str, workspace.data_range())
    workspace.query_funnel(steps, from_date=first, to_date=last)
"""


def seconds(code: str, project: str, environment: Mapping[str, str]) -> tuple[float, float]:
    """Wall time and CPU of a fresh process that runs ``code``, to its end."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-c", code, project], env=environment, check=True, capture_output=True)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks first_answer",
        description="Wall time and CPU of a fresh process to its first funnel, without a store and with one.",
    )
    parser.add_argument("path", nargs="?", default="demo", help="exported events; the demo by default")
    parser.add_argument("times", type=int, nargs="?", default=9, help="processes with a store; by default 9")
    options = parser.parse_args(arguments)
    told: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as cache:
        # Bytecode is cached, as it is for users.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["MIXPANEL_CACHE"] = cache
        told["import and first answer"] = [seconds(QUESTION, options.path, environment)]
        for _ in range(options.times):  # in turn, so that the machine's load falls on all
            for what, code in (
                ("Python alone", "pass"),
                ("import numpy", "import numpy"),
                ("first answer from a store", QUESTION),
            ):
                told.setdefault(what, []).append(seconds(code, options.path, environment))
    for what, found in told.items():
        print(f"{what}: {_summary([wall for wall, _ in found])}; CPU {_summary([cpu for _, cpu in found])}")


def _summary(found: Sequence[float]) -> str:
    if len(found) == 1:
        return f"{found[0]:.2f} s"
    return f"{min(found):.3f} s at least, median {statistics.median(found):.3f} s"


if __name__ == "__main__":
    main()
