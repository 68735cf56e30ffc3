"""What is no YAML, or no text, is told with its place and what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_mixpanel.dsl.reader import read_checks, read_text
from pytest_mixpanel.kinds.registry import grammars


def told(text: str) -> tuple[str, str, str]:
    """Place, message and hint of the text's only problem."""
    (problem,) = read_text(text, "x.checks.yaml", grammars(), {}).problems
    assert problem.code == "not-yaml"
    return f"{problem.line}:{problem.column}", problem.message, problem.hint


@pytest.mark.parametrize(
    ("text", "place", "message", "hint"),
    [
        ("a:\n\tb: 1", "2:1", "a tab cannot indent", "indent with spaces"),
        ("a: b\n\tb: 1", "2:1", "a tab cannot indent", "indent with spaces"),
        ("a:\n  b: 1\n c: 2", "3:2", "the line begins deeper or less deep", "indent it as"),
        ("- a\n - b\n-c: 1", "3:1", "the line begins deeper or less deep", "indent it as"),
        ("a: b\n  c: d", "2:4", "a key stands where", "indent it as"),
        ("title: a: b", "1:9", "a second ': ' in one line", "put the text in quotes"),
        ("a: %b", "1:4", "a text cannot begin with '%'", "put the text in quotes"),
        ("a: [*]", "1:6", "a text that begins with '*'", "put the text in quotes"),
        ("a: *b", "1:4", "a text that begins with '*'", "put the text in quotes"),
        ('b:\na: "open\n', "2:4", "this quote is never closed", 'close it with "'),
        ("a: 'it's'", "1:8", '"s\'" follows a value that has ended', "put the whole value in quotes"),
        ("a: {b: [c, d: e}", "1:16", "the list that begins at 1:8 is not closed", "add ']'"),
        ("a: {b: 1\nc: 2", "2:2", "the map that begins at 1:4 is not closed", "add '}'"),
        ("a: 1\n---\nb: 1", "2:1", "a file holds one document", "remove '---'"),
        ("a: 1\nb: \x00", "2:4", "the character U+0000 is not allowed", "remove it"),
        ('a: "\\q"', "1:5", "while parsing a quoted scalar, found unknown escape character", ""),
    ],
)
def test_what_is_no_yaml_says_what_was_meant(text: str, place: str, message: str, hint: str) -> None:
    found = told(text)
    assert found[0] == place
    assert found[1].startswith(message)
    assert found[2].startswith(hint)


@pytest.mark.parametrize(
    ("data", "place", "source", "message"),
    [
        (b"version: 1\ntitle: caf\xe9\n", (2, 11), "title: caf\N{REPLACEMENT CHARACTER}", "the byte 0xe9"),
        (b"a: \xc3\xa4\r\nb: \xc3\xa4\xff", (2, 5), "b: ä\N{REPLACEMENT CHARACTER}", "the byte 0xff"),
        ("version: 1".encode("utf-16"), (1, 1), "", "the file is UTF-16"),
    ],
)
def test_what_is_not_utf_8_is_told_with_its_line(
    tmp_path: Path, data: bytes, place: tuple[int, int], source: str, message: str
) -> None:
    (tmp_path / "x.checks.yaml").write_bytes(data)
    (problem,) = read_checks(tmp_path / "x.checks.yaml", grammars(), {}).problems
    assert problem.code == "unreadable"
    assert (problem.line, problem.column) == place
    assert problem.place.source == source
    assert problem.message.startswith(message)
    assert "UTF-8" in problem.hint


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    text = "version: 1\nchecks:\n  - {id: a, measure: {volume: Purchase}, fail_if: count < 5}\n"
    (tmp_path / "x.checks.yaml").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    file = read_checks(tmp_path / "x.checks.yaml", grammars(), {})
    assert file.problems == ()
    assert [check.line for check in file.checks] == [3]
