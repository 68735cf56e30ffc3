"""The names of users, read when the first of them is asked for: most queries ask for none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import overload


class Names(Sequence[str]):
    """As many names as ``count`` says, or a stretch of them; ``read`` gives all, once."""

    def __init__(self, count: int, read: Callable[[], Sequence[str]]) -> None:
        self._whole = _Whole(read)
        self._low, self._high = 0, count

    def __len__(self) -> int:
        return self._high - self._low

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        if isinstance(at, slice):
            low, high, step = at.indices(len(self))
            if step != 1:
                return self._whole.names()[self._low : self._high][at]
            stretch = Names.__new__(Names)
            stretch._whole = self._whole
            stretch._low, stretch._high = self._low + low, self._low + max(low, high)
            return stretch
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        return self._whole.names()[self._low + at % len(self)]


class _Whole:
    def __init__(self, read: Callable[[], Sequence[str]]) -> None:
        self._read = read
        self._names: Sequence[str] | None = None

    def names(self) -> Sequence[str]:
        if self._names is None:
            self._names = self._read()
        return self._names
