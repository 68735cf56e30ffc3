"""Parquet files are projects: a row is read as the line of an export that says the same."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings, strategies as st

from pytest_mixpanel.core.errors import EventDataError
from pytest_mixpanel.engine.discovery.export import export_events
from pytest_mixpanel.engine.importing.open import open_source
from pytest_mixpanel.engine.importing.read import import_files
from pytest_mixpanel.engine.store.columns import Column, NumberColumn
from pytest_mixpanel.engine.store.store import Store

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MOMENT = 1_735_689_600_000  # 2025-01-01T00:00:00Z


def written(path: Path, query: str) -> Path:
    """A file with the rows of a query."""
    with duckdb.connect() as database:
        database.sql(query).write_parquet(str(path))
    return path


def told(store: Store) -> list[dict[str, object]]:
    return list(export_events(store, date(1970, 1, 1), date(2025, 12, 31), NOW))


def test_columns_are_properties_and_what_is_null_is_absent(tmp_path: Path) -> None:
    file = written(
        tmp_path / "events.parquet",
        """select 'Buy' as event, 1735689600 as time, 'u1' as distinct_id, n::double as total, plan,
            [1, 2] as items, {'deep': 'x'} as thing, 'it''s "q"' as "a ""name'", true as paid
        from (values (2.5, 'pro'), (null, null), ('nan'::double, 'free')) rows(n, plan)""",
    )
    store, report = import_files([file])
    always = {"items": [1, 2], "thing": {"deep": "x"}, "a \"name'": 'it\'s "q"', "paid": True}
    always |= {"time": MOMENT, "distinct_id": "u1"}
    assert report.rejected == ()
    assert [event["properties"] for event in told(store)] == [
        always | {"total": 2.5, "plan": "pro"},
        always,
        always | {"plan": "free"},
    ]


@pytest.mark.parametrize(
    ("time", "milliseconds"),
    [
        ("1735689600", MOMENT),
        ("1735689600123", MOMENT + 123),
        ("1735689600.25::double", MOMENT + 250),
        ("timestamp '2025-01-01 00:00:00.123'", MOMENT + 123),
        ("timestamp_ns '2025-01-01 00:00:00.123456789'", MOMENT + 123),
        ("timestamptz '2025-01-01 02:00:00+02'", MOMENT),
        ("date '2025-01-01'", MOMENT),
        ("timestamp '1972-01-01 00:00:00'", 63_072_000_000),
    ],
)
def test_times_are_numbers_or_instants(tmp_path: Path, time: str, milliseconds: int) -> None:
    file = written(tmp_path / "a.parquet", f"select 'A' as event, {time} as time, 7 as distinct_id")
    store, _ = import_files([file])
    assert (store.time.tolist(), list(store.users)) == ([milliseconds], ["7"])


@pytest.mark.parametrize(
    "properties",
    [
        "{'time': 1735689600, 'distinct_id': 'u1', 'plan': 'pro', 'none': null}",
        """'{"time": 1735689600, "distinct_id": "u1", "plan": "pro"}'""",
        """'{"time": 1735689600, "distinct_id": "u1", "plan": "pro"}'::json""",
    ],
)
def test_nested_properties_are_those_of_an_export(tmp_path: Path, properties: str) -> None:
    file = written(tmp_path / "a.parquet", f"select 'A' as event, {properties} as properties")
    store, _ = import_files([file])
    expected = {"time": MOMENT, "distinct_id": "u1", "plan": "pro"}
    assert told(store) == [{"event": "A", "properties": expected}]


def test_rows_that_are_no_events_are_kept_with_their_place_and_reason(tmp_path: Path) -> None:
    file = written(
        tmp_path / "a.parquet",
        """select * from (values
            ('A', 1735689600, 'u1', '{}'), (null, 1735689600, 'u1', '{}'), ('A', null, 'u1', '{}'),
            ('A', 1000, 'u1', '{}'), ('A', 1735689600, 'null', '{}'), ('A', 1735689600, 'u1', '[1]'),
            ('A', 1735689600, 'u1', 'no'), ('B', 1735689600, null, null)
        ) rows(event, time, distinct_id, properties)""",
    )
    opened = open_source(file, tmp_path / "cache")
    assert opened.report.events == 2
    assert [(row.line, row.reason.split(":")[0]) for row in opened.report.rejected] == [
        (2, "no event name"),
        (3, "no time"),
        (4, "time 1000 lies before 1971"),
        (5, "distinct_id 'null' stands for no user"),
        (6, "no properties"),
        (7, "no properties"),
    ]


@pytest.mark.parametrize("kind", ["double", "bigint", "hugeint", "decimal(30, 2)"])
def test_times_in_microseconds_are_told(tmp_path: Path, kind: str) -> None:
    rows = "(values (1735689600), (1735689600000000)) rows(time)"
    file = written(tmp_path / "a.parquet", f"select 'A' as event, time::{kind} as time from {rows}")
    opened = open_source(file, tmp_path / "cache")
    (row,) = opened.report.rejected
    assert (opened.report.events, row.line) == (1, 2)
    assert row.reason.startswith("time 1735689600000000 lies after 9999")


def test_rows_are_numbered_through_all_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_mixpanel.engine.importing.columnar.ROWS", 7)
    file = written(
        tmp_path / "a.parquet",
        """select case when i % 10 > 0 then 'A' end as event, 1735689600 + i as time, 'u' || i as distinct_id
        from range(100) rows(i) order by i""",
    )
    _, report = import_files([file])
    assert [row.line for row in report.rejected] == list(range(1, 100, 10))


def test_a_folder_may_hold_parquet_beside_lines(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    written(folder / "a.parquet", "select 'A' as event, 1735689600 as time, 'u1' as distinct_id")
    line = {"event": "A", "properties": {"time": 1735689600, "distinct_id": "u2"}}
    (folder / "b.jsonl").write_text(json.dumps(line))
    assert open_source(folder, tmp_path / "cache").report.users == 2


def test_a_broken_file_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1 and nothing more")
    with pytest.raises(EventDataError, match=r"a\.parquet:1: the file breaks off here: "):
        open_source(tmp_path / "a.parquet", tmp_path / "cache")


def test_a_table_of_something_else_is_a_clear_error(tmp_path: Path) -> None:
    file = written(tmp_path / "a.parquet", "select i as price from range(5000) rows(i)")
    with pytest.raises(EventDataError, match=r"holds no event; .*a\.parquet:1: no event name"):
        open_source(file, tmp_path / "cache")


texts = st.one_of(st.text(max_size=4), st.sampled_from(["pro", "free", "1", "true", ""]))
columns = {
    "text": texts,
    "whole": st.integers(-(2**62), 2**62),
    "small": st.integers(-3, 3),
    "number": st.floats(allow_nan=False, allow_infinity=False),
    "truth": st.booleans(),
    "list": st.lists(st.integers(0, 3), max_size=2),
    "thing": st.fixed_dictionaries({"a": st.none() | st.integers(0, 2), "b": texts}),
}
rows = st.fixed_dictionaries(
    {
        "event": st.sampled_from(["A", "B", "É", "", None]),
        "time": st.sampled_from([1735689600, 1735689601, 1735689600123, 1000, None]),
        "distinct_id": st.none() | st.sampled_from(["u1", "u2", "undefined", 'quo"te']),
        **{name: st.none() | values for name, values in columns.items()},
    }
)
TYPES = {"event": "string", "time": "int64", "distinct_id": "string", "text": "string", "whole": "int64"}
TYPES |= {"small": "int8", "number": "float64", "truth": "bool"}


@settings(deadline=None, max_examples=60)
@given(st.lists(rows, min_size=1, max_size=12), st.integers(1, 5), st.integers(1, 5), st.booleans())
def test_a_row_is_read_as_the_line_that_says_the_same(
    events: list[dict[str, Any]], group: int, at_once: int, coded: bool
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    nested = {"list": pa.list_(pa.int64()), "thing": pa.struct([("a", pa.int64()), ("b", pa.string())])}
    kinds = {name: pa.type_for_alias(kind) for name, kind in TYPES.items()} | nested
    with TemporaryDirectory() as folder:
        parquet, jsonl = Path(folder) / "a.parquet", Path(folder) / "a.jsonl"
        table = pa.Table.from_pylist(events, pa.schema(list(kinds.items())))
        pq.write_table(table, parquet, row_group_size=group, use_dictionary=coded)
        jsonl.write_text("".join(f"{json.dumps(line_of(event))}\n" for event in events))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("pytest_mixpanel.engine.importing.columnar.ROWS", at_once)
            assert read_from(parquet) == read_from(jsonl)


def line_of(row: dict[str, Any]) -> dict[str, Any]:
    """The line of an export that says the same: what is null is absent, within objects, too."""
    told = {name: value for name, value in row.items() if value is not None and name != "event"}
    if "thing" in told:
        told["thing"] = {name: value for name, value in told["thing"].items() if value is not None}
    return {"event": row["event"], "properties": told}


def read_from(file: Path) -> tuple[object, ...]:
    try:
        store, report = import_files([file])
    except EventDataError as error:
        first = str(error).split("; the first problem: ")[1].partition("; an export has")[0]
        return (first.partition(":")[2],)
    names = set(store.event_names), set(store.users), {*store.columns}
    values = {name: values_of(column) for name, column in store.columns.items()}
    return told(store), names, values, report.events, [(line.line, line.reason) for line in report.rejected]


def values_of(column: Column) -> set[str]:
    """The values that a column has, as it would list them."""
    values = column.numbers.tolist() if isinstance(column, NumberColumn) else column.values
    return {json.dumps(value, sort_keys=True) for value in values}


def test_what_only_a_rejected_row_says_is_not_there(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    plan = pa.DictionaryArray.from_arrays(pa.array([0, 1, 0]), pa.array(["pro", "free", "nobody's"]))
    columns = {"event": ["A", "B", "A"], "time": [1735689600, 1000, 1735689601], "plan": plan}
    columns |= {"distinct_id": ["u1", "u2", "u1"], "only": [None, "x", None]}
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    store, report = import_files([tmp_path / "a.parquet"])
    assert (list(store.event_names), list(store.users)) == (["A"], ["u1"])
    assert {name: values_of(column) for name, column in store.columns.items()} == {"plan": {'"pro"'}}
    assert [row.line for row in report.rejected] == [2]


@pytest.mark.parametrize("column", ["time", "plan", "total"])
def test_the_rows_before_a_broken_one_are_kept(tmp_path: Path, column: str) -> None:
    import pyarrow.parquet as pq

    file = tmp_path / "a.parquet"
    query = """select 'A' as event, 1735689600 + i as time, 'u' || i % 7 as distinct_id, 'p' || i as plan,
        random() as total from range(6000) rows(i) order by i"""
    with duckdb.connect() as database:
        database.execute("set threads = 1")
        database.sql(query).write_parquet(str(file), row_group_size=2048, compression="zstd")
    metadata = pq.read_metadata(file)
    assert metadata.num_row_groups == 3
    place = metadata.schema.names.index(column)
    chunk, data = metadata.row_group(1).column(place), bytearray(file.read_bytes())
    data[chunk.data_page_offset : chunk.data_page_offset + 20] = bytes(20)  # the header of its page
    file.write_bytes(data)
    store, report = import_files([file])
    assert (len(store), len(store.columns["plan"].values)) == (2048, 2048)  # type: ignore[union-attr]  # texts are coded
    ((row, reason),) = [(line.line, line.reason) for line in report.rejected]
    assert row == 2049
    assert reason.startswith("the file breaks off here: ")


def test_files_whose_rows_are_told_as_lines_lie_beside_others(tmp_path: Path) -> None:
    for name, kind in (("a", "ubigint"), ("b", "bigint"), ("c", "decimal(20, 0)"), ("d", "double")):
        query = f"""select 'A' as event, (1735689600 + i)::{kind} as time, 'u1' as distinct_id,
            '{name}' as file, i as number from range(3) rows(i) order by i"""
        written(tmp_path / f"{name}.parquet", query)
    store, _ = import_files(sorted(tmp_path.iterdir()))
    found = [(event["properties"]["file"], event["properties"]["number"]) for event in told(store)]  # type: ignore[index]  # as events have them
    assert sorted(found) == [(name, number) for name in "abcd" for number in range(3)]


@pytest.mark.parametrize(
    ("value", "told_as"),
    [
        ("timestamp '2025-01-02 03:04:05.6'", "2025-01-02T03:04:05"),
        ("timestamptz '2025-01-02 03:04:05+02'", "2025-01-02T01:04:05"),
        ("date '2025-01-02'", "2025-01-02"),
        ("uuid '5f1d7a52-7b9b-4a7e-9d5e-0c6b6e1d2a3b'", "5f1d7a52-7b9b-4a7e-9d5e-0c6b6e1d2a3b"),
        ("1.50::decimal(9, 2)", 1.5),
        ("0.1::float", 0.10000000149011612),  # the double nearest to it
        ("18446744073709551615::ubigint", 18446744073709551615),
        ("[{'a': null, 'b': 1}]", [{"a": None, "b": 1}]),
        ("{'a': {'b': null, 'c': 1}}", {"a": {"c": 1}}),
    ],
)
def test_columns_of_other_types_say_what_a_line_would(tmp_path: Path, value: str, told_as: object) -> None:
    query = f"select 'A' as event, 1735689600 as time, 'u1' as distinct_id, {value} as thing"
    alone, _ = import_files([written(tmp_path / "a.parquet", query)])
    properties = "{'time': time, 'distinct_id': distinct_id, 'thing': thing} as properties"
    as_lines, _ = import_files(
        [written(tmp_path / "b.parquet", f"select event, {properties} from ({query})")]
    )
    (event,) = told(alone)
    assert event["properties"]["thing"] == told_as  # type: ignore[index]  # an event, or the test fails here
    if "timestamp" not in value:  # within an object, DuckDB tells an instant in its own way
        assert told(as_lines) == [event]
