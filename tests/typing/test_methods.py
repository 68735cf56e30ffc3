"""``methods.py`` is checked by mypy with the package; here, that it leaves no method out."""

from __future__ import annotations

from pathlib import Path

from pytest_mixpanel import Workspace
from pytest_mixpanel.api.declare import declarations

CALLS = Path(__file__).with_name("methods.py").read_text(encoding="utf-8")


def test_every_declared_method_is_called() -> None:
    public = [name for name in declarations(Workspace) if not name.startswith("_")]
    assert [name for name in public if f"ws.{name}(" not in CALLS] == []
