"""Runs as Markdown."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from syrupy.assertion import SnapshotAssertion

from pytest_mixpanel.report.markdown import escape, markdown
from pytest_mixpanel.report.run import Run


def test_a_run(run: Run, golden: SnapshotAssertion) -> None:
    assert markdown(run) == golden


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a|b", r"a\|b"),
        ("*bold* _it_ ~no~", r"\*bold\* \_it\_ \~no\~"),
        ("`code`", r"\`code\`"),
        ("[a](http://b)", r"\[a\](http&#58;//b)"),
        ("<b>&", "&lt;b&gt;&amp;"),
        ("@octocat fixes #12", r"&#64;octocat fixes \#12"),
        ("www.example.org", "www&#46;example.org"),
        ("two\nlines", r"two\\nlines"),
        ("purchase-floor", "purchase-floor"),
    ],
)
def test_markup_is_shown_not_obeyed(text: str, shown: str) -> None:
    assert escape(text) == shown


@given(st.text())
def test_nothing_breaks_out_of_its_line_or_cell(text: str) -> None:
    shown = escape(text)
    assert "\n" not in shown
    assert "<" not in shown
    assert "|" not in shown.replace("\\\\", "").replace("\\|", "")
