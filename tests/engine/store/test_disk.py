"""A folder is written whole or not at all, and lies on the disk then."""

from __future__ import annotations

import errno
import threading
from pathlib import Path

import pytest

from pytest_mixpanel.engine.store import disk


def test_what_the_disk_refuses_while_a_folder_is_filled_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = threading.Event()

    def refuse(path: Path) -> None:
        refused.set()
        raise OSError(errno.EIO, "Input/output error", str(path))

    def fill(draft: Path) -> None:
        (draft / "a.npy").write_bytes(b"some")
        assert refused.wait(10)
        monkeypatch.setattr(disk, "sync_one", lambda path: None)  # a disk tells what it lost only once

    monkeypatch.setattr(disk, "SYNCED_EVERY", 0.001)
    monkeypatch.setattr(disk, "sync_one", refuse)
    with pytest.raises(OSError, match="Input/output error"):
        disk.write_folder(tmp_path, "segment", fill)
    assert not (tmp_path / "segment").exists()


def test_files_are_given_to_the_disk_while_others_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, sync_one = threading.Event(), disk.sync_one

    def told(path: Path) -> None:
        sync_one(path)
        given.set()

    def fill(draft: Path) -> None:
        (draft / "a.npy").write_bytes(b"some")
        assert given.wait(10)

    monkeypatch.setattr(disk, "SYNCED_EVERY", 0.001)
    monkeypatch.setattr(disk, "sync_one", told)
    disk.write_folder(tmp_path, "segment", fill)
    assert (tmp_path / "segment" / "a.npy").read_bytes() == b"some"


def test_only_files_of_some_names_are_given_to_the_disk_where_these_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[str] = []
    synced = threading.Event()

    def told(path: Path) -> None:
        given.append(path.name)
        synced.set()

    monkeypatch.setattr(disk, "SYNCED_EVERY", 0.001)
    monkeypatch.setattr(disk, "sync_one", told)
    (tmp_path / "other").write_bytes(b"some")
    with disk.synced_meanwhile(tmp_path, "*.part"):
        (tmp_path / "a.part").write_bytes(b"some")
        assert synced.wait(10)
        (tmp_path / "a.part").rename(tmp_path / "b")
    assert set(given) == {"a.part"}
