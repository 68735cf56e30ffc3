"""One explanation, many faces: a message as data, rendered by ``report`` for each surface.

A kind builds an ``Explanation``; nothing in it is formatted for a surface (no colours, no escaping,
no column widths). Text is plain Unicode on one line.
"""

from __future__ import annotations

from pytest_mixpanel.core.frozen import frozen


@frozen
class Line:
    """A labelled line, as ``got       16.90 %   2,109 of 12,480 users``."""

    label: str
    text: str


@frozen
class Table:
    """A small labelled table. ``marks`` are row notes (`` ◀ 86 % of the drop``), one per row or none."""

    label: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    marks: tuple[str, ...] = ()


@frozen
class Curve:
    """A labelled series worth a picture: a sparkline in a terminal, an SVG in HTML. ``None`` = unknown."""

    label: str
    values: tuple[float | None, ...]
    before: tuple[float | None, ...] = ()
    unit: str = "rate"


@frozen
class Command:
    """A labelled command to copy: ``words`` are its arguments, none of which a surface may break."""

    label: str
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """The command as a shell reads it."""
        return " ".join(self.quoted)

    @property
    def quoted(self) -> tuple[str, ...]:
        """Its words, each as a shell reads it."""
        from shlex import quote

        return tuple(map(quote, self.words))


Block = Line | Table | Curve | Command


@frozen
class Explanation:
    """What a reader needs of one check: ``headline`` is the verdict in one breath."""

    headline: str
    title: str | None = None
    blocks: tuple[Block, ...] = ()
