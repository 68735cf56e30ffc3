"""Large columns have files of their own, small ones share one, rare ones are kept by the rows with values."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, strategies as st

from pytest_mixpanel.core.errors import EventDataError
from pytest_mixpanel.engine.discovery.export import export_events
from pytest_mixpanel.engine.importing.open import import_source, open_source
from pytest_mixpanel.engine.store import column_files, segments, written
from pytest_mixpanel.engine.store.columns import (
    UNDEFINED,
    CodedColumn,
    Column,
    NumberColumn,
    ThinColumn,
    rows_of_all,
    some_rows,
)
from pytest_mixpanel.engine.store.disk import MANIFEST
from pytest_mixpanel.engine.store.manifest import FORMAT

PROPERTIES = 10_000
NOW = datetime(2025, 6, 30, tzinfo=UTC)
START = datetime(2025, 3, 1, tzinfo=UTC)


def line(number: int, **properties: Any) -> str:
    moment = round(START.timestamp()) + number
    return json.dumps(
        {
            "event": "Login",
            "properties": {"time": moment, "distinct_id": f"u{number % 7}", "n": number, **properties},
        }
    )


def events(store: Path) -> list[str]:
    told = open_source(store, store).store
    return sorted(
        json.dumps(each, sort_keys=True)
        for each in export_events(told, date(2025, 1, 1), date(2025, 12, 31), NOW)
    )


def test_an_event_with_ten_thousand_properties_makes_few_files(tmp_path: Path) -> None:
    wide = {f"property {number}": f"value {number}" for number in range(PROPERTIES)}
    rows = [line(number) for number in range(300)]
    rows[150] = line(150, **wide)
    (tmp_path / "export.jsonl").write_text("\n".join(rows))
    opened = import_source(tmp_path / "export.jsonl", tmp_path / "store")
    assert sum(path.is_file() for path in (tmp_path / "store").rglob("*")) < 20
    size = sum(path.stat().st_size for path in (tmp_path / "store").rglob("*"))
    assert size < 400 * PROPERTIES, "columns are not as long as all events"
    columns = opened.store.columns
    assert len(columns) == PROPERTIES + 1
    for number in (0, 5_000, PROPERTIES - 1):
        column = columns[f"property {number}"]
        assert isinstance(column, CodedColumn)
        (row,) = np.flatnonzero(column.codes != UNDEFINED).tolist()
        assert column.values[column.codes[row]] == f"value {number}"
        assert opened.store.time[row] == round(START.timestamp()) * 1000 + 150_000


@pytest.mark.parametrize("moved", [False, True])
def test_rare_properties_come_back_as_they_were_told(moved: bool, tmp_path: Path) -> None:
    rows = [
        line(number, **({f"rare {number % 3}": [number]} if number % 200 == 0 else {}))
        for number in range(1_000)
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(rows[:500] if moved else rows))
    import_source(tmp_path / "a.jsonl", tmp_path / "store")
    if moved:  # what is put together with other segments was read from files
        (tmp_path / "b.jsonl").write_text("\n".join(rows[500:]))
        import_source(tmp_path / "b.jsonl", tmp_path / "store")
    told = [json.loads(event) for event in events(tmp_path / "store")]
    wanted = [json.loads(row) for row in rows]

    def properties(records: list[Any]) -> list[Any]:
        kept = [
            {name: value for name, value in each["properties"].items() if name == "n" or "rare" in name}
            for each in records
        ]
        return sorted(kept, key=lambda each: int(each["n"]))

    assert properties(told) == properties(wanted)


def test_a_store_of_the_format_before_is_read_and_added_to(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        "\n".join(line(number, rare=1 if number == 5 else None) for number in range(300))
    )
    store = tmp_path / "store"
    import_source(tmp_path / "a.jsonl", store)
    before = events(store)
    as_format_3(store)
    assert events(store) == before
    (tmp_path / "b.jsonl").write_text(line(1_000))
    import_source(tmp_path / "b.jsonl", store)
    assert len(events(store)) == 301
    assert json.loads((store / MANIFEST).read_text())["format"] == FORMAT


def as_format_3(store: Path) -> None:
    """Give every column of a store files of its own, as they all had."""
    manifest = json.loads((store / MANIFEST).read_text())
    for entry in manifest["segments"]:
        folder = store / entry["folder"]
        told = json.loads((folder / segments.SEGMENT).read_text())
        columns = column_files.stored_columns(folder, told["columns"])
        told["columns"] = column_files.write_columns(
            folder, "column", [*columns], columns.__getitem__, together=False
        )
        assert all("packed" not in each for each in told["columns"])
        (folder / "column-small.npy").unlink()
        (folder / segments.SEGMENT).write_text(json.dumps(told))
    (store / MANIFEST).write_text(json.dumps({**manifest, "format": 3}))


def test_a_store_of_a_format_to_come_is_refused_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(line(1))
    import_source(tmp_path / "a.jsonl", tmp_path / "store")
    manifest = json.loads((tmp_path / "store" / MANIFEST).read_text())
    (tmp_path / "store" / MANIFEST).write_text(json.dumps({**manifest, "format": 99}))
    with pytest.raises(
        EventDataError, match="format 99, which this version does not read; import the events anew"
    ):
        open_source(tmp_path / "store", tmp_path / "cache")


values = st.sampled_from(["a", "é", 1, 1.5, True, None, ["a", 1], {"k": 1}])


@st.composite
def columns(draw: st.DrawFn) -> Column:
    rows = draw(st.integers(0, 300))
    some = (
        draw(st.dictionaries(st.integers(0, max(rows - 1, 0)), st.integers(0, 3), max_size=5)) if rows else {}
    )
    if draw(st.booleans()):
        numbers = np.full(rows, np.nan)
        numbers[list(some)] = [value / 4 for value in some.values()]
        return NumberColumn(numbers)
    codes = np.full(rows, draw(st.sampled_from([UNDEFINED, 0])), np.int8)
    codes[list(some)] = list(some.values())
    return CodedColumn(codes, tuple(draw(st.lists(values, min_size=4, max_size=4))))


@given(st.dictionaries(st.text(), columns(), max_size=4), st.booleans(), st.integers(0, 200))
def test_columns_are_read_as_they_were_written(made: dict[str, Column], together: bool, small: int) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(column_files, "SMALL", small)
        listed = column_files.write_columns(Path(folder), "c", [*made], made.__getitem__, together)
        found = column_files.stored_columns(Path(folder), json.loads(json.dumps(listed)))
        assert list(found) == list(made)
        for name, column in made.items():
            assert told(found[name]) == told(column)


@given(columns(), st.booleans(), st.data())
def test_some_rows_of_a_stored_column_are_those_of_the_whole(
    column: Column, together: bool, data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        listed = column_files.write_columns(Path(folder), "c", ["x"], {"x": column}.__getitem__, together)
        found = column_files.stored_columns(Path(folder), listed)
        whole = told(column)
        first, end = sorted(data.draw(st.tuples(*[st.integers(0, len(whole))] * 2)))
        assert told(some_rows(found, "x", slice(first, end))) == whole[first:end]
        part = rows_of_all(found, slice(first, end))
        assert told(some_rows(part, "x", np.arange(end - first)[::2])) == whole[first:end:2]


def told(column: Column) -> list[str]:
    if isinstance(column, NumberColumn):
        return [repr(number) for number in column.numbers.tolist()]
    return [repr(column.values[code]) if code >= 0 else "" for code in column.codes.tolist()]


@given(columns(), st.randoms())
def test_a_thin_column_in_another_order_is_the_column_in_that_order(column: Column, random: Any) -> None:
    thin = column_files.thinned(column)
    if isinstance(thin, ThinColumn):
        place = list(range(thin.rows))
        random.shuffle(place)
        moved = thin.placed(np.array(place, np.int64))
        assert moved.at.tolist() == sorted(moved.at.tolist())
        before, after = told(column), told(moved.laid_out())
        assert [after[at] for at in place] == before


@given(columns(), st.randoms(), st.integers(1, 50), st.integers(0, 200))
def test_columns_are_written_in_an_order_however_many_rows_at_once(
    column: Column, random: Any, at_once: int, small: int
) -> None:
    order = list(range(len(told(column))))
    random.shuffle(order)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(column_files, "SMALL", small)
        patch.setattr(written, "ROWS", at_once)
        places = np.array(order, np.int32)
        listed = column_files.write_columns(Path(folder), "c", ["x"], {"x": column}.__getitem__, order=places)
        found = column_files.stored_columns(Path(folder), listed)["x"]
        assert told(found) == [told(column)[at] for at in order]
