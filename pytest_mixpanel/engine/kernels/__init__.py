"""Loops over integer arrays that walk users; readable as the definition of the semantics.

Compiled by ``setup.py`` where a compiler is present, else interpreted: slower, with equal results.
"""

from typing import Any

from pytest_mixpanel.engine.kernels import attempts


def compiled() -> bool:
    """Whether the kernels of this installation are compiled."""
    return not str(attempts.__file__).endswith(".py")


def views(*arrays: Any) -> tuple[Any, ...]:
    """Arrays for a kernel that works with whole words: interpreted, it needs Python's own integers."""
    return arrays if compiled() else tuple(map(memoryview, arrays))
