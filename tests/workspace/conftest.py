"""No test of the client meets the configuration of whoever runs it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def no_session_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No ``MP_*`` variable, no ``~/.mp``, no bridge file."""
    for name in [name for name in os.environ if name.startswith("MP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MP_CONFIG_PATH", str(tmp_path / "mp" / "config.toml"))
    monkeypatch.setenv("MP_STORAGE_DIR", str(tmp_path / "mp"))
    monkeypatch.setenv("MP_AUTH_FILE", str(tmp_path / "mp" / "auth.json"))
