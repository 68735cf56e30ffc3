"""Frozen dataclasses with slots that are quick to define.

For every class ``dataclass(frozen=True, slots=True)`` writes and compiles six methods; with Python 3.11 that
was half of what a process computed before its first question. ``frozen`` has it write ``__init__`` alone, and
only when that is first looked at: most classes are never made an object of. The other methods are shared:
they read the fields, as ``dataclasses.fields`` and ``replace`` do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError, dataclass, field
from reprlib import recursive_repr
from typing import Any, TypeVar, dataclass_transform, overload

T = TypeVar("T")


@overload
def frozen(made: type[T], /) -> type[T]: ...


@overload
def frozen(*, kw_only: bool = False) -> Callable[[type[T]], type[T]]: ...


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(made: type[T] | None = None, /, *, kw_only: bool = False) -> Any:
    """A class whose objects are equal when their fields are, and never change: each field is set once."""

    def define(cls: type[T]) -> type[T]:
        cls.__doc__ = cls.__doc__ or cls.__name__  # else dataclass looks for the signature
        as_written = dict(vars(cls))
        defined: Any = dataclass(cls, slots=True, init=False, eq=False, repr=False, kw_only=kw_only)
        if "__init__" not in as_written:
            defined.__init__ = _Init(defined, as_written, kw_only)
        for name, shared in _SHARED.items():
            if name not in vars(cls):
                setattr(defined, name, shared)
        compared = [one for one in defined.__dataclass_fields__.values() if one.compare]
        defined._compared = tuple(one.name for one in compared)
        defined._hashed = tuple(one.name for one in compared if one.hash is not False)
        return defined  # type: ignore[no-any-return]  # the class itself, with slots

    return define if made is None else define(made)


class _Init:
    """The ``__init__`` of a class, which takes its own place when it is first looked at."""

    def __init__(self, of: type, as_written: dict[str, Any], kw_only: bool) -> None:
        self.of, self.as_written, self.kw_only = of, as_written, kw_only

    def __get__(self, instance: object, owner: type) -> Any:
        if vars(self.of)["__init__"] is self:
            self.of.__init__ = self._written()
        return vars(self.of)["__init__"].__get__(instance, owner)

    def _written(self) -> Any:
        """What ``dataclass`` writes for a twin of the class as it was before."""
        body = {name: value for name, value in self.as_written.items() if name not in _OF_EACH_CLASS}
        twin: Any = type(self.of.__name__, self.of.__bases__, {**body, "__qualname__": self.of.__qualname__})
        return dataclass(twin, eq=False, repr=False, kw_only=self.kw_only).__init__


_OF_EACH_CLASS = ("__dict__", "__weakref__")
"""What every class has of its own."""


def _eq(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    # Tuples, since they take the same object for equal, whatever it says of itself.
    return _values(self, self._compared) == _values(other, self._compared)


def _hash(self: Any) -> int:
    return hash(_values(self, self._hashed))


def _values(self: Any, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(self, name) for name in names)


@recursive_repr()
def _repr(self: Any) -> str:
    shown = [one.name for one in self.__dataclass_fields__.values() if one.repr]
    fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in shown)
    return f"{type(self).__qualname__}({fields})"


def _set_once(self: Any, name: str, to: Any) -> None:
    if hasattr(self, name):
        raise FrozenInstanceError(f"cannot assign to field {name!r}")
    object.__setattr__(self, name, to)


def _keep(_: Any, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


_SHARED: dict[str, Any] = {
    "__eq__": _eq,
    "__hash__": _hash,
    "__repr__": _repr,
    "__setattr__": _set_once,
    "__delattr__": _keep,
}
