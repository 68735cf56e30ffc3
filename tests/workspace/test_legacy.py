"""The older calls over a few events: each number is counted by hand from the table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from pytest_mixpanel import (
    DateRangeTooLargeError,
    QueryError,
    ResponseValidationError,
    Workspace,
)
from tests.api.recording import recorded
from tests.engine.events import event, project
from tests.vectors import load
from tests.workspace.local import over

MARCH = {"from_date": "2025-03-01", "to_date": "2025-03-03"}
SHOP = [
    event("Buy", "u1", "2025-03-01T10:00", country="ES", price=5, tags=["new", "sale"]),
    event("Buy", "u1", "2025-03-01T11:00", country="ES", price=15.5, tags=["sale"]),
    event("Buy", "u2", "2025-03-01T12:00", country="FR", price="12"),
    event("Buy", "u2", "2025-03-03T00:00", country="fr", price=115),
    event("Buy", "u3", "2025-03-03T23:59", price=25, country=None),
    event("Visit", "u1", "2025-03-02T10:00", country="ES"),
    event("Visit", "u2", "2025-03-02T10:30"),
    event("Buy", "u1", "2025-03-04T00:00", country="ES", price=1),
]
PROFILES = [
    {"$distinct_id": "u1", "plan": "gold"},
    {"$distinct_id": "u2", "plan": "free"},
]


@pytest.fixture(scope="module")
def shop() -> Workspace:
    return over(project(SHOP, profiles=PROFILES))


def test_segmentation_without_segments_is_the_event_over_its_days(shop: Workspace) -> None:
    found = shop.segmentation("Buy", **MARCH)
    assert found.series == {"Buy": {"2025-03-01": 3, "2025-03-02": 0, "2025-03-03": 2}}
    assert found.total == 5
    assert list(found.df.columns) == ["date", "segment", "count"]
    assert found.df["count"].tolist() == [3, 0, 2]


def test_segmentation_is_by_the_values_of_a_property_the_largest_first(shop: Workspace) -> None:
    found = shop.segmentation("Buy", on="country", **MARCH)
    assert {name: sum(days.values()) for name, days in found.series.items()} == {
        "ES": 2,
        "FR": 1,
        "fr": 1,
        "undefined": 1,
    }
    assert next(iter(found.series)) == "ES"
    assert found.segment_property == "country"


def test_a_list_is_in_the_segment_of_each_item(shop: Workspace) -> None:
    found = shop.segmentation("Buy", on='properties["tags"]', **MARCH)
    assert {name: sum(days.values()) for name, days in found.series.items()} == {
        "undefined": 3,
        "sale": 2,
        "new": 1,
    }


@pytest.mark.parametrize(
    ("where", "count"),
    [
        ('properties["price"] > 10', 3),
        ('event["country"] == "ES" or user["plan"] == "free"', 4),
        ('number(properties["price"]) == 12', 1),
        ('"s" in string(properties["price"])', 0),
        ('not defined(properties["country"])', 1),
        ('"new" in properties["tags"]', 1),
        ('properties["price"] + 5 == 120', 1),
        ('properties["$distinct_id"] == "u3"', 1),
        ('properties["nothing"] == 1', 0),
    ],
)
def test_an_expression_chooses_events(shop: Workspace, where: str, count: int) -> None:
    assert shop.segmentation("Buy", where=where, **MARCH).total == count


def test_an_expression_that_cannot_be_read_is_refused_with_its_place(shop: Workspace) -> None:
    with pytest.raises(QueryError, match=r"formula 1:21"):
        shop.segmentation("Buy", where='properties["price"] ! 3', **MARCH)
    with pytest.raises(QueryError, match="no function SQRT"):
        shop.segmentation("Buy", where='sqrt(properties["price"]) > 1', **MARCH)


def test_weeks_and_months_carry_the_day_they_begin_on(shop: Workspace) -> None:
    weekly = shop.segmentation("Buy", unit="week", from_date="2025-03-01", to_date="2025-03-04")
    assert weekly.series == {"Buy": {"2025-02-24": 3, "2025-03-03": 3}}
    assert shop.segmentation("Buy", unit="month", **MARCH).series == {"Buy": {"2025-03-01": 5}}


def test_events_are_counted_as_records_users_or_records_per_user(shop: Workspace) -> None:
    def first_day(type: str) -> list[float]:
        found = shop.event_counts(["Buy", "Visit"], type=type, from_date="2025-03-01", to_date="2025-03-01")  # type: ignore[arg-type]  # drawn from the literals
        return [found.series[name]["2025-03-01"] for name in ("Buy", "Visit")]

    assert first_day("general") == [3, 0]
    assert first_day("unique") == [2, 0]
    assert first_day("average") == [1.5, 0]


def test_events_that_are_not_there_are_counted_as_none(shop: Workspace) -> None:
    assert shop.event_counts(["Nothing"], **MARCH).df["count"].tolist() == [0, 0, 0]


def test_values_of_a_property_are_counted_but_for_what_is_not_set(shop: Workspace) -> None:
    found = shop.property_counts("Buy", "country", **MARCH)
    assert {value: sum(days.values()) for value, days in found.series.items()} == {"ES": 2, "FR": 1, "fr": 1}
    assert list(shop.property_counts("Buy", "country", limit=1, **MARCH).series) == ["ES"]
    wanted = shop.property_counts("Buy", "country", values=["FR", "IT"], type="unique", **MARCH)
    assert {value: sum(days.values()) for value, days in wanted.series.items()} == {"FR": 1, "IT": 0}
    assert list(wanted.df.columns) == ["date", "value", "count"]


def test_a_sum_is_of_numbers_and_a_mean_of_nothing_is_missing(shop: Workspace) -> None:
    summed = shop.segmentation_sum("Buy", on="price", **MARCH)
    assert summed.results == {"2025-03-01": 20.5, "2025-03-02": 0.0, "2025-03-03": 140.0}
    assert summed.computed_at
    mean = shop.segmentation_average("Buy", on='properties["price"] * 2', **MARCH)
    assert mean.results == {"2025-03-01": 20.5, "2025-03-02": None, "2025-03-03": 140.0}
    assert np.isnan(mean.df["average"][1])


def test_a_sum_can_be_by_the_hour(shop: Workspace) -> None:
    found = shop.segmentation_sum(
        "Buy", on="price", unit="hour", from_date="2025-03-01", to_date="2025-03-01"
    )
    assert len(found.results) == 24
    assert found.results["2025-03-01 11:00:00"] == 15.5


def test_numbers_fall_into_even_ranges_without_their_upper_end(shop: Workspace) -> None:
    found = shop.segmentation_numeric("Buy", on="price", **MARCH)
    assert {name: sum(days.values()) for name, days in found.series.items()} == {
        "0 - 10": 1,
        "10 - 20": 1,
        "20 - 30": 1,
        "110 - 120": 1,
    }
    assert list(found.df.columns) == ["date", "bucket", "count"]


def test_ranges_are_written_with_thousands_separators() -> None:
    many = over([event("Buy", "u", "2025-03-01T10:00", price=price) for price in (1_999, 2_000, 9_999)])
    found = many.segmentation_numeric("Buy", on="price", **MARCH)
    assert list(found.series) == ["1,000 - 2,000", "2,000 - 3,000", "9,000 - 10,000"]
    same = over([event("Buy", "u", "2025-03-01T10:00", price=0.25)])
    assert (
        sum(len(days) for days in same.segmentation_numeric("Buy", on="price", **MARCH).series.values()) == 3
    )


RETURNS = [
    event("Signup", "u1", "2025-03-01T20:00"),
    event("Signup", "u1", "2025-03-02T09:00"),  # no first time, and so no birth
    event("Signup", "u2", "2025-03-01T08:00", via="ad"),
    event("Signup", "u3", "2025-03-02T10:00"),
    event("Login", "u1", "2025-03-01T21:00"),  # within a day of the birth
    event("Login", "u1", "2025-03-03T19:00"),  # 47 hours after it
    event("Login", "u1", "2025-03-03T19:30"),
    event("Login", "u2", "2025-03-03T09:00"),  # 49 hours
    event("Login", "u3", "2025-03-02T10:00"),  # at the birth itself
    event("Login", "u3", "2025-03-01T10:00"),  # before it
]


def test_retention_is_by_first_time_and_hours_since_the_birth() -> None:
    found = over(RETURNS, now="2025-03-10").retention(
        born_event="Signup",
        return_event="Login",
        from_date="2025-03-01",
        to_date="2025-03-02",
        interval_count=2,
    )
    first, second = found.cohorts
    assert (first.date, first.size, first.retention) == ("2025-03-01", 2, [0.5, 0.5, 0.5])
    assert (second.date, second.size, second.retention) == ("2025-03-02", 1, [1.0, 0.0, 0.0])
    assert list(found.df.columns) == ["cohort_date", "cohort_size", "period_0", "period_1", "period_2"]


def test_retention_leaves_out_what_has_not_begun() -> None:
    found = over(RETURNS, now="2025-03-03T20:00").retention(
        born_event="Signup",
        return_event="Login",
        from_date="2025-03-01",
        to_date="2025-03-02",
        interval_count=5,
    )
    assert [len(cohort.retention) for cohort in found.cohorts] == [3, 2]
    assert found.df["period_2"].isna().tolist() == [False, True]


def test_births_and_returns_can_be_chosen_by_expression() -> None:
    workspace = over(RETURNS, now="2025-03-10")
    days = {"from_date": "2025-03-01", "to_date": "2025-03-02", "interval_count": 3}
    ads = workspace.retention(
        born_event="Signup", return_event="Login", born_where='properties["via"] == "ad"', **days
    )
    assert [cohort.size for cohort in ads.cohorts] == [1, 0]
    assert ads.cohorts[1].retention == [0.0] * 4
    none = workspace.retention(
        born_event="Signup", return_event="Login", return_where='properties["via"] == "ad"', **days
    )
    assert none.cohorts[0].retention == [0.0] * 4


def test_an_interval_is_the_length_of_rows_and_columns() -> None:
    found = over(RETURNS, now="2025-03-10").retention(
        born_event="Signup",
        return_event="Login",
        from_date="2025-03-01",
        to_date="2025-03-03",
        interval=2,
        interval_count=1,
    )
    assert [(cohort.date, cohort.size) for cohort in found.cohorts] == [("2025-03-01", 3), ("2025-03-03", 0)]
    assert found.cohorts[0].retention == pytest.approx([2 / 3, 1 / 3])  # u1 and u3 at once, u2 after 49 hours


VECTORS = [
    vector
    for vector in load("semantics_vectors.json", "MIXPANEL_VECTORS")
    if vector["query"]["method"] == "frequency"
]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_frequency_has_the_numbers_of_the_semantics(vector: dict[str, Any]) -> None:
    events = [
        event(row["event"], row["distinct_id"], row["time"], **row["properties"]) for row in vector["events"]
    ]
    workspace = over(events, str(vector["now"]), str(vector["timezone"]))
    found = workspace.frequency(**vector["query"]["kwargs"])
    assert found.data == vector["expect"]["data"], vector["why"]


def test_frequency_counts_days_of_weeks_and_any_event(shop: Workspace) -> None:
    found = shop.frequency(unit="week", addiction_unit="day", from_date="2025-02-24", to_date="2025-03-09")
    # u1 and u2 on the 1st and 2nd; u1 on the 4th, u2 and u3 on the 3rd.
    assert found.data == {"2025-02-24": [2, 2, 0, 0, 0, 0, 0], "2025-03-03": [3, 0, 0, 0, 0, 0, 0]}
    assert list(found.df.columns) == ["date", *(f"period_{n}" for n in range(1, 8))]
    assert shop.frequency(event="Visit", where='defined(properties["country"])', **MARCH).data[
        "2025-03-02"
    ] == [1, *[0] * 23]


def test_the_feed_has_what_named_users_did_by_time(shop: Workspace) -> None:
    feed = shop.activity_feed(["u2", "nobody"], from_date="2025-03-02", to_date="2025-03-03")
    assert [(one.event, one.time) for one in feed.events] == [
        ("Visit", datetime(2025, 3, 2, 10, 30, tzinfo=UTC)),
        ("Buy", datetime(2025, 3, 3, tzinfo=UTC)),
    ]
    assert list(feed.df.columns)[:3] == ["event", "time", "distinct_id"]
    assert feed.df["distinct_id"].tolist() == ["u2", "u2"]
    assert feed.df["time"].dt.year.tolist() == [2025, 2025]
    assert len(over(SHOP, now="2025-03-30").activity_feed(["u1"]).events) == 4
    assert shop.activity_feed(["u1"]).events == []


def test_an_event_of_the_feed_without_a_time_is_an_error() -> None:
    workspace, _ = recorded({"results": {"events": [{"event": "A", "properties": {}}]}})
    with pytest.raises(ResponseValidationError, match=r"no properties\.time"):
        workspace.activity_feed(["u"])


def test_a_range_that_the_service_finds_too_long_is_an_error_that_says_how_long_it_may_be() -> None:
    import httpx

    refusal = httpx.Response(403, json={"error": "Date range exceeds 90 days into the past"})
    workspace, _ = recorded(lambda _: refusal)
    with pytest.raises(DateRangeTooLargeError) as error:
        workspace.segmentation("A", from_date="2025-01-01", to_date="2025-12-31")
    assert (error.value.days_requested, error.value.max_days) == (365, 90)
    with pytest.raises(DateRangeTooLargeError):
        next(workspace.stream_events(from_date="2025-01-01", to_date="2025-12-31"))


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (
            lambda ws: ws.segmentation("Buy", from_date="March", to_date="2025-03-01"),
            "from_date: should be a day",
        ),
        (
            lambda ws: ws.segmentation("Buy", from_date="2025-03-02", to_date="2025-03-01"),
            "to_date: .* before",
        ),
        (lambda ws: ws.segmentation("Buy", unit="minute", **MARCH), "unit: should be one of"),
        (lambda ws: ws.segmentation("", **MARCH), "event: missing"),
        (lambda ws: ws.segmentation("Buy", from_date="1900-01-01", to_date="2025-01-01"), "45657 days"),
        (lambda ws: ws.event_counts(["Buy"], type="sum", **MARCH), "type: should be one of general"),
        (
            lambda ws: ws.retention(born_event="A", return_event="B", interval=91, **MARCH),
            "interval: should be",
        ),
        (lambda ws: ws.frequency(addiction_unit="minute", **MARCH), "addiction_unit: should be one of"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_the_name_of_the_argument(
    shop: Workspace, ask: Callable[[Workspace], Any], said: str
) -> None:
    with pytest.raises(QueryError, match=said):
        ask(shop)


def test_results_are_frozen_short_to_read_and_ready_for_json(shop: Workspace) -> None:
    import json

    results = [
        shop.segmentation("Buy", **MARCH),
        shop.event_counts(["Buy"], **MARCH),
        shop.property_counts("Buy", "country", **MARCH),
        shop.segmentation_numeric("Buy", on="price", **MARCH),
        shop.segmentation_sum("Buy", on="price", **MARCH),
        shop.segmentation_average("Buy", on="price", **MARCH),
        shop.frequency(**MARCH),
        shop.retention(born_event="Visit", return_event="Buy", **MARCH),
        shop.activity_feed(["u1"], **MARCH),
    ]
    for result in results:
        assert json.loads(json.dumps(result.to_dict())) == result.to_dict()
        assert len(repr(result)) < 120
        assert result.df is result.df
        assert "<table" in result._repr_html_()
        assert len(result.to_table_dict()) == len(result.df)
        with pytest.raises(AttributeError):
            result.from_date = "x"  # type: ignore[misc]  # it is frozen
