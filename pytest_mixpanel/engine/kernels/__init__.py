"""Loops over integer arrays that walk users; readable as the definition of the semantics.

Compiled by ``setup.py`` where a compiler is present, else interpreted: slower, with equal results.
"""

from pathlib import Path
from typing import Any

from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.engine.kernels._built import differing


def refuse_others(folder: Path) -> None:
    """Raise ``ConfigError`` where compiled kernels in ``folder`` are not of the sources beside them."""
    if others := differing(str(folder)):
        raise ConfigError(
            f"in {folder} the compiled kernels {', '.join(others)} are not of the sources beside them. "
            "Compile them again: python setup.py build_ext --inplace (or pip install -e . again)"
        )


refuse_others(Path(__file__).parent)  # before one of them is loaded

from pytest_mixpanel.engine.kernels import attempts  # noqa: E402 (none is loaded before the line above)


def compiled() -> bool:
    """Whether the kernels of this installation are compiled."""
    return not str(attempts.__file__).endswith(".py")


def views(*arrays: Any) -> tuple[Any, ...]:
    """Arrays for a kernel that works with whole words: interpreted, it needs Python's own integers."""
    return arrays if compiled() else tuple(map(memoryview, arrays))
