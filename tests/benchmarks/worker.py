"""One engine in a process of its own: questions come in by name, times and memory go out.

Run by ``queries``; a line of JSON each way.
"""

from __future__ import annotations

import importlib
import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.benchmarks.questions import Rows

ENGINES = {"ours": "ours", "chDB": "on_chdb", "DuckDB": "on_duckdb", "Polars": "on_polars"}


class Watch:
    """The most private memory and the most resident files while something runs, in MB."""

    def __init__(self) -> None:
        self.private = self.mapped = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while True:
            status = Path("/proc/self/status").read_text()
            sizes = {line.split(":")[0]: line.split()[1] for line in status.splitlines() if "kB" in line}
            self.private = max(self.private, int(sizes["RssAnon"]) // 1024)
            self.mapped = max(self.mapped, int(sizes["RssFile"]) // 1024)
            if self._stop.wait(0.005):
                return


def answered(ask: Callable[[], Rows], watched: bool) -> dict[str, Any]:
    """The rows, and either the memory or the time they took: to watch memory takes time from Python."""
    try:
        return remembered(ask) if watched else timed(ask)
    except Exception as error:  # one engine that cannot answer must not end the run
        return {"error": f"{type(error).__name__}: {str(error)[:300]}"}


def timed(ask: Callable[[], Rows]) -> dict[str, Any]:
    started, worked = time.perf_counter(), time.process_time()
    rows = ask()
    seconds, work = time.perf_counter() - started, time.process_time() - worked
    return {
        "seconds": seconds,
        "work": work,
        "rows": sorted([list(map(plain, row)) for row in rows], key=str),
    }


def remembered(ask: Callable[[], Rows]) -> dict[str, Any]:
    with Watch() as watch:
        ask()
    return {"private": watch.private, "mapped": watch.mapped}


def plain(value: Any) -> Any:
    """Numbers to nine digits, so that the order of additions does not matter."""
    return float(f"{value:.9g}") if isinstance(value, float) else value


def main() -> None:
    engine, folder, events = sys.argv[1:]
    module = importlib.import_module(f"tests.benchmarks.{ENGINES[engine]}")
    questions = module.open_engine(Path(folder), int(events))
    print(json.dumps({name: len(forms) for name, forms in questions.items()}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(answered(questions[asked["question"]][asked["form"]], asked["watched"])), flush=True)


if __name__ == "__main__":
    main()
