"""Lines of an answer that comes as a stream, each once, however often the connection breaks.

An export has no position to continue from, so after a break everything is asked for anew and what was
handed on already is left out: each line as often as it was handed on, in whatever order it comes now. For
that eight bytes are kept of each line. Beyond ``MOST_KEPT`` lines only their sequence is remembered: if the
new answer begins with the very same lines it is continued, and otherwise it is an error rather than a guess.
"""

from __future__ import annotations

import json
import time
from array import array
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import httpx

from pytest_mixpanel.core.errors import MixpanelHeadlessError
from pytest_mixpanel.workspace.transport.client import Response
from pytest_mixpanel.workspace.transport.waiting import back_off

MOST_KEPT = 1_000_000
RECONNECTS = 5
"""Connections in a row that may break without a new line."""

LONGEST_LINE = 32 << 20
"""Bytes; an event has at most one megabyte."""

Ask = Callable[[], Response]
"""Sends the request anew; the answer is still to be read."""


@dataclass(frozen=True, slots=True)
class Streamed:
    """How far a stream is: lines and bytes handed on, breaks of the connection, lines that were no JSON."""

    lines: int = 0
    bytes: int = 0
    reconnects: int = 0
    unreadable: int = 0


class _Broken(Exception):
    """The answer ended before its end."""


class _Delivered:
    """What was handed on already."""

    def __init__(self, most_kept: int) -> None:
        self._kept = array("q")
        self._most_kept = most_kept
        self._sequence = blake2b(digest_size=16)
        self.count = 0

    def add(self, line: bytes) -> None:
        mark = hash(line)
        self.count += 1
        self._sequence.update(mark.to_bytes(8, "little", signed=True))
        if self.count <= self._most_kept:
            self._kept.append(mark)

    def left_out(self, lines: Iterator[bytes]) -> Iterator[bytes]:
        """A new answer without what was handed on before it."""
        return self._unseen(lines) if self.count <= self._most_kept else self._continued(lines)

    def _unseen(self, lines: Iterator[bytes]) -> Iterator[bytes]:
        again = Counter(self._kept)
        for line in lines:
            mark = hash(line)
            if again.get(mark):
                again[mark] -= 1
            else:
                yield line

    def _continued(self, lines: Iterator[bytes]) -> Iterator[bytes]:
        before, expected = self.count, self._sequence.digest()
        again = blake2b(digest_size=16)
        for number, line in enumerate(lines, 1):
            if number > before:
                yield line
                continue
            again.update(hash(line).to_bytes(8, "little", signed=True))
            if number == before and again.digest() != expected:
                raise MixpanelHeadlessError(
                    f"the connection broke after {before:,} lines, and the service now sends them in another "
                    "order: ask for fewer days at once",
                    code="HTTP_ERROR",
                )


def stream_lines(
    ask: Ask,
    progress: Callable[[Streamed], None] | None = None,
    *,
    reconnects: int = RECONNECTS,
    most_kept: int = MOST_KEPT,
) -> Iterator[dict[str, Any]]:
    """The JSON objects of an answer, one a line; asks anew when the connection breaks.

    Lines that are no JSON are left out and counted. Raises ``MixpanelHeadlessError`` (``HTTP_ERROR``) when
    the connection breaks ``reconnects`` times in a row without a new line.
    """
    delivered, far, breaks = _Delivered(most_kept), Streamed(), 0
    while True:
        before = delivered.count
        try:
            with closing(ask()) as response:
                for line in delivered.left_out(_lines(response)):
                    document = _document(line)
                    delivered.add(line)
                    far = Streamed(
                        far.lines + (document is not None),
                        far.bytes + len(line) + 1,
                        far.reconnects,
                        far.unreadable + (document is None),
                    )
                    if document is not None:
                        yield document
                    if progress is not None:
                        progress(far)
            return
        except _Broken as broken:
            breaks = 1 if delivered.count > before else breaks + 1
            if breaks > reconnects:
                raise MixpanelHeadlessError(
                    f"the export broke off after {far.lines:,} events, {breaks} times in a row: {broken}",
                    code="HTTP_ERROR",
                    details={"lines": far.lines},
                ) from None
            far = Streamed(far.lines, far.bytes, far.reconnects + 1, far.unreadable)
            if breaks > 1:
                time.sleep(back_off(breaks - 2, 0.0))


def _lines(response: Response) -> Iterator[bytes]:
    """Whole lines; raises ``_Broken`` where the answer ends within one, or before its end."""
    rest = b""
    pieces = iter(response.iter_bytes())
    while True:
        try:
            piece = next(pieces, None)
        except httpx.HTTPError as error:
            # The frames of the connection hold the credentials: no traceback shall show them.
            raise _Broken(str(error) or type(error).__name__) from None
        if piece is None:
            break
        *whole, rest = (rest + piece).split(b"\n")
        if len(rest) > LONGEST_LINE:
            raise MixpanelHeadlessError(
                f"the export holds a line of more than {LONGEST_LINE >> 20} MB", code="INVALID_RESPONSE"
            )
        yield from filter(bytes.strip, whole)
    if rest.strip():
        if _document(rest) is None:
            raise _Broken("the last line is not whole")
        yield rest


def _document(line: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
