"""Our engine against chDB, DuckDB and Polars: the same questions over the same events in one run.

Run with ``python -m tests.benchmarks queries [--events 1e7] [--runs 3] [--only WORD] [--engines ours,chDB]
[--write docs/performance.md]``.
Every engine has a process of its own and two threads; runs alternate between the engines, so that the
machine's load falls on all, and the fastest counts, since load only ever adds. In each run an engine is
asked twice: the first answer brings back what others pushed out of memory, and tells how much is taken of
it; the second is timed, so that stores are warm. Ratios are of wall time and, in brackets, of processor
time, which other work on the machine disturbs less; bold ones miss the aim.
Where a peer has several forms the fastest one counts. Rows are compared, and a difference is told.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.benchmarks.questions import QUESTIONS, Question
from tests.benchmarks.worker import ENGINES

THREADS = {"POLARS_MAX_THREADS": "2", "OMP_NUM_THREADS": "2"}


@dataclass
class Engine:
    """A worker process and what it was measured at."""

    name: str
    folder: Path
    events: int
    forms: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        command = [
            sys.executable,
            "-m",
            "tests.benchmarks.worker",
            self.name,
            str(self.folder),
            str(self.events),
        ]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **THREADS}
        )
        self.forms = self._told()

    def ask(self, question: str, form: int, watched: bool) -> dict[str, Any]:
        assert self.process.stdin is not None
        asked = {"question": question, "form": form, "watched": watched}
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return self._told()

    def _told(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            return {"error": f"{self.name} ended"}
        told: dict[str, Any] = json.loads(line)
        return told

    def close(self) -> None:
        self.process.terminate()
        self.process.wait()


@dataclass(frozen=True, slots=True)
class Cell:
    """One engine's figures for one question."""

    seconds: float
    work: float
    private: int
    mapped: int
    rows: list[Any]


def measured(question: Question, engines: Sequence[Engine], runs: int) -> dict[str, Cell | str]:
    """Every engine's best form, or why there is none; forms of one question alternate."""
    contestants = [(engine, form) for engine in engines for form in range(engine.forms.get(question.name, 0))]
    told: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for _ in range(runs):
        for engine, form in contestants:
            before = told.setdefault((engine.name, form), [])
            for watched in (True, False):
                if not (before and "error" in before[-1]):
                    before.append(engine.ask(question.name, form, watched))
    found: dict[str, Cell | str] = {}
    for (name, _), answers in told.items():
        if "error" in answers[-1]:
            found.setdefault(name, answers[-1]["error"])
            continue
        cell = Cell(
            min(answer["seconds"] for answer in answers[1::2]),
            min(answer["work"] for answer in answers[1::2]),
            max(answer["private"] for answer in answers[::2]),
            max(answer["mapped"] for answer in answers[::2]),
            answers[-1]["rows"],
        )
        best = found.get(name)
        if not isinstance(best, Cell) or cell.seconds < best.seconds:
            found[name] = cell
    return found


def agreement(cells: dict[str, Cell | str]) -> str:
    """Whether all rows are equal; else by how much whose differ."""
    ours = cells.get("ours")
    if not isinstance(ours, Cell):
        return ""
    differing = [
        f"{name} {difference(ours.rows, cell.rows)}"
        for name, cell in cells.items()
        if isinstance(cell, Cell) and cell.rows != ours.rows
    ]
    return ", ".join(differing) if differing else "yes"


def difference(ours: list[Any], other: list[Any]) -> str:
    if len(ours) != len(other):
        return f"has {len(other)} rows, ours {len(ours)}"
    furthest = max(
        abs(mine[-1] - theirs[-1]) / max(abs(mine[-1]), abs(theirs[-1]), 1)
        for mine, theirs in zip(ours, other, strict=True)
    )
    return f"differs by up to {100 * furthest:.2g} %"


def table(events: int, engines: Sequence[str], results: dict[str, dict[str, Cell | str]]) -> str:
    """The figures as a Markdown table."""
    peers = [name for name in engines if name != "ours"]
    head = [
        "question",
        *engines,
        *(f"× {name} (in work)" for name in peers),
        "private MB",
        "mapped MB",
        "agree",
    ]
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    goals = {
        question.name: dict(zip(("chDB", "DuckDB"), question.goals, strict=True)) for question in QUESTIONS
    }
    for name, cells in results.items():
        ours = cells.get("ours")
        row = [name, *(_seconds(cells.get(engine)) for engine in engines)]
        row += [_ratio(ours, cells.get(peer), goals[name].get(peer, 0)) for peer in peers]
        row += [str(ours.private), str(ours.mapped)] if isinstance(ours, Cell) else ["", ""]
        lines.append(f"| {' | '.join([*row, agreement(cells)])} |")
    return f"{events:,} events, seconds of wall time\n\n" + "\n".join(lines) + "\n"


def _told(cell: Cell | str) -> str:
    return f"{_seconds(cell)} s ({cell.work:.3f} s of work)" if isinstance(cell, Cell) else "error"


def _seconds(cell: Cell | str | None) -> str:
    if isinstance(cell, Cell):
        return f"{cell.seconds:.3f}" if cell.seconds >= 0.01 else f"{cell.seconds:.4f}"
    return "–" if cell is None else "error"


def _ratio(ours: Cell | str | None, peer: Cell | str | None, goal: float) -> str:
    if not isinstance(ours, Cell) or not isinstance(peer, Cell):
        return "–"
    ratio, work = peer.seconds / ours.seconds, peer.work / ours.work
    return f"{f'**{ratio:.1f}**' if ratio < goal else f'{ratio:.1f}'} ({work:.1f})"


def machine() -> str:
    names = {line for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")}
    model = next(iter(names), "").partition(":")[2].strip() or platform.processor()
    system = f"{platform.system()} {platform.release()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} × {model}, {system}"


def _lines(path: Path) -> Iterator[str]:
    return iter(path.read_text().splitlines()) if path.exists() else iter(())


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks queries")
    parser.add_argument("--events", type=float, default=1e6)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="", help="questions whose name holds this")
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--folder", type=Path, default=Path(".benchmarks"), help="where the data is kept")
    parser.add_argument("--write", type=Path, help="a Markdown file whose table of this size is replaced")
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    names = options.engines.split(",")
    engines = [Engine(name, options.folder.resolve(), int(options.events)) for name in names]
    results: dict[str, dict[str, Cell | str]] = {}
    try:
        for question in QUESTIONS:
            if options.only in question.name:
                results[question.name] = cells = measured(question, engines, options.runs)
                shown = ", ".join(f"{name} {_told(cell)}" for name, cell in cells.items())
                print(f"{question.name}: {shown}; agree: {agreement(cells)}", file=sys.stderr, flush=True)
                for name, cell in cells.items():
                    if isinstance(cell, str):
                        print(f"  {name}: {cell}", file=sys.stderr)
    finally:
        for engine in engines:
            engine.close()
    told = f"{machine()}\n\n{table(int(options.events), names, results)}"
    print(told)
    if options.write:
        options.write.write_text(replaced(options.write.read_text(), int(options.events), told))


def replaced(page: str, events: int, told: str) -> str:
    """The page with its table of so many events replaced, or added at its end."""
    start, end = f"<!-- {events} events -->\n", "<!-- end -->\n"
    before, found, rest = page.partition(start)
    after = rest.partition(end)[2] if found else ""
    return f"{before.rstrip()}\n\n{start}{told}{end}{after}"


if __name__ == "__main__":
    main()
