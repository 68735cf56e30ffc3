"""What the kernels need of the ``cython`` module where they run interpreted and it is not installed."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

compiled = False
uchar = schar = ushort = short = uint = int = longlong = ulonglong = object()
Py_ssize_t = object()


class _WithoutLock(nullcontext[None]):
    """The directive, as a block and as a decorator."""

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        return function


nogil = _WithoutLock()


def fused_type(*types: Any) -> Any:
    """Any of the types; interpreted code does not ask which."""
    return types


def cast(kind: Any, value: Any) -> Any:
    """A number without its fraction where it becomes a place; other types are not asked for."""
    return math.trunc(value) if kind is Py_ssize_t else value


def cfunc(function: Callable[..., Any]) -> Callable[..., Any]:
    return function


inline = cfunc


def exceptval(*, check: bool) -> Callable[..., Any]:
    return cfunc
