"""What is wrong in a file, shown as a compiler shows it: place, source line, caret, what to write."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from pytest_mixpanel.core.frozen import frozen


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
        source = place.source.expandtabs(1)
        carets = "^" * max(1, min(place.length, len(source) - place.column + 1))
        below = f"{gutter} | {' ' * (place.column - 1)}{carets} {self.hint}".rstrip()
        return "\n".join(
            [
                f"error[{self.code}]: {self.message}",
                f"{gutter}--> {place.path}:{place.line}:{place.column}",
                f"{gutter} |",
                f"{number} | {source}",
                below,
            ]
        )


def did_you_mean(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """``did you mean 'fail_if'?``, or a list of what is known, or ``otherwise``."""
    names = list(known)
    near = get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    if otherwise:
        return otherwise
    shown = ", ".join(sorted(names)[:12])
    return f"known: {shown}{', …' if len(names) > 12 else ''}" if names else ""
