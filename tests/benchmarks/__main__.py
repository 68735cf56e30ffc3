"""All measurements: ``python -m tests.benchmarks --help``. They report; nothing is asserted on time."""

from __future__ import annotations

import argparse
import inspect
import sys
from collections.abc import Sequence

from tests.benchmarks import first_answer, first_request, imports, plugin_cost, queries

COMMANDS = {
    "plugin_cost": plugin_cost,
    "first_request": first_request,
    "first_answer": first_answer,
    "imports": imports,
    "queries": queries,
}
USUAL = ("plugin_cost", "first_request", "first_answer", "queries")


def main(arguments: Sequence[str] | None = None) -> None:
    told = "\n".join(f"  {name:14} {summary(name)}" for name in COMMANDS)
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks",
        description=f"{inspect.cleandoc(__doc__ or '')}\n\nmeasurements:\n{told}",
        epilog=f"Without one: {', '.join(USUAL)}, each as it is by default. MEASUREMENT --help tells more.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("measurement", nargs="?", choices=COMMANDS, metavar="MEASUREMENT")
    parser.add_argument("options", nargs=argparse.REMAINDER, help="those of the measurement")
    options = parser.parse_args(arguments)
    if options.measurement is not None:
        COMMANDS[options.measurement].main(options.options)
        return
    for name in USUAL:
        COMMANDS[name].main([])


def summary(name: str) -> str:
    """The first line of what a measurement says of itself."""
    return (COMMANDS[name].__doc__ or "").partition("\n")[0]


if __name__ == "__main__":
    main(sys.argv[1:])
