"""Parquet files as lines of an export: DuckDB makes a JSON text of every row, read as any other line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from pytest_mixpanel.engine.importing.blocks import Block
from pytest_mixpanel.engine.importing.lines import SECONDS_BELOW

ROWS = 20_000
"""Rows that are in memory as texts at once."""


def parquet_blocks(path: Path, kinds: dict[str, str], tell: Callable[[int, str], None]) -> Iterator[Block]:
    """The rows of a file, of these ``kinds`` of columns, in blocks, a line each.

    ``tell`` hears at which row and why a broken file ends.

    Columns ``event``, ``time`` and ``distinct_id`` are those of an event, the fields of ``properties`` and
    all other columns are its properties. What is null is absent. An instant without a zone is UTC.
    """
    import duckdb

    row = 1
    with duckdb.connect() as database:
        try:
            query, values = lines_query(kinds, "read_parquet(?)")
            database.execute(query, [*values, str(path)])
            while lines := database.fetchmany(ROWS):
                yield Block(row, "".join(f"{line}\n" for (line,) in lines).encode())
                row += len(lines)
        except duckdb.Error as error:
            tell(row, broken(error))


def broken(error: Exception) -> str:
    return f"the file breaks off here: {str(error).splitlines()[0]}"


def column_kinds(path: Path) -> dict[str, str]:
    """What DuckDB calls the types of a file's columns; raises ``duckdb.Error`` where it cannot be read."""
    import duckdb

    with duckdb.connect() as database:
        database.execute("describe select * from read_parquet(?)", [str(path)])
        return {name: kind for name, kind, *_ in database.fetchall()}


def lines_query(kinds: dict[str, str], source: str) -> tuple[str, list[str]]:
    """The query for a source with columns of these types, and the values before those of the source in it."""
    values = {name: told(name, kind) for name, kind in kinds.items() if name not in ("event", "properties")}
    pairs = ", ".join(f"?, {value}" for value in values.values())
    nested, usable = "'{}'", "true"
    if "properties" in kinds:
        nested = "coalesce(to_json(properties), '{}')"
        if kinds["properties"] in ("VARCHAR", "JSON"):
            nested = "coalesce(properties, '{}')"
        usable = f"case when json_valid({nested}) then json_type({nested}) = 'OBJECT' end"
    event = "event" if "event" in kinds else "null"
    # A patch leaves out what is null; properties that are no object leave the row without any.
    merged = f"case when {usable} then json_merge_patch('{{}}', {nested}, json_object({pairs})) end"
    query = f"select json_object('event', {event}, 'properties', {merged})::varchar from {source}"
    return query, [*values]


def told(name: str, kind: str) -> str:
    """The value of a column as an export tells it."""
    column = '"' + name.replace('"', '""') + '"'
    if name == "distinct_id":
        return f"{column}::varchar"
    if kind in ("FLOAT", "DOUBLE"):
        return f"case when isfinite({column}) then {column} end"
    if not kind.startswith("TIMESTAMP") and (name, kind) != ("time", "DATE"):
        return column
    instant = column if kind == "TIMESTAMP WITH TIME ZONE" else f"{column}::timestamp"
    if name == "time":  # what would be taken for seconds is told in seconds
        ms = f"epoch_ms({instant})"
        return f"case when {ms} < {SECONDS_BELOW} then {ms} // 1000 else {ms} end"
    return f"strftime(make_timestamp(epoch_us({instant})), '%Y-%m-%dT%H:%M:%S')"
