"""A runner whose verdicts the tests choose: the id of a check begins with what it comes to."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_mixpanel.core.explanation import Explanation, Line
from pytest_mixpanel.core.verdict import Interval, Outcome, Verdict


def result_of(spec: Any) -> Any:
    from pytest_mixpanel.runner.result import CheckResult

    outcome = Outcome(spec.id.partition("-")[0])
    return CheckResult(
        spec.id,
        str(spec.path),
        spec.line,
        spec.owner,
        Verdict(
            outcome,
            estimate=0.169,
            interval=Interval(0.1625, 0.1757, 0.95, "wilson"),
            n={"entrants": 12480},
        ),
        Explanation(f"conversion of {spec.id}", "A title", (Line("got", "16.90 %"),)),
    )


class Session:
    def run(self, spec: Any) -> Any:
        return result_of(spec)


@pytest.fixture(scope="session")
def mixpanel() -> object:
    return object()


@pytest.fixture(scope="session")
def _mixpanel_session(mixpanel: object) -> Session:
    return Session()


def check(id_: str) -> Any:
    """A check for a Python test."""
    from tests.plugin.fake_language import CheckSpec

    return CheckSpec(id_)
