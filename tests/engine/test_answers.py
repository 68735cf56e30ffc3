"""Answers of the engine over small projects. Rules by their number in the semantics."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pytest_mixpanel.engine.answer import answer
from pytest_mixpanel.engine.calendar import Buckets, Calendar, local_days, midnight
from pytest_mixpanel.engine.store import Store
from pytest_mixpanel.query.build.funnel import build_funnel_params
from pytest_mixpanel.query.build.insights import build_params
from pytest_mixpanel.query.build.retention import build_retention_params
from pytest_mixpanel.query.inputs.filters import Filter
from pytest_mixpanel.query.inputs.metrics import Metric
from tests.engine.events import event, project

NOW = datetime(2025, 6, 30, tzinfo=UTC)
MARCH = {"from_date": "2025-03-01", "to_date": "2025-03-31"}


def asked(store: Store, params: dict[str, Any], now: datetime = NOW) -> Any:
    """The one series of an answer."""
    (series,) = answer(params, store, now)["series"].values()
    return series


def by_day(series: dict[str, Any]) -> dict[str, Any]:
    return {label[:10]: value for label, value in series.items() if value}


@pytest.fixture(scope="module")
def shop() -> Store:
    """Two buyers and one who only looks; Ana comes on two platforms."""
    return project(
        [
            event("View", "ana", "2025-03-01T10:00", platform="iOS", price=5),
            event("Buy", "ana", "2025-03-01T11:00", platform="iOS", price=10),
            event("View", "ana", "2025-03-08T10:00", platform="Web", price=7),
            event("View", "bob", "2025-03-01T12:00", platform="Web", price=None),
            event("Buy", "bob", "2025-03-03T12:00", platform="Web", price=20),
            event("View", "cem", "2025-03-02T09:00"),
        ],
        profiles=[{"$distinct_id": "ana", "plan": "pro"}, {"$distinct_id": "bob", "plan": "free"}],
    )


def count(store: Store, *where: Filter, **more: Any) -> Any:
    params = build_params("View", where=list(where), mode="total", **MARCH, **more, today=NOW.date())
    return asked(store, params)["all"]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (Filter.equals("platform", "ios"), 1),
        (Filter.not_equals("platform", "iOS"), 3),
        (Filter.equals("platform", ["iOS", "web"]), 3),
        (Filter.contains("platform", "O"), 1),
        (Filter.not_contains("platform", "o"), 3),
        (Filter.starts_with("platform", "we"), 2),
        (Filter.ends_with("platform", "B"), 2),
        (Filter.greater_than("price", 5), 1),
        (Filter.at_least("price", 5), 2),
        (Filter.between("price", 5, 7), 2),
        (Filter.not_between("price", 5, 6), 1),
        (Filter.is_set("price"), 2),
        (Filter.is_not_set("price"), 2),
        (Filter.equals("plan", "pro", resource_type="people"), 2),
        (Filter.not_equals("plan", "pro", resource_type="people"), 2),
        (Filter.equals("nowhere", "x"), 0),
        (Filter.is_not_set("nowhere"), 4),
    ],
)
def test_filters_follow_the_rules(shop: Store, condition: Filter, expected: int) -> None:
    """E-42: case is ignored, types are not coerced, negatives hold where the property is absent."""
    assert count(shop, condition) == expected


def test_several_filters_must_all_hold(shop: Store) -> None:
    assert count(shop, Filter.equals("platform", "web"), Filter.is_set("price")) == 1


def test_uniques_of_a_range_are_not_the_sum_of_its_days(shop: Store) -> None:
    days = asked(shop, build_params("View", math="unique", **MARCH, today=NOW.date()))
    assert by_day(days) == {"2025-03-01": 2, "2025-03-02": 1, "2025-03-08": 1}
    assert count(shop, math="unique") == 3


def test_a_user_counts_in_every_segment_it_touches(shop: Store) -> None:
    """E-58, E-59: segments may add up to more than the whole; absent values share one segment."""
    params = build_params("View", math="unique", group_by="platform", mode="total", **MARCH, today=NOW.date())
    assert {name: leaf["all"] for name, leaf in asked(shop, params).items()} == {
        "$overall": 3,
        "Web": 2,
        "iOS": 1,
        "undefined": 1,
    }


def test_aggregates_ignore_what_is_no_number_and_are_null_without_data(shop: Store) -> None:
    metric = Metric("Buy", math="average", property="price")
    days = asked(shop, build_params(metric, from_date="2025-03-01", to_date="2025-03-03", today=NOW.date()))
    assert list(days.values()) == [10, None, 20]
    assert count(shop, math="sum", math_property="price") == 12


def test_active_users_look_back_over_whole_days(shop: Store) -> None:
    """The week that ends on each day; it reaches before the range."""
    days = asked(
        shop, build_params("View", math="wau", from_date="2025-03-07", to_date="2025-03-08", today=NOW.date())
    )
    assert list(days.values()) == [3, 2]


def funnel(store: Store, **more: Any) -> Any:
    arguments = {"conversion_window": 1, **MARCH, **more}
    return asked(store, build_funnel_params(["View", "Buy"], **arguments, today=NOW.date()))


def counts(block: dict[str, Any]) -> list[int]:
    return [leaf["all"] for leaf in block["count"].values()]


def test_a_funnel_counts_users_within_the_window(shop: Store) -> None:
    assert counts(funnel(shop)) == [3, 1]
    assert counts(funnel(shop, conversion_window=2)) == [3, 2]


def test_the_end_of_the_window_is_inside(shop: Store) -> None:
    """F-4: exactly t0 + W converts."""
    assert counts(funnel(shop, conversion_window=48, conversion_window_unit="hour")) == [3, 2]
    assert counts(funnel(shop, conversion_window=47, conversion_window_unit="hour")) == [3, 1]


def test_times_to_convert_are_means_in_seconds(shop: Store) -> None:
    """F-36: over those who reached the step: one hour and 48 hours."""
    block = funnel(shop, conversion_window=2)
    assert block["avg_time"]["2. Buy"]["all"] == (3_600 + 48 * 3_600) / 2
    assert block["avg_time"]["1. View"]["all"] is None


@pytest.mark.parametrize("order", ["loose", "any"])
@pytest.mark.parametrize("reentry", [None, "aggressive"])
@pytest.mark.parametrize("exclusions", [0, 2])
def test_a_funnel_of_as_many_steps_and_exclusions_as_there_may_be(
    order: Any, reentry: Any, exclusions: int
) -> None:
    steps, apart = [f"Step {n}" for n in range(64 - exclusions)], [f"Not {n}" for n in range(exclusions)]
    done = [(steps, "ana"), ([*steps[:40], *apart[1:], *steps[40:]], "bob"), (steps[:-1], "cem")]
    store = project(
        event(
            name,
            user,
            f"2025-03-01T10:{minute:02d}:30" if minute < 60 else f"2025-03-01T11:{minute - 60:02d}:30",
        )
        for names, user in done
        for minute, name in enumerate(names)
    )
    params = build_funnel_params(
        steps, exclusions=apart, order=order, reentry_mode=reentry, **MARCH, today=NOW.date()
    )
    stopped = 1 if exclusions else 0
    expected = [3] * 40 + [3 - stopped] * (len(steps) - 41) + [2 - stopped]
    assert counts(asked(store, params)) == expected


def test_a_trend_is_a_funnel_for_each_day_of_entry(shop: Store) -> None:
    """F-40: a user may enter on several days."""
    days = funnel(shop, conversion_window=2, mode="trends")
    assert {day[:10]: counts(block) for day, block in days.items() if counts(block)[0]} == {
        "2025-03-01": [2, 2],
        "2025-03-02": [1, 0],
        "2025-03-08": [1, 0],
    }


def test_a_user_enters_a_segmented_funnel_once_per_segment(shop: Store) -> None:
    """F-31: a new segment only after the attempt before has ended; F-32: the whole is unsegmented."""
    blocks = funnel(shop, group_by="platform")
    assert {name: counts(block) for name, block in blocks.items()} == {
        "$overall": [3, 1],
        "Web": [2, 0],
        "iOS": [1, 1],
        "undefined": [1, 0],
    }


def test_a_global_filter_acts_on_whole_attempts(shop: Store) -> None:
    """F-28: by the value the property was first defined with along the attempt."""
    assert counts(funnel(shop, where=Filter.equals("platform", "iOS"))) == [1, 1]


def test_what_lies_after_now_is_not_seen(shop: Store) -> None:
    early = datetime(2025, 3, 2, tzinfo=UTC)
    params = build_funnel_params(["View", "Buy"], conversion_window=7, **MARCH, today=early.date())
    assert counts(asked(shop, params, early)) == [2, 1]


def test_steps_two_seconds_apart_may_be_swapped() -> None:
    """F-9, inclusive."""
    for gap, expected in (("02.000", [1, 1]), ("02.001", [1, 0])):
        store = project(
            [event("B", "u", "2025-03-01T10:00:00.000"), event("A", "u", f"2025-03-01T10:00:{gap}")]
        )
        params = build_funnel_params(["A", "B"], conversion_window=1, **MARCH, today=NOW.date())
        assert counts(asked(store, params)) == expected


def retained(store: Store, **more: Any) -> Any:
    arguments = {"retention_unit": "day", "from_date": "2025-03-01", "to_date": "2025-03-02", **more}
    return asked(store, build_retention_params("View", "Buy", **arguments, today=NOW.date()))


def test_retention_counts_returns_from_the_birth_on(shop: Store) -> None:
    """R-5: 24-hour buckets from the birth; R-8: bucket 0 is the first day, not the cohort's size."""
    rows = retained(shop)
    first = rows["2025-03-01T00:00:00+00:00"]
    assert (first["first"], first["counts"][:4]) == (2, [1, 0, 1, 0])


def test_calendar_retention_counts_local_days() -> None:
    """R-6: 20:00 on Monday to 06:00 on Tuesday is day 1."""
    store = project([event("View", "u", "2025-03-03T20:00"), event("Buy", "u", "2025-03-04T06:00")])
    span = {"from_date": "2025-03-03", "to_date": "2025-03-03"}
    (row,) = [r for d, r in retained(store, alignment="interval_start", **span).items() if d[0] != "$"]
    assert row["counts"][:2] == [0, 1]
    (row,) = [r for d, r in retained(store, **span).items() if d[0] != "$"]
    assert row["counts"][:2] == [1, 0]


def test_the_average_curve_weighs_by_size_and_leaves_incomplete_cells_out() -> None:
    """R-23, the documented sample scaled by 100: sizes 10 and 5, returned 5 and 4: 56 %."""
    events = []
    for day, size, back in ((1, 10, 5), (2, 5, 4), (3, 7, 7)):
        for user in range(size):
            name = f"u{day}.{user}"
            events.append(event("View", name, f"2025-03-{day:02d}"))
            if user < back:
                events.append(event("Buy", name, f"2025-03-{day + 1:02d}T01:00"))
    now = datetime(2025, 3, 5, tzinfo=UTC)
    params = build_retention_params(
        "View", "Buy", retention_unit="day", from_date="2025-03-01", to_date="2025-03-03", today=now.date()
    )
    average = asked(project(events), params, now)["$average"]
    assert average["rates"][1] == pytest.approx(0.56)


def test_custom_brackets_are_widths(shop: Store) -> None:
    """R-14: sizes 1, 2, 4 are the brackets [0,1), [1,3), [3,7)."""
    row = retained(shop, bucket_sizes=[1, 2, 4])["2025-03-01T00:00:00+00:00"]
    assert row["counts"] == [1, 1, 0]


def test_days_are_local_and_may_have_23_hours() -> None:
    """E-11: Berlin skips an hour on 30 March 2025."""
    start, end = midnight(date(2025, 3, 30), "Europe/Berlin"), midnight(date(2025, 3, 31), "Europe/Berlin")
    assert end - start == 23 * 3_600_000
    store = project(
        [event("View", "u", "2025-03-29T22:59:59"), event("View", "u", "2025-03-29T23:00:00")],
        "Europe/Berlin",
    )
    days = asked(store, build_params("View", from_date="2025-03-29", to_date="2025-03-30", today=NOW.date()))
    assert list(days.values()) == [1, 1]
    assert next(iter(days)).endswith("+01:00")


def test_weeks_start_on_monday_and_are_cut_at_the_range() -> None:
    """E-20, E-21: 1 March 2025 is a Saturday."""
    buckets = Buckets(date(2025, 3, 1), date(2025, 3, 9), "week", Calendar("UTC"))
    assert [label[:10] for label in buckets.labels] == ["2025-02-24", "2025-03-03"]
    assert buckets.edges[0] == midnight(date(2025, 3, 1), "UTC")


def test_calendar_months_are_counted_by_date() -> None:
    days = local_days(buckets_of("2025-02-25", "2025-03-03"), "UTC")
    assert Calendar("UTC").units(days, "month")[1] - Calendar("UTC").units(days, "month")[0] == 1


def buckets_of(*days: str) -> Any:
    import numpy as np

    return np.array([midnight(date.fromisoformat(day), "UTC") for day in days], np.int64)


def test_the_same_inputs_give_the_same_bytes(shop: Store) -> None:
    import json

    params = build_params("View", group_by="platform", **MARCH, today=NOW.date())
    assert json.dumps(answer(params, shop, NOW)) == json.dumps(answer(params, shop, NOW))
