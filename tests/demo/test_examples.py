"""The questions that the client's documentation asks have an answer on the demo project."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pytest_mixpanel import Filter, FunnelStep, GroupBy, Metric, Workspace

STEPS = ["View Item", "Add to Cart", "Purchase"]


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MIXPANEL_CACHE", str(tmp_path_factory.mktemp("cache")))
        with Workspace(project="demo") as workspace:
            yield workspace


def test_discovery_finds_events_properties_and_values(ws: Workspace) -> None:
    assert {"Login", "Signup", "Purchase", "Support Ticket", "Logout", "Add to Cart"} <= set(ws.events())
    assert all(event.count > 0 for event in ws.top_events(limit=10))
    assert {"platform", "loyalty_tier"} <= set(ws.properties("Login"))
    assert ws.property_values("platform", event="Login") == ["Android", "iOS", "Web"]
    assert ws.property_values("deal_sweet_spot", event="Purchase") == ["false", "true"]


@pytest.mark.parametrize(
    ("math", "property_name"),
    [
        ("total", None),
        ("unique", None),
        ("dau", None),
        ("average", "order_total"),
        ("median", "order_total"),
        ("sum", "order_total"),
        ("max", "revenue"),
    ],
)
def test_every_way_of_counting_purchases_counts_some(
    ws: Workspace, math: Any, property_name: str | None
) -> None:
    found = ws.query("Purchase", math=math, math_property=property_name, last=30, mode="total")
    assert found.df["count"].iloc[0] > 0


def test_order_values_differ_by_deal_on_every_platform(ws: Workspace) -> None:
    """The documentation's own finding: orders in the sweet spot are 37 % larger, wherever they are made."""
    found = ws.query(
        "Purchase",
        math="average",
        math_property="order_total",
        group_by=["deal_sweet_spot", "platform"],
        last=90,
        mode="total",
    )
    means = found.df.set_index(["deal_sweet_spot", "platform"])["count"]
    for platform in ("Android", "iOS", "Web"):
        assert means["true", platform] / means["false", platform] == pytest.approx(1.37, abs=0.15)


def test_logins_by_platform_have_every_day(ws: Workspace) -> None:
    found = ws.query(Metric("Login", math="unique"), group_by=GroupBy("platform"), last=30)
    counts = found.df.groupby("date")["count"].min()
    assert len(counts) == 30
    assert counts.min() > 0


@pytest.mark.parametrize("window", [(14, "day"), (7, "day"), (1, "day"), (12, "hour"), (6, "hour")])
def test_funnels_convert_in_every_window(ws: Workspace, window: tuple[int, Any]) -> None:
    length, unit = window
    found = ws.query_funnel(STEPS, last=90, conversion_window=length, conversion_window_unit=unit)
    assert 0.05 < found.overall_conversion_rate < 0.6


def test_funnels_filter_their_population_and_their_steps(ws: Workspace) -> None:
    steps: list[str | FunnelStep] = [
        "Add to Cart",
        FunnelStep("Purchase", filters=[Filter.greater_than("amount", 50)]),
    ]
    large = ws.query_funnel(steps, where=Filter.equals("platform", "iOS"), last=90)
    every = ws.query_funnel(["Add to Cart", "Purchase"], where=Filter.equals("platform", "iOS"), last=90)
    assert 0 < large.overall_conversion_rate < every.overall_conversion_rate


@pytest.mark.parametrize("unit", ["day", "week", "month"])
def test_users_come_back_whatever_the_unit(ws: Workspace, unit: Any) -> None:
    average = ws.query_retention("Signup", "Login", retention_unit=unit, last=90).average
    assert 0.2 < average["rate"].iloc[1] < 0.95


def test_retention_decays_over_milestones(ws: Workspace) -> None:
    frame = ws.query_retention("Signup", "Login", bucket_sizes=[1, 3, 7, 14, 30], unit="day", last=90).df
    assert (frame["cohort_date"] == "$overall").any()
