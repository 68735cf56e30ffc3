"""User queries through the whole client and the in-process server, on the demo shop."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import pytest_mixpanel as mp


@pytest.fixture(scope="module")
def ws() -> Iterator[mp.Workspace]:
    with mp.Workspace(project="demo") as workspace:
        yield workspace


def test_a_count_is_a_number_and_a_row(ws: mp.Workspace) -> None:
    result = ws.query_user()
    assert result.value == result.total == 20_000
    assert result.df.to_dict("records") == [{"metric": "count()", "value": 20_000}]


def test_one_profile_is_the_default(ws: mp.Workspace) -> None:
    result = ws.query_user(mode="profiles")
    assert result.total == 1
    assert result.distinct_ids == ["user-00001"]


def test_all_pages_are_fetched(ws: mp.Workspace) -> None:
    result = ws.query_user(mode="profiles", limit=2_500, properties=["plan"])
    assert result.total == 2_500
    assert result.meta["pages_fetched"] == 3
    assert list(result.df.columns) == ["distinct_id", "last_seen", "plan"]


def test_filters_part_the_population(ws: mp.Workspace) -> None:
    free = ws.query_user(where=mp.Filter.equals("plan", "FREE")).value
    others = ws.query_user(where=mp.Filter.not_equals("plan", "free")).value
    assert free is not None
    assert others is not None
    assert free + others == 20_000


def test_a_cohort_chooses_users_and_parts_events(ws: mp.Workspace) -> None:
    buyers = mp.CohortDefinition.all_of(
        mp.CohortCriteria.did_event("Purchase", at_least=2, within_days=60),
        mp.CohortCriteria.has_property("plan", "free", operator="not_equals"),
    )
    logins = ws.query(
        "Login", math="unique", mode="total", last=30, group_by=mp.CohortBreakdown(buyers, "Buyers")
    )
    counts = dict(zip(logins.df["segment"], logins.df["count"], strict=True))
    assert counts["Buyers"] + counts["Not In Buyers"] == counts["$overall"]
    size = ws.query_user(cohort=buyers).value
    assert size is not None
    assert counts["Buyers"] <= size


def test_a_custom_property_is_measured(ws: mp.Workspace) -> None:
    double = mp.InlineCustomProperty.numeric("A * 2", A="order_total")
    plain = ws.query("Purchase", math="average", math_property="order_total", mode="total")
    doubled = ws.query("Purchase", math="average", math_property=double, mode="total")
    assert doubled.df["count"][0] == pytest.approx(2 * plain.df["count"][0])


def test_contradictions_are_refused_before_anything_is_sent(ws: mp.Workspace) -> None:
    with pytest.raises(mp.BookmarkValidationError, match="distinct_id or distinct_ids"):
        ws.query_user(mode="profiles", distinct_id="a", distinct_ids=["b"])
    with pytest.raises(mp.BookmarkValidationError, match="needs an aggregate_property"):
        ws.query_user(aggregate="extremes")
