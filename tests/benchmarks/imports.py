"""How fast exports are imported, and in how much memory: JSONL, the same compressed, Parquet.

Run with ``python -m tests.benchmarks imports [FOLDER] [EVENTS …]``. Lines are those of a project with the
usual properties of Mixpanel's libraries, users interleaved. Every import is a process of its own: seconds
from its first line to the synced store; beside it DuckDB's reader, which only makes a table of the file.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from tests.benchmarks.data import COUNTRIES, EVENTS, ITEMS, PLANS, PLATFORMS, Chunk, chunks

BROWSERS = ("Chrome", "Safari", "Firefox", "Mobile Safari", "Edge")
SYSTEMS = ("iOS", "Android", "Windows", "Mac OS X", "Linux")


def lines(chunk: Chunk, random: np.random.Generator) -> Iterator[str]:
    """Events of a chunk by time, as an export tells them."""
    order = np.argsort(chunk.time, kind="stable")
    n = len(order)
    insert, url = random.integers(0, 2**63, (2, n)).tolist(), random.integers(0, 5_000, n).tolist()
    browser, version = random.integers(0, 5, n).tolist(), random.integers(100, 131, n).tolist()
    late = random.integers(200, 2_000, (2, n)).tolist()
    rows = (getattr(chunk, name)[order].tolist() for name in Chunk.__slots__)
    for i, (user, at, event, platform, country, plan, item, amount) in enumerate(zip(*rows, strict=True)):
        more = f', "platform": "{PLATFORMS[platform]}"' if platform >= 0 else ""
        more += f', "country": "{COUNTRIES[country]}"' if country >= 0 else ""
        more += f', "item": "{ITEMS[item]}"' if item >= 0 else ""
        more += f', "amount": {amount}' if amount == amount else ""
        yield (
            f'{{"event": "{EVENTS[event]}", "properties": {{"time": {at // 1000}, '
            f'"distinct_id": "{user:08x}-{user * 7919:012x}", '
            f'"$insert_id": "{insert[0][i]:016x}{insert[1][i]:016x}", '
            f'"$browser": "{BROWSERS[browser[i]]}", "$browser_version": {version[i]}, '
            f'"$city": "City {user % 300}", "$os": "{SYSTEMS[user % 5]}", '
            f'"$current_url": "https://example.com/p/{url[i]}", "$lib_version": "2.55.1", '
            f'"$mp_api_endpoint": "api.mixpanel.com", "$mp_api_timestamp_ms": {at + late[0][i]}, '
            f'"mp_lib": "web", "mp_processing_time_ms": {at + late[0][i] + late[1][i]}, '
            f'"plan": "{PLANS[plan]}"{more}}}}}\n'
        )


def make_jsonl(folder: Path, events: int) -> Path:
    return _made(folder / f"export-{events}.jsonl", lambda draft: _write_lines(draft, events))


def _write_lines(draft: Path, events: int) -> None:
    random = np.random.default_rng(11)
    with draft.open("w") as out:
        for chunk in chunks(events):
            out.writelines(lines(chunk, random))


def make_gzip(folder: Path, events: int) -> Path:
    def pack(draft: Path) -> None:
        with make_jsonl(folder, events).open("rb") as whole, gzip.open(draft, "wb", 6) as out:
            shutil.copyfileobj(whole, out, 1 << 20)

    return _made(folder / f"export-{events}.jsonl.gz", pack)


def make_parquet(folder: Path, events: int) -> Path:
    """The same events, a column for each property."""
    import duckdb

    source = make_jsonl(folder, events)
    reader = "read_json(?, maximum_object_size=33554432)"
    texts = 'replace (properties."$insert_id"::varchar as "$insert_id")'  # taken for a UUID
    query = f"select event, properties.* {texts} from {reader}"

    def convert(draft: Path) -> None:
        with duckdb.connect() as database:
            database.execute("set preserve_insertion_order = true")
            database.execute(f"copy ({query}) to '{draft}' (format parquet, compression zstd)", [str(source)])

    return _made(folder / f"export-{events}.parquet", convert)


def _made(path: Path, make: Callable[[Path], None]) -> Path:
    if not path.exists():
        draft = path.with_suffix(".part")
        make(draft)
        draft.rename(path)
    return path


def ours(path: Path, into: Path) -> int:
    from pytest_mixpanel.engine.importing.open import import_source

    report = import_source(path, into / "store").report
    return report.events + report.repeated


def on_duckdb(path: Path, into: Path) -> int:
    import duckdb

    reader = "read_parquet(?)" if path.suffix == ".parquet" else "read_json(?, maximum_object_size=33554432)"
    with duckdb.connect(str(into / "events.duckdb")) as database:
        database.execute(f"create table events as select * from {reader}", [str(path)])
        return int(database.sql("select count(*) from events").fetchall()[0][0])


ENGINES = {"ours": ours, "DuckDB": on_duckdb}


def measured(engine: str, path: Path) -> dict[str, Any]:
    """One import in a process of its own."""
    with tempfile.TemporaryDirectory(dir=path.parent) as into:
        command = [sys.executable, "-m", "tests.benchmarks.imports", "--one", engine, str(path), into]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, Any] = json.loads(told.splitlines()[-1])
    return found


def _one(engine: str, path: Path, into: Path) -> None:
    started = time.perf_counter()
    events = ENGINES[engine](path, into)
    seconds, used = time.perf_counter() - started, os.times()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"events": events, "seconds": seconds, "work": used.user + used.system, "peak": peak}))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks imports",
        description="Seconds, rates and memory of importing exports, beside DuckDB's reader.",
    )
    usual = Path(tempfile.gettempdir()) / "mixpanel-imports"
    parser.add_argument("folder", type=Path, nargs="?", default=usual, help="where the exports are kept")
    parser.add_argument("events", type=float, nargs="*", help="how many; by default 1e6")
    parser.add_argument("--one", nargs=3, metavar=("ENGINE", "FILE", "INTO"), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.one:
        engine, path, into = options.one
        _one(engine, Path(path), Path(into))
        return
    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    print(TABLE.format("file", "engine", "s", "CPU s", "MB/s", "MB/CPU s", "1e6 events/s", "peak MB"))
    for events in map(int, options.events or [1e6]):
        size = make_jsonl(folder, events).stat().st_size / 1e6
        for make in (make_jsonl, make_gzip, make_parquet):
            path = make(folder, events)
            for engine in ENGINES:
                print(_row(path, engine, events, size), flush=True)


TABLE = "{:24} {:7} {:>7} {:>7} {:>6} {:>9} {:>13} {:>8}"


def _row(path: Path, engine: str, events: int, size: float) -> str:
    """``size``: MB of the lines, whatever they are packed in."""
    found = measured(engine, path)
    assert found["events"] == events
    seconds, work = found["seconds"], found["work"]
    rates = f"{size / seconds:.0f}", f"{size / work:.0f}", f"{events / seconds / 1e6:.2f}"
    return TABLE.format(path.name, engine, f"{seconds:.2f}", f"{work:.2f}", *rates, found["peak"])


if __name__ == "__main__":
    main()
