"""Days that are settled stay, days that are not expire."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import pytest_mixpanel as mp
from pytest_mixpanel.query.build.flow import build_flow_params
from pytest_mixpanel.query.build.funnel import build_funnel_params
from pytest_mixpanel.query.build.insights import build_params
from pytest_mixpanel.query.build.retention import build_retention_params
from pytest_mixpanel.workspace.transport.question import Question
from pytest_mixpanel.workspace.transport.settled import FRESH, last_day, right_until

TODAY = date(2026, 3, 20)
NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
DAYS = {"from_date": "2026-03-01", "to_date": "2026-03-10"}


def asked(params: dict[str, Any], path: str = "/api/query/insights") -> Question:
    return Question("POST", path, {}, {"bookmark": params, "project_id": 3})


def insights(**kwargs: Any) -> Question:
    return asked(build_params("Login", today=TODAY, **{**DAYS, **kwargs}))


def test_a_range_of_dates_is_settled_after_its_last_day() -> None:
    assert last_day(insights()) == date(2026, 3, 10)
    assert last_day(insights(group_by="platform", where=mp.Filter.equals("plan", "pro"))) == date(2026, 3, 10)


def test_conversions_arrive_until_the_window_has_passed() -> None:
    params = build_funnel_params(["View", "Buy"], conversion_window=14, today=TODAY, **DAYS)
    assert last_day(asked(params)) == date(2026, 3, 24)


def test_users_may_return_for_sixty_buckets() -> None:
    daily = build_retention_params("Signup", "Login", retention_unit="day", today=TODAY, **DAYS)
    weekly = build_retention_params("Signup", "Login", retention_unit="week", today=TODAY, **DAYS)
    assert last_day(asked(daily)) == date(2026, 3, 10) + timedelta(days=60)
    assert last_day(asked(weekly)) == date(2026, 3, 10) + timedelta(weeks=60)


def test_a_flow_goes_on_through_its_window() -> None:
    params = build_flow_params("Login", conversion_window=7, today=TODAY, **DAYS)
    assert last_day(asked(params, "/api/query/arb_funnels")) == date(2026, 3, 17)


@pytest.mark.parametrize(
    "question",
    [
        asked(build_params("Login", last=7, today=TODAY)),
        insights(where=mp.Filter.equals("plan", "pro", resource_type="people")),
        insights(where=mp.Filter.in_the_last("signed_up", 7, "day")),
        insights(where=mp.Filter.in_cohort(5, "Buyers")),
        insights(time_comparison=mp.TimeComparison.absolute_start("2026-03-12")),
        Question("GET", "/api/query/events/names", {"to_date": "2020-01-01"}),
        Question("POST", "/api/query/engage", {}, {"page": 0}),
        asked({"sections": "nonsense"}),
        asked({}),
    ],
    ids=[
        "last 7 days",
        "profiles",
        "dates from now",
        "cohort",
        "later range",
        "names",
        "users",
        "odd",
        "empty",
    ],
)
def test_what_the_moment_of_asking_decides_is_never_settled(question: Question) -> None:
    assert last_day(question) is None


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (datetime(2026, 3, 15, 23, 59, tzinfo=UTC), datetime(2026, 3, 16, tzinfo=UTC)),
        (datetime(2026, 3, 15, 12, tzinfo=UTC), datetime(2026, 3, 15, 12, 10, tzinfo=UTC)),
        (datetime(2026, 3, 16, 0, 0, tzinfo=UTC), None),
    ],
    ids=["ends with the day", "ten minutes", "settled"],
)
def test_five_days_later_an_answer_is_right_for_good(now: datetime, until: datetime | None) -> None:
    assert right_until(insights(), now, "UTC") == until


def test_the_days_are_those_of_the_project() -> None:
    just_before = datetime(2026, 3, 15, 23, 30, tzinfo=UTC)  # already the 16th in Berlin
    assert right_until(insights(), just_before, "Europe/Berlin") is None
    assert right_until(insights(), just_before, "UTC") is not None


def test_further_pages_outlive_the_first() -> None:
    first = Question("POST", "/api/query/engage", {}, {"page": 0})
    second = Question("POST", "/api/query/engage", {}, {"page": 1, "session_id": "s"})
    assert right_until(first, NOW, "UTC") == NOW + FRESH
    assert right_until(second, NOW, "UTC") == NOW + 2 * FRESH


def test_every_golden_query_has_an_answer_that_is_right_for_some_time() -> None:
    path = Path(__file__).parents[2] / "vectors" / "golden_params.jsonl"
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    settled = 0
    for case in cases:
        flow = "flow" in case["method"]
        question = asked(case["params"], "/api/query/arb_funnels" if flow else "/api/query/insights")
        until = right_until(question, NOW, "UTC")
        assert until is None or until > NOW
        settled += until is None
    assert settled > len(cases) / 3  # most are of January 2025
