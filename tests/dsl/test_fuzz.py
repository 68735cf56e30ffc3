"""Whatever a file holds, reading it ends in checks or in problems with a place, never in an exception."""

from __future__ import annotations

from typing import Any

import yaml
from hypothesis import given, settings, strategies as st

from pytest_mixpanel.dsl.checks import INHERITED, OWN
from pytest_mixpanel.dsl.reader import FILE_KEYS, read_text
from pytest_mixpanel.kinds.registry import grammars

WORDS = [
    *FILE_KEYS, *INHERITED, *OWN, *grammars(), "measure", "steps", "event", "within", "by", "to", "born",
    "return", "where", "drift", "properties", "expectations", "plan", "last", "min_n", "type", "default",
]  # fmt: skip
VALUES = [
    "Purchase", "conversion < 18%", "count < 5", "28d", "previous_period", "10%rel", "5%", "${window}", "${x",
    "a", "", "> 0", "fail", "NO", "1e400", "\u202e", "\x85\u2028",
    "share(a) > 1%", "day 7 < 3%", 0, 1, -1, 1.5, True, None,
]  # fmt: skip

scalars = st.sampled_from(VALUES) | st.text(max_size=6)
trees = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=12,
)
measures = st.dictionaries(st.sampled_from(list(grammars())), trees, min_size=1, max_size=2)
checks = st.fixed_dictionaries(
    {"id": st.sampled_from(["a", "b"]) | trees, "measure": measures | trees},
    optional=dict.fromkeys(
        ["fail_if", "compare", "max_drop", "where", "segments", "requires", "tags"], trees
    ),
)
files = st.fixed_dictionaries(
    {"version": st.just(1), "checks": st.lists(checks, max_size=3) | trees},
    optional=dict.fromkeys(["vars", "defaults", "metrics", "suite", "links"], trees),
)


@settings(max_examples=300)
@given(files | trees)
def test_any_document_is_read(document: Any) -> None:
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False)
    file = read_text(text, "x.checks.yaml", grammars(), {"window": "28d"})
    for problem in file.problems:
        assert problem.place.source in text
        assert problem.place.source or problem.code in ("missing-key", "bad-value")
        assert 1 <= problem.column <= len(problem.place.source) + 1
        assert problem.render()
    assert file.checks or file.problems


@settings(max_examples=200)
@given(st.text(alphabet="abc:-[]{}&*!|>'\"#%@,?\n\t \x00\ufeff1<", max_size=80))
def test_any_text_is_read(text: str) -> None:
    file = read_text(text, "x.checks.yaml", grammars(), {})
    assert file.problems
    assert all(problem.render() for problem in file.problems)
