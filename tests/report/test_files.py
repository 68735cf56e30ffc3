"""Reports on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_mixpanel.report.files import RENDERERS, write_report
from pytest_mixpanel.report.run import Run


@pytest.mark.parametrize("suffix", sorted(RENDERERS))
def test_the_suffix_chooses_the_kind_and_folders_are_made(run: Run, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "a" / "b" / f"run{suffix}"
    write_report(run, path)
    assert path.read_text(encoding="utf-8") == RENDERERS[suffix](run)


def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "run.md"
    path.write_text("old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_report(run, path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
