"""What the kernels need of the ``cython`` module where they run interpreted and it is not installed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

uchar = ushort = uint = int = object()
nogil = nullcontext()


def fused_type(*types: Any) -> Any:
    """Any of the types; interpreted code does not ask which."""
    return types


def cfunc(function: Callable[..., Any]) -> Callable[..., Any]:
    return function
