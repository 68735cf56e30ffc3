"""Runs as a page."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given, strategies as st
from syrupy.assertion import SnapshotAssertion

from pytest_mixpanel.core.explanation import Command, Curve, Explanation, Line, Table
from pytest_mixpanel.core.verdict import Outcome, Verdict
from pytest_mixpanel.report.html import html
from pytest_mixpanel.report.run import Run
from tests.report.runs import result_of

OURS = {
    *("html", "head", "meta", "title", "style", "body", "h1", "p", "details", "summary", "b", "span", "code"),
    *("dl", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "svg", "path"),
}


class Page(HTMLParser):
    """The elements, attributes and text of a page; raises nothing, remembers what is open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_run(run: Run, golden: SnapshotAssertion) -> None:
    assert html(run) == golden


def test_the_page_loads_nothing_and_runs_nothing(run: Run) -> None:
    page = Page(html(run))
    assert {tag for tag, _ in page.elements} <= OURS
    for _, attributes in page.elements:
        assert not {"src", "href", "srcset", "action"} & attributes.keys()
        assert not [name for name in attributes if name.startswith("on")]
    assert ("meta", "default-src 'none'; style-src 'unsafe-inline'") in [
        (tag, attributes.get("content")) for tag, attributes in page.elements
    ]


def test_what_did_not_pass_is_open_and_comes_first(run: Run) -> None:
    details = [attributes for tag, attributes in Page(html(run)).elements if tag == "details"]
    assert ["open" in attributes for attributes in details] == [True] * 7 + [False]


texts = st.text(max_size=30)


@given(texts, texts, texts)
def test_whatever_an_event_is_called_it_stays_text(a: str, b: str, c: str) -> None:
    blocks = (
        Line(a, b),
        Table(b, (a, c), ((c, a),), (b,)),
        Curve(c, (1.0, None, 0.5), (0.2,)),
        Command(a, (b, c)),
    )
    page = Page(
        html(Run(a, None, None, (result_of(c, Verdict(Outcome.FAIL), Explanation(a, b, blocks), c),)))
    )
    assert {tag for tag, _ in page.elements} <= OURS
    assert page.open == []
