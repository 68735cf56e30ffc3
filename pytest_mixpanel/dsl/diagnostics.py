"""What is wrong in a file, shown as a compiler shows it: place, source line, caret, what to write."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import east_asian_width

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.words import nearest

EXCERPT = 140
"""The most that is shown of a source line, in characters."""


@frozen
class Place:
    """A stretch of one line of a file; ``line`` and ``column`` count from 1."""

    path: str
    line: int
    column: int
    length: int
    source: str

    def within(self, offset: int, length: int) -> Place:
        """A stretch inside this one, ``offset`` characters in; the whole where the text is spread out."""
        if offset + length > self.length:
            return self
        return Place(self.path, self.line, self.column + offset, length, self.source)


@frozen
class Diagnostic:
    """One problem: a slug, a sentence, where, and what to write instead."""

    code: str
    message: str
    place: Place
    hint: str = ""

    @property
    def line(self) -> int:
        return self.place.line

    @property
    def column(self) -> int:
        return self.place.column

    def render(self) -> str:
        """The problem on several lines, without a line break at the end."""
        place = self.place
        number = str(place.line)
        gutter = " " * len(number)
        before, marked, after = _excerpt(place)
        carets = "^" * max(1, _width(marked))
        below = f"{gutter} | {' ' * _width(before)}{carets} {self.hint}".rstrip()
        return "\n".join(
            [
                f"error[{self.code}]: {self.message}",
                f"{gutter}--> {place.path}:{place.line}:{place.column}",
                f"{gutter} |",
                f"{number} | {before}{marked}{after}",
                below,
            ]
        )


def _excerpt(place: Place) -> tuple[str, str, str]:
    """The source line in three: before the place, the place, after it; of a long line what is around it."""
    source, begin = place.source.expandtabs(1), place.column - 1
    before, marked, after = (
        source[:begin],
        source[begin : begin + place.length],
        source[begin + place.length :],
    )
    if len(source) <= EXCERPT:
        return before, marked, after
    before = before if len(before) <= EXCERPT // 2 else f"…{before[1 - EXCERPT // 2 :]}"
    marked = marked if len(before + marked) <= EXCERPT else f"{marked[: EXCERPT - len(before) - 1]}…"
    room = max(0, EXCERPT - len(before + marked))
    return before, marked, after if len(after) <= room else f"{after[: max(0, room - 1)]}…"


def _width(text: str) -> int:
    """The columns that a terminal gives the text."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """``did you mean 'fail_if'?``, or a list of what is known, or ``otherwise``."""
    names = list(known)
    if near := nearest(word, names):
        return f"did you mean {near[0]!r}?"
    if otherwise:
        return otherwise
    shown = ", ".join(sorted(names)[:12])
    return f"known: {shown}{', …' if len(names) > 12 else ''}" if names else ""
