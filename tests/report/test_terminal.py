"""Panels in a terminal."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given, strategies as st
from syrupy.assertion import SnapshotAssertion

from pytest_mixpanel.core.explanation import Command, Curve, Explanation, Line, Table
from pytest_mixpanel.core.verdict import Outcome
from pytest_mixpanel.report.run import Run
from pytest_mixpanel.report.terminal import Face, panel
from pytest_mixpanel.report.text import cells
from tests.report.runs import AGAIN, is_still

INDENT = 12
"""Columns before what a panel shows beside a label."""


def panels(run: Run, face: Face) -> str:
    shown = (panel(r.name, r.verdict.outcome, r.explanation, face) for r in run.results)
    return "\n\n".join(shown) + "\n"


@pytest.mark.parametrize(
    "face",
    [Face(), Face(width=60), Face(unicode=False), Face(colour=True)],
    ids=["plain", "narrow", "ascii", "colour"],
)
def test_the_panels_of_a_run(run: Run, face: Face, golden: SnapshotAssertion) -> None:
    assert panels(run, face) == golden


@pytest.mark.parametrize("width", [40, 60, 80, 100, 200])
def test_no_line_but_a_word_of_a_command_is_wider_than_the_terminal_nor_than_100_columns(
    run: Run, width: int
) -> None:
    lines = panels(run, Face(width=width)).splitlines()
    wide = {line.strip() for line in lines if cells(line) > min(width, 100)}
    assert wide <= {word for quoted in AGAIN.quoted for word in (quoted, f"{quoted} \\")}


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=6), st.integers(40, 120))
def test_a_command_is_read_by_a_shell_as_it_was_written(words: list[str], width: int) -> None:
    printable = tuple("".join(filter(str.isprintable, word)) or "x" for word in words)
    shown = panel("shop::a", Outcome.FAIL, Explanation("", None, (Command("again", printable),)), Face(width))
    _, *lines = shown.splitlines()
    command = "\n".join(line[INDENT:] for line in lines).replace(" \\\n", " ")
    assert shlex.split(command) == list(printable)
    assert "\n" not in command
    assert is_still(command)


def test_without_unicode_only_ascii_is_printed(run: Run) -> None:
    assert panels(run, Face(unicode=False)).isascii()


names = st.text(max_size=60)
blocks = st.one_of(
    st.builds(Line, names, names),
    st.builds(
        Table, names, st.tuples(names, names), st.lists(st.tuples(names, names), max_size=3).map(tuple)
    ),
    st.builds(Curve, names, st.lists(st.none() | st.floats(0, 1), max_size=50).map(tuple)),
)


@given(names, names, st.lists(blocks, max_size=4), st.integers(20, 120))
def test_whatever_an_event_is_called_nothing_moves_the_cursor_or_overflows(
    name: str, headline: str, shown: list[Line | Table | Curve], width: int
) -> None:
    face = Face(width=width)
    text = panel(name, Outcome.FAIL, Explanation(headline, name, tuple(shown)), face)
    for line in text.split("\n"):
        assert is_still(line)
        assert cells(line) <= face.columns
