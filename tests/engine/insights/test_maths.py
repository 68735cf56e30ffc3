"""Maths of insights that answer more than a count: distributions, texts, shares, groups for users."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from pytest_mixpanel import (
    FunnelBehavior,
    FunnelMetric,
    GroupBy,
    Metric,
    RetentionBehavior,
    RetentionMetric,
)
from pytest_mixpanel.engine.answer import answer
from pytest_mixpanel.engine.settings import Settings
from pytest_mixpanel.engine.store import Store
from pytest_mixpanel.query.build.insights import build_params
from tests.engine.events import event, project

NOW = datetime(2025, 6, 30, tzinfo=UTC)
DAY = {"from_date": "2025-03-01", "to_date": "2025-03-01"}


def asked(store: Store, *what: Any, change: Any = None, **more: Any) -> Any:
    """The values of the first series in a total chart, ``{segment: value}`` where there are segments."""
    params = build_params(*what, **{**DAY, "mode": "total", "today": NOW.date(), **more})
    if change is not None:
        change(params["sections"]["show"][0])
    (block, *_) = answer(params, store, NOW)["series"].values()
    return block["all"] if "all" in block else {name: leaf["all"] for name, leaf in block.items()}


def bought(*rows: tuple[str, Any]) -> Store:
    return project(
        event("Buy", user, f"2025-03-01T10:{minute:02}", p=value) for minute, (user, value) in enumerate(rows)
    )


def test_a_histogram_counts_users_by_their_number() -> None:
    store = bought(("u1", 1), ("u1", 2), ("u2", 3), ("u3", 10))
    found = asked(store, Metric("Buy", math="histogram", property="p", per_user="total"))
    assert found == {"$overall": 3, "3": 2, "10": 1}


def test_the_most_frequent_value_is_a_text_and_ties_go_by_label() -> None:
    assert (
        asked(
            bought(("u1", "b"), ("u1", "a"), ("u2", None)), Metric("Buy", math="most_frequent", property="p")
        )
        == "a"
    )
    assert (
        asked(
            bought(("u1", "b"), ("u1", "b"), ("u2", "a")), Metric("Buy", math="most_frequent", property="p")
        )
        == "b"
    )


def test_the_first_value_is_of_users() -> None:
    store = bought(("u1", None), ("u1", "x"), ("u1", "y"), ("u2", "x"), ("u3", "y"))
    assert asked(store, Metric("Buy", math="first_value", property="p")) == {"$overall": 3, "x": 2, "y": 1}


def test_a_numeric_summary_has_four_numbers() -> None:
    found = asked(bought(("u1", 1), ("u2", 3)), Metric("Buy", math="numeric_summary", property="p"))
    assert found == {"$overall": 2, "count": 2, "mean": 2, "sum_of_squares": 10, "var": 1}


def test_every_number_of_a_list_counts() -> None:
    store = bought(("u1", [1, 2, "x"]), ("u2", 4), ("u3", []))
    assert asked(store, Metric("Buy", math="total", property="p")) == 7
    assert asked(store, Metric("Buy", math="average", property="p")) == pytest.approx(7 / 3)
    assert asked(store, Metric("Buy", math="unique_values", property="p")) == 4


def test_records_are_counted_per_user_without_a_property() -> None:
    store = bought(("u1", 1), ("u1", 1), ("u2", 1))

    def per_user(show: dict[str, Any]) -> None:
        show["measurement"] = {"math": "average", "perUserAggregation": "total"}

    assert asked(store, "Buy", change=per_user) == 1.5


def test_active_users_by_the_hour_are_those_of_its_days() -> None:
    params = build_params(Metric("Buy", math="dau"), unit="hour", today=NOW.date(), **DAY)
    (block,) = answer(params, bought(("u1", 1), ("u2", 1)), NOW)["series"].values()
    assert list(block.values()) == [2] * 24


def test_a_user_can_be_assigned_to_the_segment_of_the_first_record() -> None:
    store = bought(("u1", "x"), ("u1", "y"), ("u2", "y"))
    every = asked(store, Metric("Buy", math="unique"), group_by="p")
    first = asked(store, Metric("Buy", math="unique", segment_method="first"), group_by="p")
    assert every == {"$overall": 2, "x": 1, "y": 2}
    assert first == {"$overall": 2, "x": 1, "y": 1}


@pytest.mark.parametrize(
    ("model", "shares"),
    [
        ("first_touch", {"ad": 1, "mail": 0}),
        ("last_touch", {"ad": 0, "mail": 1}),
        ("linear", {"ad": 0.5, "mail": 0.5}),
        ("participation", {"ad": 1, "mail": 1}),
        ("j_shaped", {"ad": 0.25, "mail": 0.75}),
    ],
)
def test_conversions_are_shared_out_among_touches(model: str, shares: dict[str, float]) -> None:
    touches = [("Visit", "2025-02-20", {"source": "ad"}), ("Visit", "2025-02-25", {"source": "mail"})]
    old = [("Visit", "2025-01-01", {"source": "old"})]
    store = project(
        [
            event(name, "u1", f"{day}T10:00", **more)
            for name, day, more in (*old, *touches, ("Buy", "2025-03-01", {}))
        ]
        + [event("Buy", "u2", "2025-03-01T10:00")]
    )

    def attributed(show: dict[str, Any]) -> None:
        show["measurement"]["attribution"] = {"model": model}

    metric = Metric("Buy", math="multi_attribution", property="source")
    found = asked(store, metric, group_by="source", change=attributed)
    overall = found.pop("$overall")
    assert overall == pytest.approx(sum(shares.values()) + 1)
    assert found == pytest.approx({**shares, "undefined": 1})


def test_groups_stand_for_users() -> None:
    """Semantics E-35: events without the group count in totals, one of two groups belongs to both."""
    store = project(
        [
            event("Buy", "u1", "2025-03-01T10:00", company="a"),
            event("Buy", "u2", "2025-03-01T10:01", company="a"),
            event("Buy", "u3", "2025-03-01T10:02", company=["a", "b"]),
            event("Buy", "u4", "2025-03-01T10:03"),
        ],
        settings=Settings(group_keys={"7": "company"}),
    )
    assert asked(store, Metric("Buy", math="unique"), data_group_id=7) == 2
    assert asked(store, Metric("Buy", math="total"), data_group_id=7) == 4
    by_company = asked(store, Metric("Buy", math="total"), group_by=GroupBy("company"), data_group_id=7)
    assert by_company == {"$overall": 4, "a": 3, "b": 1, "undefined": 1}


def test_numbers_of_funnels_and_retentions_are_metrics() -> None:
    """Semantics I-29: by interval as trends, in a total chart over the whole range; formulas between them."""
    store = project(
        [
            event("A", "u1", "2025-03-01T10:00", p="x"),
            event("B", "u1", "2025-03-02T11:00"),
            event("A", "u2", "2025-03-01T10:00", p="y"),
            event("A", "u3", "2025-03-02T10:00", p="x"),
            event("B", "u3", "2025-03-02T11:00"),
        ]
    )
    dates: Any = {"from_date": "2025-03-01", "to_date": "2025-03-02", "today": NOW.date()}
    metrics: Any = [
        FunnelMetric(FunnelBehavior(["A", "B"])),
        RetentionMetric(RetentionBehavior("A", "B", retention_unit="day"), bucket_index=1),
        Metric("A"),
    ]
    funnel, retained, counted = answer(build_params(metrics, **dates), store, NOW)["series"].values()
    assert list(funnel.values()) == [0.5, 1]
    assert list(retained.values()) == [0.5, 0]
    assert list(counted.values()) == [2, 1]
    total = answer(build_params(metrics, mode="total", group_by="p", **dates), store, NOW)["series"]
    funnel, retained, _ = total.values()
    assert {name: round(leaf["all"], 3) for name, leaf in funnel.items()} == {
        "$overall": 0.667,
        "x": 1,
        "y": 0,
    }
    assert retained["$overall"]["all"] == pytest.approx(1 / 3)
    params = build_params(metrics, formula="A * C", **dates)
    (product,) = answer(params, store, NOW)["series"].values()
    assert list(product.values()) == [1, 1]


def test_a_metric_of_several_events_counts_any_of_them() -> None:
    store = project(event(name, "u1", f"2025-03-01T10:0{at}") for at, name in enumerate("ABC"))
    assert asked(store, Metric(["A", "B"])) == 2
