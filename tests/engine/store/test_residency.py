"""Mapped columns that no running question needs are let go, and are what they were when asked for again."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pytest_mixpanel.engine.store import column_files, disk, residency
from pytest_mixpanel.engine.store.columns import NumberColumn
from pytest_mixpanel.engine.store.parts import over_parts
from pytest_mixpanel.engine.store.residency import Residency, mapping_of
from pytest_mixpanel.engine.store.store import Store

EVENTS = 16_384
COLUMN = 8 * EVENTS + 128
"""Bytes of a column's file, header included; smaller columns have none of their own."""


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store of three columns of numbers, with room for two of them beside times and events."""
    whole = Store(
        event_names=("A",),
        users=("u",),
        offsets=np.array([0, EVENTS]),
        time=np.arange(EVENTS),
        event=np.zeros(EVENTS, np.uint8),
        columns={name: NumberColumn(np.arange(EVENTS) + number) for number, name in enumerate("abc")},
    )
    disk.write(whole, tmp_path / "store")
    monkeypatch.setattr(column_files, "residency", own := Residency())
    monkeypatch.setattr("pytest_mixpanel.engine.store.parts.residency", own)
    monkeypatch.setattr(residency, "MAPPED_BYTES", 3 * COLUMN + EVENTS + 500)
    return disk.read(tmp_path / "store")


@pytest.fixture
def gone(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The mapped files that were let go, in that order."""
    found: list[Any] = []
    let_go = residency.let_go
    monkeypatch.setattr(residency, "let_go", lambda mapping: (found.append(mapping), let_go(mapping)))
    return found


def ask(store: Store, *names: str) -> list[float]:
    """The sums of some columns, as a question asks for them."""
    (found,) = over_parts(store, lambda part: [numbers(part.store, name).sum() for name in names])
    return found


def numbers(store: Store, name: str) -> Any:
    column = store.columns[name]
    assert isinstance(column, NumberColumn)
    return column.numbers


def file_of(store: Store, name: str) -> Any:
    return mapping_of(numbers(store, name))


def test_what_fits_stays(store: Store, gone: list[Any]) -> None:
    for _ in range(3):
        ask(store, "a")
        ask(store, "b")
    assert gone == []


def test_the_column_that_was_unused_for_longest_goes_first(store: Store, gone: list[Any]) -> None:
    ask(store, "a")
    ask(store, "b")
    ask(store, "a")
    ask(store, "c")
    went = list(gone)  # to look for the file is to use it
    assert went == [file_of(store, "b")]


def test_a_question_keeps_what_it_needs_however_much_that_is(store: Store, gone: list[Any]) -> None:
    ask(store, "a", "b", "c")
    assert gone == []
    ask(store, "c")
    assert gone == []


def test_what_was_let_go_is_what_it_was(store: Store, gone: list[Any]) -> None:
    first = [ask(store, name) for name in "abc"]
    assert [ask(store, name) for name in "abc"] == first
    assert len(gone) > 1


def test_times_are_never_let_go(store: Store, gone: list[Any]) -> None:
    for name in "abcabc":
        ask(store, name)
    assert mapping_of(store.time) is not None
    assert mapping_of(store.time) not in gone


def test_closed_files_are_forgotten(store: Store, tmp_path: Path, gone: list[Any]) -> None:
    other = disk.read(tmp_path / "store")
    ask(other, "a", "b")
    del other
    ask(store, "a")
    ask(store, "b")
    assert gone == []


@pytest.mark.skipif(sys.platform != "linux", reason="reads what is resident from /proc")
def test_it_takes_no_memory_any_more(store: Store, tmp_path: Path) -> None:
    ask(store, "a")
    assert resident(tmp_path / "store" / "event-0.npy") > 0
    ask(store, "b")
    ask(store, "c")
    assert resident(tmp_path / "store" / "event-0.npy") == 0


def resident(path: Path) -> int:
    """How much of a mapped file is in this process's memory, in kB."""
    found, here = 0, False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        first, *rest = line.split()
        if "-" in first and not first.endswith(":"):
            here = bool(rest) and rest[-1] == str(path)
        elif here and first == "Rss:":
            found += int(rest[0])
    return found
