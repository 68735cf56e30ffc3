"""CPU that the unused plugin adds to a pytest run of one trivial test, measured in pairs.

Run with ``python -m tests.benchmarks plugin_cost [PAIRS]``. The same run is timed with the plugin and with
``-p no:mixpanel``, in turn, so that the machine's load falls on both; user and system time of the child
process are taken, since wall time is the machine's mood. The aim is 15 ms or less.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path


def cpu_seconds(folder: Path, *arguments: str) -> float:
    """User plus system time of one pytest run in ``folder``."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env=_environment(),
        check=True,
        capture_output=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _environment() -> dict[str, str]:
    """Bytecode is cached, as it is for users; other plugins stay out of the measurement."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def measure(pairs: int) -> list[float]:
    """The added CPU of each pair, in milliseconds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "test_one.py").write_text("def test_one(): pass\n")
        with_plugin = ("-p", "pytest_mixpanel.plugin")
        for arguments in ((), with_plugin):
            cpu_seconds(folder, *arguments)
        return [1000 * (cpu_seconds(folder, *with_plugin) - cpu_seconds(folder)) for _ in range(pairs)]


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks plugin_cost",
        description="CPU that the unused plugin adds to a pytest run of one trivial test.",
    )
    parser.add_argument("pairs", type=int, nargs="?", default=15, help="pairs of runs; by default 15")
    pairs = parser.parse_args(arguments).pairs
    added = measure(pairs)
    quartiles = statistics.quantiles(added, n=4)
    print(f"unused plugin: median {statistics.median(added):+.1f} ms of CPU over {pairs} pairs")
    print(f"quartiles {quartiles[0]:+.1f} … {quartiles[2]:+.1f} ms, least {min(added):+.1f} ms")


if __name__ == "__main__":
    main()
