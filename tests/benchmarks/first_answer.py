"""How long the first answer takes, from a fresh process: import, store, funnel.

Run with ``python -m tests.benchmarks first_answer [PATH]``: the demo, or an export file. The first line
imports the events into an empty cache, the second maps the stored columns.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

QUESTION = """
import sys, time
from pytest_mixpanel import Workspace
with Workspace(project=sys.argv[1]) as workspace:
    steps = sorted(workspace.events())[:3]
    first, last = map(str, workspace.data_range())
    started = time.perf_counter()
    workspace.query_funnel(steps, from_date=first, to_date=last)
    print(time.perf_counter() - started)
"""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks first_answer",
        description="Wall time of a fresh process to its first funnel, without a store and with one.",
    )
    parser.add_argument("path", nargs="?", default="demo", help="exported events; the demo by default")
    project = parser.parse_args(arguments).path
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "MIXPANEL_CACHE": cache}
        for what in ("import and first answer", "second process, stored"):
            started = time.perf_counter()
            told = subprocess.run(
                [sys.executable, "-c", QUESTION, project],
                env=environment,
                check=True,
                capture_output=True,
                text=True,
            )
            whole = time.perf_counter() - started
            print(f"{what}: {whole:.2f} s, the funnel itself {1000 * float(told.stdout):.0f} ms")


if __name__ == "__main__":
    main()
