"""Sessions: which account asks, of which project, and how it proves itself.

``accounts``, ``targets`` and ``session`` are public namespaces, loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

NAMESPACES = ("accounts", "session", "targets")


def __getattr__(name: str) -> Any:
    if name in NAMESPACES:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
