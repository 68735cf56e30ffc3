"""The suites night after night: quiet on the healthy shop, sooner or later loud after the incident."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from pytest_mixpanel import Workspace
from pytest_mixpanel.demo import NOW
from pytest_mixpanel.dsl.reader import read_checks
from pytest_mixpanel.dsl.spec import CheckSpec
from pytest_mixpanel.kinds.registry import grammars
from pytest_mixpanel.runner.session import CheckSession

CHECKS = Path(__file__).parents[2] / "checks"
STATISTICAL = ("funnel", "retention", "volume", "mix")


def specs() -> list[CheckSpec]:
    files = sorted(CHECKS.glob("*.checks.yaml"))
    read = [spec for file in files for spec in read_checks(file, grammars(), {}).checks]
    return [spec for spec in read if spec.kind in STATISTICAL]


def outcomes(project: str, nights_ago: int) -> dict[str, str]:
    """What the statistical checks come to when the clock stands so many nights before the last."""
    session = CheckSession(Workspace(project=project, now=NOW - timedelta(days=nights_ago)))
    return {spec.id: str(session.run(spec).verdict.outcome) for spec in specs()}


@pytest.mark.slow
def test_no_check_fails_on_the_healthy_shop_in_seven_weeks() -> None:
    """Rule 1.5 allows a percent per check and night without a change; the margins leave far less."""
    seen = Counter(outcome for nights in range(0, 50, 2) for outcome in outcomes("demo", nights).values())
    assert seen["fail"] == seen["error"] == 0
    assert seen["pass"] > 0.9 * (seen.total() - seen["warn"])


@pytest.mark.slow
def test_against_a_committed_baseline_the_incident_shows_a_week_after_it_began() -> None:
    """The first whole week on which everyone had the hour to pay, and a day to settle, ends on March 1."""
    nights = range(28, -1, -7)
    assert [outcomes("demo:incident", night)["payment-as-agreed"] for night in nights] == ["fail"] * 5


@pytest.mark.slow
def test_over_a_window_of_four_weeks_it_shows_once_most_of_the_window_is_struck() -> None:
    """Half old days, half new ones are no level to judge: undecided, then red, never green again."""
    nights = range(34, -1, -1)
    seen = [outcomes("demo:incident", night)["purchase-no-regression"] for night in nights]
    assert seen[0] == "pass"
    assert seen[-1] == "fail"
    assert "pass" not in seen[seen.index("inconclusive") :]
