"""Exported events are read whole; what is no event is kept with its reason."""

from __future__ import annotations

import dataclasses
import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from pytest_mixpanel.core.errors import EventDataError, ProjectNotFoundError
from pytest_mixpanel.engine.discovery.export import export_events
from pytest_mixpanel.engine.importing.lines import Event, Rejected, read_line, read_record
from pytest_mixpanel.engine.importing.open import open_source
from pytest_mixpanel.engine.importing.read import import_files, store_of_events
from pytest_mixpanel.engine.store import disk
from tests.engine.events import event, project

GOOD = '{"event":"Login","properties":{"time":1735689600,"distinct_id":"u1"}}'


def test_seconds_and_milliseconds_are_told_apart() -> None:
    seconds, milliseconds = read_line(GOOD), read_line(GOOD.replace("1735689600", "1735689600123"))
    assert isinstance(seconds, Event)
    assert isinstance(milliseconds, Event)
    assert (seconds.time, milliseconds.time) == (1735689600000, 1735689600123)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"event":"Login","properties":{"time":17356', "not JSON"),
        ('{"event":"Login",', "not JSON: Expecting property name enclosed in double quotes at column 18"),
        ("[1, 2]", "a list, not an object"),
        ("null", "null, not an object"),
        ('"Login"', "a text, not an object"),
        ('{"properties":{"time":1735689600}}', "no event name"),
        ('{"event":"Login"}', "no properties"),
        ('{"event":"Login","properties":{"distinct_id":"u"}}', "'time' is missing"),
        ('{"event":"Login","properties":{"time":"yesterday"}}', "no time"),
        ('{"event":"Login","properties":{"time":NaN}}', "not JSON: NaN is no number there"),
        ('{"event":"Login","properties":{"time":1000}}', "before 1971"),
        ('{"event":"Login","properties":{"time":1735689600000000}}', "time 1735689600000000 lies after 9999"),
        ('{"event":"Login","properties":{"time":99999999999999999999}}', "lies after 9999"),
        ('{"event":"Login","properties":{"time":1735689600,"distinct_id":"null"}}', "stands for no user"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_line_that_is_no_event_says_why(line: str, reason: str) -> None:
    told = read_line(line)
    assert isinstance(told, Rejected)
    assert reason in told.reason


def test_bad_lines_are_kept_with_their_place_and_the_rest_is_loaded(tmp_path: Path) -> None:
    file = tmp_path / "export.jsonl"
    file.write_text(f"{GOOD}\nnonsense\n\n{GOOD}\n" + GOOD[:30])
    opened = open_source(file, tmp_path / "cache")
    assert opened.report.events == 2
    assert [(line.line, line.reason[:8]) for line in opened.report.rejected] == [
        (2, "not JSON"),
        (5, "not JSON"),
    ]
    assert opened.rejected_file is not None
    kept = [json.loads(line) for line in opened.rejected_file.read_text().splitlines()]
    assert [entry["line"] for entry in kept] == [2, 5]
    assert "2 lines rejected (first: " in opened.report.summary()


def test_gzip_is_known_by_its_content_and_a_truncated_one_is_reported(tmp_path: Path) -> None:
    whole = gzip.compress("\n".join([GOOD] * 2000).encode())
    (tmp_path / "a.dat").write_bytes(whole)
    _, report = import_files([tmp_path / "a.dat"])
    assert (report.events, report.rejected) == (2000, ())
    (tmp_path / "b.jsonl.gz").write_bytes(whole[:-20])
    _, report = import_files([tmp_path / "b.jsonl.gz"])
    assert 0 < report.events <= 2000
    assert "breaks off" in report.rejected[-1].reason


@pytest.mark.parametrize("content", [b"", b"\n\n"])
def test_an_empty_file_is_a_clear_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "empty.jsonl").write_bytes(content)
    with pytest.raises(EventDataError, match=r"empty\.jsonl is empty"):
        open_source(tmp_path / "empty.jsonl", tmp_path / "cache")


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", bytes(range(256)) * 40, b'{"a": 1}\n' * 5000])
def test_a_file_that_is_no_export_is_a_clear_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other.csv").write_bytes(content)
    with pytest.raises(EventDataError, match=r"holds no event; the first problem: .*other\.csv:1: "):
        open_source(tmp_path / "other.csv", tmp_path / "cache")


def test_a_path_that_does_not_exist_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ProjectNotFoundError, match="no file or folder"):
        open_source(tmp_path / "nothing.jsonl", tmp_path / "cache")


def test_a_folder_of_exports_is_one_project(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "2025-01-01.jsonl").write_text(GOOD)
    (folder / "2025-01-02.jsonl.gz").write_bytes(gzip.compress(GOOD.replace("u1", "u2").encode()))
    (folder / "README.md").write_text("about this export")
    assert open_source(folder, tmp_path / "cache").report.users == 2


def test_a_second_opening_maps_the_store_and_a_changed_file_is_read_again(tmp_path: Path) -> None:
    file, cache = tmp_path / "export.jsonl", tmp_path / "cache"
    file.write_text(GOOD)
    open_source(file, cache)
    (stored,) = cache.iterdir()
    marker = stored.stat().st_ino
    open_source(file, cache)
    assert stored.stat().st_ino == marker
    file.write_text(f"{GOOD}\n{GOOD}")
    assert open_source(file, cache).report.events == 2


def test_a_crashed_import_leaves_no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, cache = tmp_path / "export.jsonl", tmp_path / "cache"
    file.write_text(GOOD)
    monkeypatch.setattr(
        "pytest_mixpanel.engine.store.disk.sync", lambda _: (_ for _ in ()).throw(OSError("full"))
    )
    with pytest.raises(EventDataError, match=r"could not be written to .*: full"):
        open_source(file, cache)
    assert list(cache.iterdir()) == []
    monkeypatch.undo()
    assert open_source(file, cache).report.events == 1


def test_of_two_processes_that_import_at_once_one_reads_and_the_other_waits(tmp_path: Path) -> None:
    file, cache = tmp_path / "export.jsonl", tmp_path / "cache"
    file.write_text(f"{GOOD}\nnonsense\n")
    program = (
        "import sys; from pathlib import Path\n"
        "from pytest_mixpanel.engine.importing.open import open_source\n"
        "print(open_source(Path(sys.argv[1]), Path(sys.argv[2])).change is not None)"
    )
    command = [sys.executable, "-c", program, str(file), str(cache)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert sorted(process.communicate()[0].strip() for process in running) == ["False", "False", "True"]
    (stored,) = cache.iterdir()
    assert len([entry for entry in stored.iterdir() if entry.name.startswith("segment-")]) == 1


def test_a_store_of_the_same_source_is_left_to_those_who_read_it(tmp_path: Path) -> None:
    store = project([event("Login", "u1", "2026-08-01")])
    path = tmp_path / "store"
    disk.write(dataclasses.replace(store, fingerprint="a"), path)
    inode = path.stat().st_ino
    disk.write(dataclasses.replace(store, fingerprint="a"), path)
    assert path.stat().st_ino == inode
    disk.write(dataclasses.replace(store, fingerprint="b"), path)
    assert path.stat().st_ino != inode
    assert [entry.name for entry in tmp_path.iterdir()] == ["store"]


def test_a_repeated_delivery_counts_once_and_the_last_one_stays() -> None:
    """E-23: equal name, user, time and insert id; E-26: events without an insert id are always distinct."""
    store = project(
        [
            event("Login", "u", "2025-01-01", **{"$insert_id": "a", "v": 1}),
            event("Login", "u", "2025-01-01", **{"$insert_id": "a", "v": 2}),
            event("Login", "u", "2025-01-01", **{"$insert_id": "b"}),
            event("Login", "u", "2025-01-01"),
            event("Login", "u", "2025-01-01"),
        ]
    )
    assert len(store) == 4
    column = store.columns["v"]
    assert sorted(column.codes.tolist()) == [-1, -1, -1, 1]  # type: ignore[union-attr]  # two values are coded


def test_an_event_without_a_user_counts_and_belongs_to_nobody() -> None:
    store = project([event("Login", "", "2025-01-01"), event("Login", "u", "2025-01-02")])
    assert (len(store), store.n_users) == (2, 1)
    assert store.user_of_event().tolist() == [0, -1]


def test_a_profile_without_events_is_a_user() -> None:
    store = store_of_events(
        [event("Login", "u", "2025-01-01")], profiles=[{"$distinct_id": "v", "plan": "free"}]
    )
    assert store.users == ("u", "v")
    assert store.offsets.tolist() == [0, 1, 1]


values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=5),
    st.lists(st.integers(0, 3), max_size=3),
    st.dictionaries(st.text(max_size=2), st.booleans(), max_size=2),
)
records = st.builds(
    lambda name, user, day, properties: event(name, f"u{user}", f"2025-01-{day:02d}", **properties),
    st.sampled_from("ABC"),
    st.integers(1, 3),
    st.integers(1, 28),
    st.dictionaries(st.sampled_from(["x", "y", "päth", ""]), values, max_size=3),
)


def canonical(rows: list[dict[str, Any]]) -> list[str]:
    """Comparable text; 1 and 1.0 are one number in JSON."""
    return sorted(json.dumps(_numbers_alike(row), sort_keys=True) for row in rows)


def _numbers_alike(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _numbers_alike(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_numbers_alike(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


@given(st.lists(records, min_size=1, max_size=12))
def test_what_is_read_is_what_is_exported(rows: list[dict[str, Any]]) -> None:
    from datetime import UTC, date, datetime

    out = export_events(project(rows), date(2025, 1, 1), date(2025, 1, 31), datetime(2026, 1, 1, tzinfo=UTC))
    assert canonical(list(out)) == canonical(rows)


@given(st.lists(records, min_size=1, max_size=12), st.randoms())
def test_the_order_of_lines_does_not_matter(rows: list[dict[str, Any]], random: Any) -> None:
    shuffled = rows.copy()
    random.shuffle(shuffled)
    one, other = project(rows), project(shuffled)
    for name in one.event_names:
        a, b = one.event == one.event_code(name), other.event == other.event_code(name)
        assert np.array_equal(np.sort(one.time[a]), np.sort(other.time[b]))


def test_a_record_that_is_no_event_stops_a_store_of_records() -> None:
    assert isinstance(read_record({"event": 3}), Rejected)
    with pytest.raises(EventDataError, match="event 0: no event name"):
        store_of_events([{"event": 3}])
