"""Bytes grow as they would in memory, wherever they are; a column file of them is there without a copy."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, strategies as st

from pytest_mixpanel.engine.discovery.export import export_events
from pytest_mixpanel.engine.importing.open import import_source
from pytest_mixpanel.engine.store import spool, texts
from pytest_mixpanel.engine.store.spool import Spool


@given(st.lists(st.binary(max_size=9)), st.integers(0, 30))
def test_bytes_are_those_that_were_added(added: list[bytes], in_memory: int) -> None:
    with TemporaryDirectory() as room, pytest.MonkeyPatch.context() as patch:
        patch.setattr(spool, "IN_MEMORY", in_memory)
        growing, expected = Spool(Path(room)), b""
        for each in added:
            growing.append(each)
            expected += each
            assert (len(growing), bytes(growing.bytes)) == (len(expected), expected)
        assert growing.move(Path(room) / "moved.npy") == (len(expected) > in_memory)
        assert bytes(growing.bytes) == expected
        assert not growing.move(Path(room) / "again.npy")
        for file in Path(room).iterdir():
            assert np.load(file).tobytes() == expected


def test_a_file_that_nobody_moved_is_gone_with_the_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "IN_MEMORY", 0)
    growing = Spool(tmp_path)
    growing.append(b"some")
    assert len(list(tmp_path.iterdir())) == 1
    del growing
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("added", [1, 400])
def test_texts_in_files_are_told_as_those_in_memory(
    added: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A few more events have a segment of their own, many are put together with those before."""
    monkeypatch.setattr(texts, "MANY", 3)
    export = tmp_path / "export"
    export.mkdir()
    told = []
    for in_memory in (1 << 24, 0):
        monkeypatch.setattr(spool, "IN_MEMORY", in_memory)
        store = tmp_path / f"store-{in_memory}"
        for name, rows in (("a", range(300)), ("b", range(300, 300 + added))):
            (export / f"{name}.jsonl").write_text("".join(map(line, rows)))
            opened = import_source(export, store)
        (export / "b.jsonl").unlink()
        events = export_events(
            opened.store, date(2025, 1, 1), date(2025, 1, 31), datetime(2026, 1, 1, tzinfo=UTC)
        )
        told.append([json.dumps(event, sort_keys=True) for event in events])
        assert not list(store.rglob("*.part"))
    assert len(told[0]) == 300 + added
    assert told[0] == told[1]


def line(number: int) -> str:
    properties = {
        "time": 1735689600 + number,
        "distinct_id": f"u{number % 7}",
        "$insert_id": f"id-{number}" * 300,
    }
    return json.dumps({"event": "Login", "properties": properties}) + "\n"
