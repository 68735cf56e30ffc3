"""Text made safe and measured for a terminal: control characters, widths, wrapping, an ASCII fallback."""

from __future__ import annotations

import unicodedata

_ASCII = str.maketrans(
    {
        "→": "->",
        "←": "<-",
        "–": "-",
        "—": "-",
        "−": "-",
        "…": "...",
        "×": "x",
        "≥": ">=",
        "≤": "<=",
        "≠": "!=",
        "±": "+/-",
        "·": "-",
        "◀": "<",
        "│": "|",
        "“": '"',
        "”": '"',
        "‘": "'",
        "’": "'",
        "\u00a0": " ",
        "\u202f": " ",
        "\u2009": " ",
        **dict(zip("▁▂▃▄▅▆▇█", "_.,-=+*#", strict=True)),
    }
)


def one_line(text: str) -> str:
    """``text`` without anything that could move a cursor, recolour or reorder a line.

    Event and property names come from outside: what is neither printable nor a space (control characters,
    bidirectional overrides, line separators) is shown as an escape, as ``\\x1b`` or ``\\u202e``.
    """
    if text.isprintable():
        return text
    return "".join(_visible(character) for character in text)


def _visible(character: str) -> str:
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    return character.encode("unicode_escape").decode("ascii")


def ascii_only(text: str) -> str:
    """``text`` for a stream that knows only ASCII; what has no spelling there is shown as an escape."""
    return text.translate(_ASCII).encode("ascii", "backslashreplace").decode("ascii")


def cells(text: str) -> int:
    """How many terminal columns ``text`` takes: wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(_cell(character) for character in text)


def _cell(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def pad(text: str, width: int, *, right: bool = False) -> str:
    """``text`` filled with blanks to ``width`` columns, at its left when ``right``."""
    blanks = " " * max(0, width - cells(text))
    return blanks + text if right else text + blanks


def shorten(text: str, width: int) -> str:
    """``text`` cut to ``width`` columns, the cut shown by an ellipsis."""
    if cells(text) <= width:
        return text
    kept = ""
    for character in text:
        if cells(kept + character) > width - 1:
            break
        kept += character
    return kept.rstrip() + "…"


def wrap(text: str, width: int, *, hang: int = 0) -> list[str]:
    """``text`` on lines of at most ``width`` columns, ``hang`` fewer after the first, broken between words.

    Runs of blanks inside a line are kept, since they set off columns; a word longer than a line is broken.
    """
    lines: list[str] = []
    rest = text.rstrip()
    while cells(rest) > width:
        cut = _break_at(rest, width)
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
        width, hang = width - hang, 0
    return [*lines, rest]


def _break_at(text: str, width: int) -> int:
    used = 0
    blank = 0
    for index, character in enumerate(text):
        used += _cell(character)
        if used > width:
            return blank or max(index, 1)
        if character == " " and text[:index].strip():
            blank = index
    return len(text)
