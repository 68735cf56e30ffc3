"""What is added to a store leaves the rest of it alone: files, readers, and what is there already."""

from __future__ import annotations

import gc
import json
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st

from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.engine.importing import growth, open as opening_module, settling
from pytest_mixpanel.engine.importing.open import READER, Change, import_source, import_stream, open_source
from pytest_mixpanel.engine.kernels.merging import merge_runs
from pytest_mixpanel.engine.store import disk
from pytest_mixpanel.engine.store.columns import UNDEFINED, CodedColumn, Column, NumberColumn
from pytest_mixpanel.engine.store.manifest import read_manifest
from pytest_mixpanel.engine.store.opening import open_segments
from pytest_mixpanel.engine.store.segments import Segment
from pytest_mixpanel.engine.store.texts import Dictionary
from pytest_mixpanel.engine.store.unify import entries_of, unified

DAY = 86_400


def write_day(folder: Path, day: int, events: int = 40, **more: object) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / f"day-{day:02d}.jsonl"
    lines = [
        {
            "event": "Login",
            "properties": {
                "time": 1_735_689_600 + day * DAY + n,
                "distinct_id": f"user {n % 7}",
                "n": n,
                "$insert_id": f"{day}-{n}",
                **more,
            },
        }
        for n in range(events)
    ]
    file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return file


@pytest.fixture
def export(tmp_path: Path) -> Path:
    for day in range(5):
        write_day(tmp_path / "export", day)
    return tmp_path / "export"


def contents(store: Path) -> dict[str, tuple[bytes, int]]:
    """Of every file in the segments the bytes and the time of change."""
    return {
        str(file.relative_to(store)): (file.read_bytes(), file.stat().st_mtime_ns)
        for file in sorted(store.glob("segment-*/*"))
    }


def segments(store: Path) -> int:
    manifest = read_manifest(store)
    assert manifest is not None
    return len(manifest.segments)


def test_a_new_day_leaves_every_byte_of_the_old_ones(export: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    assert import_source(export, store).change == Change(new=5, changed=0, gone=0, kept=0)
    before = contents(store)
    write_day(export, 5)
    opened = import_source(export, store)
    assert opened.change is not None
    assert opened.change.summary() == "1 new file, 5 already there"
    assert (opened.report.events, segments(store)) == (240, 2)
    after = contents(store)
    assert before == {name: after[name] for name in before}
    assert len(after) > len(before)


def test_nothing_new_writes_nothing(export: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    import_source(export, store)
    before = {file: file.stat().st_mtime_ns for file in store.rglob("*")}
    opened = import_source(export, store)
    assert opened.change is not None
    assert opened.change.summary() == "no new file, 5 already there"
    assert {file: file.stat().st_mtime_ns for file in store.rglob("*")} == before


def test_files_one_by_one_are_a_folder(export: Path, tmp_path: Path) -> None:
    for file in sorted(export.iterdir()):
        import_source(file, tmp_path / "store")
    opened = import_source(export, tmp_path / "store")
    assert opened.change == Change(new=0, changed=0, gone=0, kept=5)
    assert opened.report.events == 200


def test_a_changed_day_counts_once_and_a_removed_one_not_at_all(export: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    open_source(export, cache)
    write_day(export, 4, events=90)
    write_day(export, 5)
    opened = open_source(export, cache)
    assert opened.change == Change(new=1, changed=1, gone=0, kept=4)
    assert opened.report.events == 4 * 40 + 90 + 40
    (export / "day-00.jsonl").unlink()
    assert open_source(export, cache).report.events == 3 * 40 + 90 + 40


def test_a_moved_export_is_known_by_its_names(export: Path, tmp_path: Path) -> None:
    import_source(export, tmp_path / "store")
    export.rename(tmp_path / "elsewhere")
    write_day(tmp_path / "elsewhere", 4, events=41)
    opened = import_source(tmp_path / "elsewhere", tmp_path / "store")
    assert opened.change == Change(new=0, changed=1, gone=0, kept=4)
    assert opened.report.events == 201


def test_a_touched_file_is_not_read_again(export: Path, tmp_path: Path) -> None:
    import_source(export, tmp_path / "store")
    before = contents(tmp_path / "store")
    (export / "day-00.jsonl").touch()
    assert import_source(export, tmp_path / "store").report.events == 200
    assert contents(tmp_path / "store") == before


def test_events_delivered_again_on_another_day_count_once(export: Path, tmp_path: Path) -> None:
    """E-23: the last delivery stays, with its properties."""
    opened = open_source(export, tmp_path / "cache")
    again = (export / "day-04.jsonl").read_text().splitlines()[:3]
    (export / "day-05.jsonl").write_text("\n".join(line.replace('"n"', '"late"') for line in again) + "\n")
    opened = open_source(export, tmp_path / "cache")
    assert (opened.report.events, opened.report.repeated) == (200, 3)
    late = opened.store.columns["late"]
    assert isinstance(late, CodedColumn)
    assert np.sum(late.codes >= 0) == 3


def test_who_reads_the_old_store_goes_on_reading_it(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = tmp_path / "store"
    reading = import_source(export, store).store
    monkeypatch.setattr(growth, "MOST_SEGMENTS", 1)
    for day in range(5, 9):
        write_day(export, day)
        import_source(export, store)
    numbers = reading.columns["n"]  # its file is opened now
    assert isinstance(numbers, CodedColumn)
    assert len(numbers.codes) == len(reading) == 200
    assert list(reading.users) == [f"user {n}" for n in range(7)]
    del reading, numbers
    gc.collect()
    write_day(export, 9)
    import_source(export, store)
    listed = read_manifest(store)
    assert listed is not None
    assert {folder.name for folder in store.glob("segment-*")} == {each.folder for each in listed.segments}


def test_many_small_segments_are_put_together(export: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    write_day(export, 0, events=2_000)
    import_source(export, store)
    for day in range(5, 18):
        write_day(export, day)
        import_source(export, store)
        assert segments(store) <= growth.MOST_SEGMENTS
    assert import_source(export, store).report.events == 2_000 + 17 * 40


@pytest.mark.parametrize(
    ("sizes", "new", "chosen"),
    [
        ({}, 5, set()),
        ({"a": 100}, 5, set()),
        ({"a": 100}, 101, {"a"}),
        ({"a": 100, "b": 60}, 41, {"a", "b"}),
        ({"a": 900, **{f"s{n}": 5 for n in range(7)}}, 5, {f"s{n}" for n in range(7)}),
        ({"a": growth.MOST_ROWS}, growth.MOST_ROWS + 1, set()),
    ],
)
def test_segments_are_put_together_as_they_outgrow_the_large_one(
    sizes: dict[str, int], new: int, chosen: set[str]
) -> None:
    assert growth.outgrown(sizes, new) == chosen


def test_a_store_without_segments_is_a_store_still(export: Path, tmp_path: Path) -> None:
    """What was imported before stores had segments is read, and not replaced by what is to be added."""
    store = tmp_path / "store"
    opened = import_source(export, tmp_path / "other")
    facts = {"report": opened.report.to_json()}
    disk.write(opened.store, store, facts)
    assert open_segments(store) is None
    assert open_source(store, tmp_path / "cache").report.events == 200
    with pytest.raises(ConfigError, match="older version, to which nothing is added; name a new folder"):
        import_source(export, store)
    assert open_source(store, tmp_path / "cache").report.events == 200


def test_a_store_of_another_reader_is_made_anew_of_all_its_files_and_never_of_some(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, *others = sorted(export.iterdir())
    store = tmp_path / "store"
    import_source(first, store)
    import_source(second, store)
    monkeypatch.setattr(opening_module, "READER", READER + 1)
    with pytest.raises(ConfigError, match=f"it holds events of {re.escape(str(first))} as well"):
        import_source(second, store)
    with others[0].open("rb") as stream, pytest.raises(ConfigError, match="give all of its files together"):
        import_stream(stream, store)
    assert open_source(store, tmp_path / "cache").report.events == 80
    for other in others:
        other.unlink()
    assert import_source(export, store).report.events == 80
    manifest = read_manifest(store)
    assert manifest is not None
    assert manifest.facts["reader"] == READER + 1


def test_the_pipe_of_another_reader_is_replaced_as_any_pipe_is(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for reader in (READER, READER + 1):
        monkeypatch.setattr(opening_module, "READER", reader)
        with min(export.iterdir()).open("rb") as stream:
            assert import_stream(stream, tmp_path / "store").report.events == 40


runs = st.lists(st.lists(st.integers(0, 6), min_size=1, max_size=5).map(sorted), max_size=6)


@given(st.lists(runs, max_size=4), st.booleans())
def test_runs_of_users_are_merged_by_time(users: list[list[list[int]]], tied: bool) -> None:
    owner, start, end, time = [], [], [], []
    for user, own in enumerate(users):
        for run in own:
            owner.append(user)
            start.append(len(time))
            time += run
            end.append(len(time))
    tie = [-place for place in range(len(time))] if tied else []
    order = np.full(len(time), -1, np.int64)
    arrays = [np.array(each, np.int64) for each in (owner, start, end, time, tie)]
    if tied:  # within a run ties ascend with places, as numbers under which events came in do
        arrays[4] = np.array([(place * 7) % 5 * 100 + place for place in range(len(time))], np.int64)
        for low, high in zip(start, end, strict=True):
            arrays[4][low:high].sort()
    merge_runs(*arrays, np.empty(len(owner), np.int64), order)
    whose = np.repeat(np.array(owner, np.int64), np.array(end, np.int64) - np.array(start, np.int64))
    rank = arrays[4] if tied else np.arange(len(time))
    assert order.tolist() == np.lexsort((rank, arrays[3], whose)).tolist()


VALUES = st.sampled_from(["a", "b", 1, 1.5, True, False, None, ["a", 1], {"k": 1}])


@given(st.lists(st.lists(st.one_of(st.just(UNDEFINED), VALUES), max_size=6), min_size=1, max_size=4))
def test_columns_that_were_coded_apart_say_the_same_together(columns: list[list[object]]) -> None:
    made = []
    for rows in columns:
        texts = [json.dumps(value) if value != UNDEFINED else "" for value in rows]
        known = list(dict.fromkeys(text for text in texts if text))
        codes = np.array([known.index(text) if text else UNDEFINED for text in texts], np.int8)
        made.append(CodedColumn(codes, tuple(map(json.loads, known))))
    common = unified(made)
    whole = common.column(
        np.concatenate([common.piece(at, entries_of(each), len(each.codes)) for at, each in enumerate(made)])
    )
    assert isinstance(whole, CodedColumn)
    told = [UNDEFINED if code < 0 else whole.values[code] for code in whole.codes.tolist()]
    assert list(map(repr, told)) == [repr(value) for rows in columns for value in rows]


def test_columns_of_numbers_alone_have_no_text_in_common() -> None:
    none = Dictionary()
    assert none.lossless()
    assert none.numbers().tolist() == []
    assert unified([NumberColumn(np.array([0.5]))] * 2).values is None


def test_numbers_join_numbers_and_other_values_join_as_values() -> None:
    numbers = NumberColumn(np.array([0.5, np.nan, 2.0]))
    few = CodedColumn(np.array([1, -1, 0], np.int8), (3, 4))
    both = unified([numbers, few, None])
    pieces = [both.piece(0, numbers.numbers, 3), both.piece(1, few.codes, 3), both.piece(2, None, 1)]
    assert str(np.concatenate(pieces).tolist()) == "[0.5, nan, 2.0, 4.0, nan, 3.0, nan]"
    texts = CodedColumn(np.array([0, -1], np.int8), ("x",))
    mixed = unified([numbers, texts])
    column = mixed.column(
        np.concatenate([mixed.piece(0, numbers.numbers, 3), mixed.piece(1, texts.codes, 2)])
    )
    assert isinstance(column, CodedColumn)
    told = [None if code < 0 else column.values[code] for code in column.codes.tolist()]
    assert told == [0.5, None, 2, "x", None]


def test_former_segments_go_with_their_last_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export, store = tmp_path / "export", tmp_path / "store"
    monkeypatch.setattr(settling, "outgrown", lambda sizes, new: set())
    gc.disable()  # a reader goes when nothing names it, not when cycles are looked for
    try:
        for day in range(3):
            write_day(export, day)
            import_source(export, store)
        assert segments(store) > 1
        monkeypatch.setattr(settling, "outgrown", lambda sizes, new: set(sizes))
        write_day(export, 3)
        import_source(export, store)
        assert len([*store.glob("segment-*")]) == segments(store) == 1
    finally:
        gc.enable()


@pytest.mark.parametrize("settings", [{}, {"merged_events": {"Logon": "Login"}}, {"dedupe_by_day": True}])
@pytest.mark.parametrize("identity", ["legacy", "simplified", "original"])
def test_what_is_put_together_user_by_user_lies_as_if_it_had_come_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, identity: str, settings: dict[str, object]
) -> None:
    monkeypatch.setattr("pytest_mixpanel.engine.importing.streams.PART_EVENTS", 4)
    export = tmp_path / "export"
    for day in (0, 2, 1, 0):  # of the last file every event has come before
        name = f"{len([*export.glob('*')])}.jsonl" if export.exists() else "0.jsonl"
        more = {"event": "Logon"} if day == 1 else {}
        write_day(export, day, events=9, **more).rename(export / name)
        with (export / name).open("a") as file:
            nobody = {"time": 1_735_689_600 + day, "plan": name, "$insert_id": name}
            file.write(json.dumps({"event": "Logon", "properties": nobody}) + "\n")
            for event in joining(day):
                file.write(json.dumps(event) + "\n")
        (export / "project.json").write_text(json.dumps({"identity": identity, **settings}))
        import_source(export, tmp_path / "bit by bit")
    import_source(export, tmp_path / "at once")
    assert segments(tmp_path / "bit by bit") > 1
    with monkeypatch.context() as patch:
        patch.setattr(settling, "outgrown", lambda sizes, new: set(sizes))
        write_day(export, 5, events=9).rename(export / "4.jsonl")
        import_source(export, tmp_path / "bit by bit")
    import_source(export, tmp_path / "whole")
    one, other = (next((tmp_path / name).glob("segment-*")) for name in ("bit by bit", "whole"))
    assert {file.name for file in one.glob("*")} == {file.name for file in other.glob("*")}
    for name in ("offsets", "time", "event", "order", "repeats", "spare-owner"):
        np.testing.assert_array_equal(np.load(one / f"{name}.npy"), np.load(other / f"{name}.npy"), name)
    merged, whole = (Segment(folder) for folder in (one, other))
    assert merged.users == whole.users
    assert links(merged) == links(whole)
    assert atoms(merged) == atoms(whole)
    assert told_ids(merged) == told_ids(whole)
    assert set(merged.columns) == set(whole.columns)
    for name in whole.columns:
        assert values(merged.columns[name]) == values(whole.columns[name])


def test_links_of_the_format_before_join_what_is_added(tmp_path: Path) -> None:
    export, store = tmp_path / "export", tmp_path / "store"
    export.mkdir()
    (export / "project.json").write_text(json.dumps({"identity": "simplified"}))
    rows = [json.dumps(event) for event in joining(1)]
    (export / "0.jsonl").write_text("\n".join(rows))
    import_source(export, store)
    (file,) = store.glob("segment-*/links.json")
    told = json.loads(file.read_text())
    assert told["one"]
    file.write_text(json.dumps([*zip(*told.values(), strict=True)]))
    manifest = json.loads((store / disk.MANIFEST).read_text())
    (store / disk.MANIFEST).write_text(json.dumps({**manifest, "format": 4}))
    (export / "1.jsonl").write_text(rows[0])
    users = [*import_source(export, store).store.users]
    assert sorted(users) == sorted(import_source(export, tmp_path / "at once").store.users)
    assert not [name for name in users if name.startswith("$device:00000001")]


def joining(day: int) -> list[dict[str, object]]:
    """Events of a day that say who is who: of users of other days, and one late and contradicting."""
    device, at = f"0000000{day}-1111-4111-8111-111111111111", 1_735_689_600 + day * DAY + 50
    rows = [
        ("Login", {"distinct_id": device, "$device_id": device, "$insert_id": f"a{day}"}),
        ("Login", {"distinct_id": "user 1", "$device_id": "shared", "$user_id": f"user {day}"}),
        ("Login", {"distinct_id": "user 2", "$device_id": device, "$user_id": "user 2"}),
        ("$identify", {"distinct_id": "user 3", "$anon_id": device, "$identified_id": "user 3"}),
        ("$merge", {"distinct_id": "x", "$distinct_ids": [f"user {day + 3}", f"user {day + 4}"]}),
    ]
    return [
        {"event": event, "properties": {"time": at - 9 * number * day, **properties}}
        for number, (event, properties) in enumerate(rows)
    ]


def links(segment: Segment) -> list[tuple[object, ...]]:
    return sorted(zip(*segment.links().values(), strict=True))


def told_ids(segment: Segment) -> list[str]:
    """The distinct id that each event came with."""
    codes, names = segment.ids
    return [names[code] for code in codes.tolist()]


def atoms(segment: Segment) -> set[tuple[str, bool, str]]:
    """The name of every atom, whether it moves, and whose it is."""
    names, user, moves = segment.atoms()
    whose = [segment.users[at] for at in user.tolist()]
    return set(zip(names, np.asarray(moves).tolist(), whose, strict=True))


def values(column: Column) -> list[object]:
    """The value of every row."""
    if isinstance(column, NumberColumn):
        return [*column.numbers]
    return [None if code == UNDEFINED else column.values[code] for code in column.codes.tolist()]
