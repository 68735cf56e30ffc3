"""An explanation as a panel of at most 100 columns for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Literal

from pytest_mixpanel.core.explanation import Block, Command, Curve, Explanation, Line, Table
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.verdict import Outcome
from pytest_mixpanel.report.spark import sparkline
from pytest_mixpanel.report.text import ascii_only, cells, one_line, pad, shorten, wrap

WORDS = {
    Outcome.PASS: "PASS",
    Outcome.WARN: "WARN",
    Outcome.FAIL: "FAIL",
    Outcome.INCONCLUSIVE: "UNSURE",
    Outcome.ERROR: "ERROR",
    Outcome.BLOCKED: "BLOCKED",
    Outcome.WAIVED: "WAIVED",
}

Colour = Literal["red", "yellow", "green", "cyan", "bold", "dim"]

COLOURS: dict[Outcome, Colour] = {
    Outcome.PASS: "green",
    Outcome.WARN: "yellow",
    Outcome.FAIL: "red",
    Outcome.INCONCLUSIVE: "yellow",
    Outcome.ERROR: "red",
    Outcome.BLOCKED: "cyan",
    Outcome.WAIVED: "cyan",
}

_CODES: dict[Colour, str] = {
    "red": "31;1",
    "yellow": "33;1",
    "green": "32;1",
    "cyan": "36;1",
    "bold": "1",
    "dim": "2",
}

_INDENT = 2
_LABEL = 10
_GAP = "   "
_CONTINUED = " \\"


@frozen
class Face:
    """What a terminal can show: ``width`` in columns (capped at 100), colour, characters beyond ASCII."""

    width: int = 100
    colour: bool = False
    unicode: bool = True

    @property
    def columns(self) -> int:
        return max(40, min(100, self.width))

    def paint(self, text: str, colour: Colour) -> str:
        return f"\x1b[{_CODES[colour]}m{text}\x1b[0m" if self.colour and text else text

    def spell(self, text: str) -> str:
        safe = one_line(text)
        return safe if self.unicode else ascii_only(safe)


def panel(name: str, outcome: Outcome, explanation: Explanation, face: Face | None = None) -> str:
    """The panel of one check, without a line break at its end.

    The first line holds the verdict in one breath; summaries, JUnit and annotations show it alone.
    """
    face = face or Face()
    lines = [_headline(name, outcome, explanation.headline, face)]
    if explanation.title:
        lines += [
            " " * _INDENT + line for line in wrap(face.spell(explanation.title), face.columns - _INDENT)
        ]
    for block in explanation.blocks:
        lines += _labelled(block.label, _body(block, face), face)
    return "\n".join(line.rstrip() for line in lines)


def _headline(name: str, outcome: Outcome, headline: str, face: Face) -> str:
    word = WORDS[outcome]
    text = f"{word}  {face.spell(name)}   {face.spell(headline)}"
    first, *rest = wrap(text, face.columns, hang=_INDENT + 2)
    painted = face.paint(word, COLOURS[outcome]) + first[len(word) :]
    return "\n".join([painted, *(" " * (_INDENT + 2) + line for line in rest)])


def _labelled(label: str, body: Iterable[str], face: Face) -> list[str]:
    spelled = shorten(face.spell(label), face.columns - _INDENT)
    gap = " " * _INDENT
    lines = list(body)
    if cells(spelled) < _LABEL:
        head = face.paint(spelled, "dim") + " " * (_LABEL - cells(spelled))
        return [gap + (head if index == 0 else " " * _LABEL) + line for index, line in enumerate(lines)]
    return [gap + face.paint(spelled, "dim"), *(gap + " " * _LABEL + line for line in lines)]


def _body(block: Block, face: Face) -> list[str]:
    room = face.columns - _INDENT - _LABEL
    if isinstance(block, Line):
        return wrap(face.spell(block.text), room)
    if isinstance(block, Table):
        return _table(block, face, room)
    if isinstance(block, Command):
        return _command([face.spell(word) for word in block.quoted], room)
    return wrap(_curve(block, face), room)


def _command(words: Iterable[str], room: int) -> list[str]:
    """The command on lines that a shell joins; a word that is wider than a line stays whole."""
    lines: list[str] = []
    for word in words:
        if lines and cells(f"{lines[-1]} {word}") + cells(_CONTINUED) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return [line + _CONTINUED for line in lines[:-1]] + lines[-1:]


def _table(table: Table, face: Face, room: int) -> list[str]:
    rows = [[face.spell(cell) for cell in row] for row in table.rows]
    header = [face.spell(cell) for cell in table.header]
    everything = [header, *rows] if any(header) else rows
    widths, gap = _widths(everything, room)
    right = [_is_numeric([row[column] for row in rows if column < len(row)]) for column in range(len(widths))]
    lines = [shorten(_row(row, widths, right, gap), room) for row in everything]
    offset = len(everything) - len(rows)
    if offset:
        lines[0] = face.paint(lines[0], "dim")
    marks = [face.spell(mark) for mark in table.marks]
    marked = list(zip_longest(lines[offset:], marks[: len(rows)], fillvalue=""))
    return lines[:offset] + [line for row, mark in marked for line in _marked(row, mark, room)]


def _marked(row: str, mark: str, room: int) -> list[str]:
    """A row with its mark beside it, or under it where that is too wide."""
    if not mark:
        return [row]
    if cells(row + _GAP + mark) <= room:
        return [row + _GAP + mark]
    return [row, *(_GAP + line for line in wrap(mark, room - cells(_GAP)))]


def _widths(rows: Sequence[Sequence[str]], room: int) -> tuple[list[int], str]:
    """Column widths and the gap between; gaps give way before the widest columns until rows fit ``room``."""
    count = max((len(row) for row in rows), default=0)
    widths = [max((cells(row[i]) for row in rows if i < len(row)), default=0) for i in range(count)]
    gap = _GAP
    while sum(widths) + len(gap) * (count - 1) > room and len(gap) > 1:
        gap = gap[1:]
    while widths and sum(widths) + len(gap) * (count - 1) > room and max(widths) > 6:
        widths[widths.index(max(widths))] -= 1
    return widths, gap


def _row(row: Sequence[str], widths: Sequence[int], right: Sequence[bool], gap: str) -> str:
    fitted = (pad(shorten(cell, w), w, right=r) for cell, w, r in zip(row, widths, right, strict=False))
    return gap.join(fitted).rstrip()


def _is_numeric(column: Sequence[str]) -> bool:
    filled = [cell for cell in column if cell]
    return bool(filled) and all(cell[0].isdigit() or cell[0] in "+-−<>≤≥" for cell in filled)


def _curve(curve: Curve, face: Face) -> str:
    known = [value for value in (*curve.values, *curve.before) if value is not None]
    top = max(known, default=0.0)
    text = sparkline(curve.values, top=top)
    if curve.before:
        text += f"   before {sparkline(curve.before, top=top)}"
    return face.spell(text)
