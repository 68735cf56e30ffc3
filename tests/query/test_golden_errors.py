"""Our refusals against those of the published client: the same error, with the same codes.

``MIXPANEL_GOLDEN`` names further files (colon-separated); ``deliberate.py`` says where ours differs, and why.
"""

from __future__ import annotations

from typing import Any

import pytest

from pytest_mixpanel.core import errors
from tests.query.calls import answer_to, called
from tests.query.deliberate import reason_to_differ
from tests.vectors import load

CASES = [case for case in load("golden_errors.jsonl", "MIXPANEL_GOLDEN") if "error" in case]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_refuses_what_the_published_client_refuses(case: dict[str, Any]) -> None:
    answer = answer_to(case["kwargs_repr"])
    if reason_to_differ(case["kwargs_repr"], answer.codes):
        return
    kind = getattr(errors, case["error"], ValueError)
    with pytest.raises(kind):
        called(case["kwargs_repr"])
    if case.get("codes"):
        assert sorted(answer.codes or ()) == sorted(case["codes"])


def test_every_problem_says_where_it_is_and_what_to_write() -> None:
    for case in CASES:
        for problem in answer_to(case["kwargs_repr"]).problems:
            assert problem.path
            assert problem.message
            assert problem.suggestion is None or all(isinstance(word, str) for word in problem.suggestion)
