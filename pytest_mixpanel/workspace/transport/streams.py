"""Streams of answers that are handed on as they come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

import httpx


class _Closing(httpx.SyncByteStream):
    def __init__(self, stream: httpx.SyncByteStream, after: Callable[[], None]) -> None:
        self._stream, self._after = stream, after

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._stream)

    def close(self) -> None:
        try:
            self._stream.close()
        finally:
            self._after()


def closing(stream: object, after: Callable[[], None]) -> httpx.SyncByteStream:
    """The same stream; when it is closed, ``after`` is called."""
    return _Closing(cast(httpx.SyncByteStream, stream), after)
