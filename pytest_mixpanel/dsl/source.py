"""The text of a file that people write: UTF-8, with or without a byte order mark."""

from __future__ import annotations

import codecs
from pathlib import Path

from pytest_mixpanel.dsl.diagnostics import Diagnostic, Place

_MARKS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}


class DocumentError(Exception):
    """The file holds no document that may be read; ``diagnostic`` says why and where."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def read_source(path: Path, shown: str, what: str = "the file") -> str:
    """The text of ``what``; ``shown`` is the path as messages name it. Raises ``DocumentError``."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(f"{what} cannot be read: {error.strerror}", Place(shown, 1, 1, 1, "")) from error
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            raise _unreadable(f"{what} is {encoding}", Place(shown, 1, 1, 1, ""), "save it as UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(*_broken_at(data, error.start, shown), "save the file as UTF-8") from error


def _broken_at(data: bytes, offset: int, shown: str) -> tuple[str, Place]:
    """Which byte is no UTF-8, and where it stands in its line."""
    begin = max(data.rfind(b"\n", 0, offset), data.rfind(b"\r", 0, offset)) + 1
    line = data[begin:].splitlines()[0].decode(errors="replace")
    column = len(data[begin:offset].decode())
    number = len(data[:begin].splitlines()) + 1
    return f"the byte {data[offset]:#04x} is not UTF-8", Place(shown, number, column + 1, 1, line)


def _unreadable(told: str, place: Place, hint: str = "") -> DocumentError:
    return DocumentError(Diagnostic("unreadable", told, place, hint))
