"""Files appear whole or not at all."""

import os
from pathlib import Path

import pytest

from pytest_mixpanel.core.files import write_whole


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "new" / "report.md"
    write_whole(path, "one\n")
    write_whole(path, "zwei ✓\n")
    assert path.read_text(encoding="utf-8") == "zwei ✓\n"
    assert os.listdir(path.parent) == ["report.md"]


def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.md"
    write_whole(path, "old\n")
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_whole(path, "new\n")
    assert path.read_text() == "old\n"
    assert os.listdir(tmp_path) == ["report.md"]


@pytest.mark.skipif(os.name == "nt", reason="permissions are POSIX")
def test_others_may_read_it_as_any_new_file(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.touch()
    write_whole(tmp_path / "report.md", "")
    assert (tmp_path / "report.md").stat().st_mode == plain.stat().st_mode
