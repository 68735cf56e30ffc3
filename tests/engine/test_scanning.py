"""What the scanner reads in blocks is what the reader of single lines reads, and what it cannot it leaves."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from pytest_mixpanel.engine.importing import blocks, files
from pytest_mixpanel.engine.importing.blocks import Block, scan
from pytest_mixpanel.engine.importing.lines import Event, read_line
from pytest_mixpanel.engine.importing.read import import_files
from pytest_mixpanel.engine.importing.table import EventTable
from pytest_mixpanel.engine.kernels import lines
from pytest_mixpanel.engine.kernels.lines import OTHER, SCANNED
from pytest_mixpanel.engine.store.columns import CodedColumn
from tests.engine.test_path_kernel import interpreted

GOOD = '{"event": "Login", "properties": {"time": 1735689600, "distinct_id": "u1", "plan": "free", "n": 1.5}}'

names = st.sampled_from(["a", "b", "time", "distinct_id", "päth", 'quo"te', "back\\slash", ""])
flat = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=4),
    st.sampled_from(["undefined", "u1", "u2"]),
)
values = (
    flat | st.lists(st.integers(0, 3), max_size=2) | st.dictionaries(st.text(max_size=2), flat, max_size=2)
)
times = st.sampled_from([1735689600, 1735689600123, 1000, -5, 1.5e9, "soon", None, 0])
records = st.fixed_dictionaries(
    {
        "event": st.sampled_from(["A", "B", "", 3, "É"]),
        "properties": st.dictionaries(names, values, max_size=4),
    }
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A line as exports have it, in other spacing, cut, or with something put in."""
    record = draw(records)
    if draw(st.integers(0, 9)):
        record["properties"] = {"time": draw(times), "distinct_id": "u1", **record["properties"]}
    spacing = draw(st.sampled_from([(", ", ": "), (",", ":"), (" , ", " : ")]))
    line = json.dumps(record, separators=spacing, ensure_ascii=draw(st.booleans()))
    if not draw(st.integers(0, 5)):
        at = draw(st.integers(0, len(line)))
        line = (
            line[:at]
            + draw(st.sampled_from(["", "x", "}", '"', "\r", " ", "0", ".", "-", "\t"]))
            + line[at + 1 :]
        )
    return line


def read_singly(rows: list[str]) -> list[dict[str, Any]]:
    told = [read_line(row) for row in rows if row.strip()]
    return [
        {"event": event.name, "time": event.time, "user": event.distinct_id, **event.properties}
        for event in told
        if isinstance(event, Event)
    ]


def read_at_once(rows: list[str]) -> list[dict[str, Any]]:
    table = EventTable()

    def read_other(_: int, line: bytes) -> Event | None:
        found = read_line(line.decode())
        return found if isinstance(found, Event) else None

    table.add_block(scan(Block(1, "\n".join(rows).encode())), read_other)
    events, users = list(table.events), list(table.users)
    found: list[dict[str, Any]] = [
        {"event": events[event], "time": time, "user": users[user]}
        for event, time, user in zip(table.event, table.time, table.user, strict=True)
    ]
    for name, builder in table.columns.items():
        column = builder.finish(len(table))
        assert isinstance(column, CodedColumn)
        for row, code in zip(found, column.codes.tolist(), strict=True):
            if code >= 0:
                row[name] = column.values[code]
    return found


@settings(max_examples=300, deadline=None)
@given(st.lists(texts(), max_size=6))
def test_a_block_holds_what_its_lines_hold(rows: list[str]) -> None:
    assert read_at_once(rows) == read_singly(rows)


def test_usual_lines_are_scanned_and_unusual_ones_left() -> None:
    rows = [
        GOOD,
        GOOD.replace("1.5", "[1]"),
        GOOD.replace("free", "fr\\u0065e"),
        GOOD[:40],
        "",
        GOOD.replace("1735689600", "5"),
    ]
    arrays = scanned_by(lines, "\n".join(rows).encode())
    assert arrays["status"].tolist() == [SCANNED, OTHER, OTHER, OTHER, 0, OTHER]


def scanned_by(kernel: Any, data: bytes) -> dict[str, np.ndarray[Any, Any]]:
    n = data.count(b"\n") + 1
    room = 2 * data.count(b":") + 2
    arrays: dict[str, Any] = {"status": np.zeros(n, np.uint8)}
    arrays |= {name: np.zeros(n, np.int64) for name in ("starts", "time")}
    arrays |= {name: np.zeros(n, np.int32) for name in ("event", "user")}
    arrays |= {name: np.zeros(room, np.int32) for name in ("pair_line", "pair_entry", "of", "at", "size")}
    arrays |= {
        "hash": np.zeros(room, np.uint64),
        "slots": np.full(1 << (2 * room).bit_length(), -1, np.int32),
    }
    arrays["totals"] = np.zeros(3, np.int64)
    kernel.scan_lines(data, len(data), 31_536_000, *arrays.values())
    count, pairs, entries = arrays["totals"].tolist()
    sizes = {"pair_line": pairs, "pair_entry": pairs, "of": entries, "at": entries, "size": entries}
    return {
        name: array[: sizes.get(name, count)]
        for name, array in arrays.items()
        if name not in ("hash", "slots")
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(texts(), max_size=4))
def test_interpreted_and_compiled_scan_alike(rows: list[str]) -> None:
    data = "\n".join(rows).encode()
    one, other = scanned_by(lines, data), scanned_by(interpreted(lines), data)
    scanned = one["status"] == SCANNED
    assert np.array_equal(one["status"], other["status"])
    assert all(np.array_equal(one[name][scanned], other[name][scanned]) for name in ("time", "event", "user"))
    assert all(np.array_equal(one[name], other[name]) for name in ("pair_line", "pair_entry", "at", "size"))


@pytest.mark.parametrize("packed", [False, True])
def test_blocks_end_at_lines_wherever_they_are_cut(
    packed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [GOOD.replace("u1", f"user {number}") for number in range(50)]
    rows[20] = "broken"
    text = "\n".join(rows).encode()
    (tmp_path / "export").write_bytes(gzip.compress(text) if packed else text)
    for size in (10, 100, 333, 10_000):
        monkeypatch.setattr(files, "BLOCK", size)
        store, report = import_files([tmp_path / "export"])
        assert sorted(store.users) == sorted(f"user {number}" for number in range(50) if number != 20)
        assert [(line.line, line.reason[:8]) for line in report.rejected] == [(21, "not JSON")]


def test_without_compiled_kernels_lines_are_read_singly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "compiled", lambda: False)
    found = scan(Block(1, f"{GOOD}\n\n{GOOD}\n".encode()))
    assert found.status.tolist() == [OTHER, 0, OTHER]
    assert [found.line(number) for number in (0, 2)] == [f"{GOOD}\n".encode()] * 2


def test_a_line_longer_than_any_event_ends_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LONGEST_LINE", 1_000)
    monkeypatch.setattr(files, "BLOCK", 300)
    (tmp_path / "export").write_text(f"{GOOD}\n{'x' * 5_000}\n{GOOD}\n")
    store, report = import_files([tmp_path / "export"])
    assert len(store) == 1
    assert report.rejected[-1].line == 2
    assert "a line of over" in report.rejected[-1].reason
