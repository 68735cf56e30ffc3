"""What the scanner reads in blocks is what the reader of single lines reads, and what it cannot it leaves."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from pytest_mixpanel.engine import kernels
from pytest_mixpanel.engine.importing import files, scanning
from pytest_mixpanel.engine.importing.blocks import Block
from pytest_mixpanel.engine.importing.lines import Event, read_line
from pytest_mixpanel.engine.importing.read import import_files
from pytest_mixpanel.engine.importing.scanning import scan
from pytest_mixpanel.engine.importing.table import EventTable
from pytest_mixpanel.engine.kernels import lines, pairs
from pytest_mixpanel.engine.kernels.lines import BLANK, OTHER, SCANNED
from pytest_mixpanel.engine.store.columns import CodedColumn
from tests.engine.kernels.test_paths import interpreted

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
times = st.sampled_from(
    [1735689600, 1735689600123, 1735689600000000, 10**17, 10**20, 1000, -5, 1.5e9, "soon", None, 0]
)
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
    usual = [GOOD, GOOD.replace("1.5", "[1]"), GOOD.replace("free", "fr\\u0065e"), GOOD.replace('"u1"', "17")]
    unusual = [GOOD[:40], GOOD.replace("1735689600", "5"), GOOD.replace('"u1"', "1.5")]
    broken = [GOOD.replace("1.5", "[1}"), GOOD.replace("free", "fr\\xe"), GOOD.replace("1.5", "1e999")]
    found = scan(Block(1, "\n".join([*usual, "", *unusual, *broken]).encode()))
    # Where kernels are interpreted the reader is the faster one, and every line is left to it.
    known = SCANNED if kernels.compiled() else OTHER
    assert found.status.tolist() == [known] * 4 + [BLANK] + [OTHER] * 6


LINE = ("status", "starts", "time", "event", "user")
PAIR = ("pair_line", "pair_entry")
ENTRY = ("of", "at", "size", "hash", "kind")


def scanned_by(kernel: Any, data: bytes, room: int = 4_096) -> dict[str, np.ndarray[Any, Any]] | None:
    """What a kernel finds, by the names of its arrays; nothing where there is not room enough."""
    kinds = {"status": "u1", "starts": "i8", "time": "i8", "hash": "u8", "kind": "u1"}
    names = (*LINE, *PAIR, *ENTRY, "follower", "latest", "misses")
    arrays: dict[str, Any] = {name: np.zeros(room, kinds.get(name, "i4")) for name in names}
    slots, totals = np.full(2 * room, -1, np.int32), np.zeros(3, np.int64)
    space = [memoryview(array) for array in (*arrays.values(), slots, totals)]  # as Python's own integers
    if not kernel.scan_lines(data + bytes(lines.PADDING), len(data), 31_536_000, *space):
        return None
    count, pairs, entries = totals.tolist()
    sizes = dict.fromkeys(LINE, count) | dict.fromkeys(PAIR, pairs) | dict.fromkeys(ENTRY, entries)
    return {name: arrays[name][:size] for name, size in sizes.items()}


def test_a_scan_without_room_enough_says_so() -> None:
    assert scanned_by(lines, f"{GOOD}\n".encode() * 3, room=2) is None
    assert scanned_by(lines, f"{GOOD}\n".encode() * 3, room=16) is not None


@settings(max_examples=60, deadline=None)
@given(st.lists(texts(), max_size=4))
def test_interpreted_and_compiled_scan_alike(rows: list[str]) -> None:
    data = "\n".join(rows).encode()
    one, other = scanned_by(lines, data), scanned_by(interpreted(lines), data)
    assert one is not None
    assert other is not None
    assert all(np.array_equal(one[name], other[name]) for name in one)


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
    monkeypatch.setattr(scanning, "compiled", lambda: False)
    found = scan(Block(1, f"{GOOD}\n\n{GOOD}\n".encode()))
    assert found.status.tolist() == [OTHER, BLANK, OTHER]
    assert found.others == dict.fromkeys((0, 2), f"{GOOD}\n".encode())


def test_a_line_longer_than_any_event_ends_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LONGEST_LINE", 1_000)
    monkeypatch.setattr(files, "BLOCK", 300)
    (tmp_path / "export").write_text(f"{GOOD}\n{'x' * 5_000}\n{GOOD}\n")
    store, report = import_files([tmp_path / "export"])
    assert len(store) == 1
    assert report.rejected[-1].line == 2
    assert "a line of over" in report.rejected[-1].reason


@given(st.binary(max_size=12) | st.text(max_size=80).map(str.encode), st.integers(0, 70))
def test_text_is_known_as_pythons_decoder_knows_it(tail: bytes, ascii_before: int) -> None:
    data = b"a" * ascii_before + tail
    try:
        data.decode("utf-8")
        good = True
    except UnicodeDecodeError:
        good = False
    padded = memoryview(data + b"\x80" * lines.PADDING)  # what follows is not looked at
    assert pairs.is_utf8(padded, len(data)) is good
    assert interpreted(pairs).is_utf8(padded, len(data)) is good


@pytest.mark.parametrize("kernel", [pairs, interpreted(pairs)])
def test_pairs_are_sorted_by_key_and_the_last_one_of_a_line_stays(kernel: Any) -> None:
    # Entries 2 and 4 are values of key 0, 3 of key 1. Line 1 is not taken, line 2 has key 0 twice.
    taken, key = [1, 0, 1], [0, 0, 0, 1, 0]
    line, entry = [0, 0, 1, 2, 2, 2], [4, 3, 2, 4, 2, 3]
    given = [np.array(each, kind) for each, kind in ((taken, "u1"), (line, "i4"), (entry, "i4"), (key, "i4"))]
    place, starts, ends, firsts, lines_found, which, chosen = (
        np.zeros(size, np.int32) for size in (5, 3, 3, 3, 6, 6, 5)
    )
    kernel.group_pairs(*given, place, starts, ends, firsts, lines_found, which, chosen)
    assert (starts.tolist()[:2], ends.tolist()[:2], firsts.tolist()) == ([0, 3], [2, 5], [0, 2, 3])
    assert (lines_found[:2].tolist(), lines_found[3:5].tolist()) == ([0, 2], [0, 2])
    assert (which[:2].tolist(), which[3:5].tolist()) == ([0, 1], [0, 0])
    assert chosen[:3].tolist() == [4, 2, 3]


@pytest.mark.skipif(not kernels.compiled(), reason="interpreted, every line is left to the reader")
def test_nobody_is_known_however_it_is_written(tmp_path: Path) -> None:
    nobodies = ["anon", "NULL", "un\N{KELVIN SIGN}nown", "0", "[]", "00000000-0000-0000-0000-000000000000"]
    somebody = ["anonym", "nulls", "00", "00000000-0000-0000-0000-000000000001", "é", "k" * 300]
    rows = [GOOD.replace("u1", name) for name in (*nobodies, *somebody)]
    found = scan(Block(1, "\n".join(rows).encode()))
    assert found.status.tolist() == [OTHER] * len(nobodies) + [SCANNED] * len(somebody)
    assert scan(Block(1, GOOD.replace('"u1"', "0").encode())).status.tolist() == [OTHER]


def test_values_that_are_nearly_all_different_are_read_as_any() -> None:
    rows = [GOOD.replace("free", f"plan {number if number % 9 else 0}") for number in range(700)]
    assert read_at_once(rows) == read_singly(rows)


def test_what_is_rejected_is_told_in_the_order_of_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "BLOCK", 300)
    text = "\n".join("broken" if number % 10 == 0 else GOOD for number in range(200)).encode()
    (tmp_path / "export").write_bytes(gzip.compress(text)[:-9])
    _, report = import_files([tmp_path / "export"])
    numbers = [line.line for line in report.rejected]
    assert numbers == sorted(numbers)
    assert len(numbers) > 15
    assert "breaks off" in report.rejected[-1].reason
