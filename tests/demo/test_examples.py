"""The questions that the seed's document asks, asked by our own code: each has a plausible answer.

One test per example of the document, in its order. Numbers without a source are only bounded.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from pytest_mixpanel import (
    CohortBreakdown,
    CohortCriteria,
    CohortDefinition,
    Exclusion,
    Filter,
    FlowQueryResult,
    FrequencyBreakdown,
    FrequencyFilter,
    FunnelStep,
    GroupBy,
    InlineCustomProperty,
    Metric,
    PropertyInput,
    Workspace,
)

EVENT, NUMBER = "Purchase", "order_total"
STEPS = ["View Item", "Add to Cart", "Purchase"]
BORN, BACK = "Signup", "Login"


@pytest.fixture(scope="module")
def ws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MIXPANEL_CACHE", str(tmp_path_factory.mktemp("cache")))
        with Workspace(project="demo") as workspace:
            yield workspace


def test_the_first_question(ws: Workspace) -> None:
    frame = ws.query("Login", last=30).df
    assert list(frame.columns) == ["date", "event", "count"]
    assert len(frame.head()) == 5
    assert frame["count"].min() > 100


def test_discovering_the_schema(ws: Workspace) -> None:
    assert {"Login", "Signup", "Purchase", "Support Ticket", "Logout", "Add to Cart"} <= set(ws.events()[:20])
    assert all(top.count > 0 and isinstance(top.percent_change, float) for top in ws.top_events(limit=10))
    assert {"platform", "loyalty_tier"} <= set(ws.properties("Login"))
    assert ws.property_values("platform", event="Login") == ["Android", "iOS", "Web"]


def test_orienting_among_the_most_frequent_events(ws: Workspace) -> None:
    seen = 0
    for event in [top.event for top in ws.top_events(limit=15)[:5]]:
        for name in ws.properties(event)[:15]:
            seen += bool(ws.property_values(name, event=event, limit=10))
    assert seen > 20


def test_scanning_all_properties_for_segments(ws: Workspace) -> None:
    broken_down = 0
    for name in [name for name in ws.properties(EVENT) if not name.endswith("_id")]:
        if len(set(ws.property_values(name, event=EVENT, limit=10))) > 10:
            continue
        found = ws.query(EVENT, math="average", math_property=NUMBER, group_by=name, last=90, mode="total")
        assert "segment" in found.df.columns
        assert found.df.to_string(index=False)
        broken_down += len(found.df) > 2
    assert broken_down >= 4


def test_comparing_segments_over_several_dimensions(ws: Workspace) -> None:
    """The document's own finding: orders in the sweet spot are 37 % larger, wherever they are made."""

    def asked(group: Any, math: Any, number: str | None) -> Any:
        return ws.query(EVENT, math=math, math_property=number, group_by=group, last=90, mode="total").df

    single = asked("deal_sweet_spot", "average", NUMBER).set_index("deal_sweet_spot")["count"]
    assert single["true"] / single["false"] == pytest.approx(1.37, abs=0.1)
    means = asked(["deal_sweet_spot", "platform"], "average", NUMBER)
    by = means.set_index(["deal_sweet_spot", "platform"])["count"]
    for platform in ("Android", "iOS", "Web"):
        assert by["true", platform] / by["false", platform] == pytest.approx(1.37, abs=0.15)
    tiers = asked(["loyalty_tier", "deal_sweet_spot"], "unique", None)
    assert tiers[tiers["deal_sweet_spot"] == "true"]["count"].min() > 0


def test_sweeping_the_maths(ws: Workspace) -> None:
    values = {}
    for math in ("total", "unique", "dau", "average", "median", "sum"):
        given: dict[str, Any] = {"math": math, "last": 30, "mode": "total"}
        if math in ("average", "median", "sum"):
            given["math_property"] = NUMBER
        values[math] = ws.query(EVENT, **given).df["count"].iloc[0]
        assert f"{values[math]:>12,.2f}"
    assert values["total"] > values["unique"] > values["dau"] > 0
    assert values["sum"] == pytest.approx(values["average"] * values["total"])
    assert values["average"] > values["median"] > 0


def test_an_average_over_users_is_not_the_average_over_orders(ws: Workspace) -> None:
    whole = ws.query(EVENT, math="average", math_property=NUMBER, last=30, mode="total")
    by_user = ws.query(EVENT, math="average", math_property=NUMBER, per_user="average", last=30, mode="total")
    assert whole.df["count"].iloc[0] != by_user.df["count"].iloc[0] > 0


def test_tightening_the_window_of_a_funnel(ws: Workspace) -> None:
    rates, hours = [], []
    windows: list[tuple[int, Any]] = [(14, "day"), (7, "day"), (1, "day"), (12, "hour"), (6, "hour")]
    for window, unit in windows:
        found = ws.query_funnel(STEPS, last=90, conversion_window=window, conversion_window_unit=unit)
        final = found.df[found.df["step"] == found.df["step"].max()].iloc[0]
        rates.append(final["overall_conv_ratio"])
        hours.append(final["avg_time_from_start"] / 3600)
    assert rates == sorted(rates, reverse=True)
    assert hours == sorted(hours, reverse=True)
    assert 0.05 < rates[-1] < rates[0] < 0.6
    assert hours[-1] < 6


def test_the_median_time_to_convert(ws: Workspace) -> None:
    median = ws.query_funnel(STEPS, last=90, math="median")
    mean = ws.query_funnel(STEPS, last=90)
    assert 0 < median.df["count"].iloc[-1] < mean.df["avg_time_from_start"].iloc[-1]


def test_comparing_filtered_funnels_in_a_tight_window(ws: Workspace) -> None:
    times = [
        ws.query_funnel(
            STEPS,
            where=Filter.equals("platform", platform),
            last=90,
            conversion_window=6,
            conversion_window_unit="hour",
        ).df["avg_time_from_start"]
        for platform in ("iOS", "Android")
    ]
    assert all(0 < seconds.iloc[-1] < 6 * 3600 for seconds in times)


def test_steps_in_order_or_in_any(ws: Workspace) -> None:
    """In any order an early step opens a user's one attempt, so that neither rate bounds the other."""
    orders: list[Any] = ["loose", "any"]
    for order in orders:
        found = ws.query_funnel(STEPS, last=90, order=order)
        assert 0.1 < found.overall_conversion_rate < 0.6
        assert found.conversions > 1_000


def test_what_narrows_a_funnel(ws: Workspace) -> None:
    """A property held constant, an event excluded, a step filtered, one session: none converts more."""
    every = ws.query_funnel(STEPS, last=30).overall_conversion_rate
    rich = [*STEPS[:2], FunnelStep("Purchase", filters=[Filter.greater_than("amount", 50)])]
    narrowed = {
        "held": ws.query_funnel(STEPS, last=30, holding_constant="platform"),
        "excluded": ws.query_funnel(STEPS, last=30, exclusions=["Logout"]),
        "partly excluded": ws.query_funnel(
            STEPS, last=30, exclusions=[Exclusion("Logout", from_step=0, to_step=2)]
        ),
        "filtered": ws.query_funnel(rich, last=30),
    }
    for result in narrowed.values():
        assert 0 < result.overall_conversion_rate <= every


def test_sweeping_the_unit_of_retention(ws: Workspace) -> None:
    units: list[Any] = ["day", "week", "month"]
    for unit in units:
        average = ws.query_retention(BORN, BACK, retention_unit=unit, last=90).average
        assert average is not None
        assert len(average) > 1
        assert "rate" in average.columns
        assert 0.2 < average.iloc[1]["rate"] < 0.95


def test_retention_at_milestones(ws: Workspace) -> None:
    result = ws.query_retention(
        BORN, BACK, retention_unit="week", bucket_sizes=[1, 3, 7, 14, 30], unit="day", last=90
    )
    overall = result.df[result.df["cohort_date"] == "$overall"]
    assert len(overall) > 0
    assert overall["rate"].between(0, 1).all()


def test_comparing_alignments_of_retention(ws: Workspace) -> None:
    alignments: list[Any] = ["birth", "interval_start"]
    heads = [
        ws.query_retention(BORN, BACK, retention_unit="week", alignment=alignment, last=90).average.head()
        for alignment in alignments
    ]
    assert heads[0]["rate"].tolist() != heads[1]["rate"].tolist()


def test_sweeping_the_cardinality_of_a_flow(ws: Workspace) -> None:
    known = 0
    for cardinality in (2, 3, 5, 10):
        flow = ws.query_flow("Login", forward=3, cardinality=cardinality, last=30)
        transitions = flow.top_transitions(5)
        assert len(transitions) == 5
        assert all(source.endswith(f"@{int(target[-1]) - 1}") for source, target, _ in transitions)
        assert all(count > 0 for _, _, count in transitions)
        known, before = len(flow.graph), known
        assert known > before


def test_comparing_what_a_flow_counts(ws: Workspace) -> None:
    totals = {}
    counts: list[Any] = ["unique", "total", "session"]
    for count in counts:
        summary = ws.query_flow("Login", forward=3, count_type=count, last=30).drop_off_summary()
        totals[count] = summary["step_0"]["total"]
        assert 0 <= summary["step_0"]["rate"] < 1
    assert totals["total"] >= totals["session"] >= totals["unique"] > 0


def test_collapsing_repeated_events(ws: Workspace) -> None:
    kept, merged = (
        ws.query_flow("Login", forward=3, collapse_repeated=collapse, cardinality=5, last=30)
        for collapse in (False, True)
    )

    def repeats(flow: FlowQueryResult) -> int:
        """Events followed by themselves; those that are merged into one node may be several."""
        moves = [(source[:-2], target[:-2]) for source, target, _ in flow.top_transitions(100)]
        return sum(source == target not in ("Other events", "DROPOFF") for source, target in moves)

    assert repeats(kept) > 0 == repeats(merged)


def test_three_modes_of_a_flow(ws: Workspace) -> None:
    modes: list[Any] = ["sankey", "paths", "tree"]
    frames = [ws.query_flow("Login", forward=2, mode=mode, last=7).df for mode in modes]
    assert all(len(frame) > 3 for frame in frames)
    tree = ws.query_flow("Login", forward=2, mode="tree", last=7)
    assert tree.anytree[0].event == "Login"
    assert tree.anytree[0].children


def test_sweeping_the_aggregates_of_profiles(ws: Workspace) -> None:
    data = {}
    for aggregate in ("count", "extremes", "percentile", "numeric_summary"):
        given: dict[str, Any] = {"mode": "aggregate", "aggregate": aggregate}
        if aggregate != "count":
            given["aggregate_property"] = "lifetime_value"
        if aggregate == "percentile":
            given["percentile"] = 50
        data[aggregate] = ws.query_user(**given).aggregate_data
    assert data["count"] == 20_000
    assert data["extremes"]["min"] < data["percentile"]["result"] < data["extremes"]["max"]
    assert data["numeric_summary"]["mean"] > data["percentile"]["result"]


def test_the_population_now_and_then(ws: Workspace) -> None:
    premium = Filter.equals("plan", "premium")
    now = ws.query_user(mode="aggregate", aggregate="count", where=premium)
    then = ws.query_user(mode="aggregate", aggregate="count", where=premium, as_of="2025-01-01")
    assert now.value is not None
    assert then.value is not None
    assert 0 <= then.value <= now.value
    assert now.value > 0


def test_revenue_in_tiers(ws: Workspace) -> None:
    tiers = InlineCustomProperty(
        formula='IFS(A < 50, "Low", A < 200, "Medium", TRUE, "High")',
        inputs={"A": PropertyInput("revenue", type="number")},
        property_type="string",
    )
    frame = ws.query("Purchase", group_by=GroupBy(property=tiers), last=30, mode="total").df
    counts = frame.set_index("segment")["count"]
    assert {"Low", "Medium", "High"} <= set(counts.index)
    assert counts[["Low", "Medium", "High"]].sum() == counts["$overall"]


def test_a_margin_derived_from_two_properties(ws: Workspace) -> None:
    margin = InlineCustomProperty.numeric("(A - B) / A * 100", A="revenue", B="cost")
    frame = ws.query(Metric("Purchase", math="average", property=margin), last=30).df
    assert frame["count"].between(0, 100).all()


def test_domains_out_of_addresses(ws: Workspace) -> None:
    domain = InlineCustomProperty(
        formula='REGEX_EXTRACT(A, "@(.+)$")',
        inputs={"A": PropertyInput("email", type="string")},
        property_type="string",
    )
    frame = ws.query("Signup", group_by=GroupBy(property=domain), last=30, mode="total").df
    assert any("gmail.com" in segment for segment in frame["segment"])


@pytest.fixture(scope="module")
def power_users() -> CohortDefinition:
    return CohortDefinition.all_of(
        CohortCriteria.did_event("Purchase", at_least=5, within_days=30),
        CohortCriteria.did_not_do_event("Support Ticket", within_days=90),
    )


def test_an_inline_cohort_as_a_breakdown(ws: Workspace, power_users: CohortDefinition) -> None:
    frame = ws.query("Login", group_by=CohortBreakdown(power_users, "Power Users"), last=30).df
    assert {"$overall", "Power Users", "Not In Power Users"} == set(frame["segment"])
    assert frame[frame["segment"] == "Power Users"]["count"].sum() > 0


def test_an_inline_cohort_of_profiles(ws: Workspace, power_users: CohortDefinition) -> None:
    size = ws.query_user(cohort=power_users, mode="aggregate", aggregate="count").value
    assert size is not None
    assert 0 < size < 20_000


def test_logins_by_how_often_users_buy(ws: Workspace) -> None:
    frame = ws.query(
        "Login",
        math="unique",
        group_by=FrequencyBreakdown("Purchase", bucket_size=3, bucket_min=0, bucket_max=15),
        last=30,
        mode="total",
    ).df
    assert len(frame) > 3
    assert frame["count"].min() >= 0


def test_a_flow_of_frequent_buyers(ws: Workspace) -> None:
    often = FrequencyFilter("Purchase", value=3, date_range_value=30, date_range_unit="day")
    some = ws.query_flow("Login", forward=3, where=often, last=30).drop_off_summary()
    every = ws.query_flow("Login", forward=3, last=30).drop_off_summary()
    assert 0 < some["step_0"]["total"] < every["step_0"]["total"]


def test_two_segments_tested_against_each_other(ws: Workspace) -> None:
    frame = ws.query("Login", math="unique", group_by="platform", last=30).df
    first = frame[frame["platform"] == "iOS"]["count"]
    second = frame[frame["platform"] == "Android"]["count"]
    t, p = stats.ttest_ind(first, second)
    effect = (first.mean() - second.mean()) / np.sqrt((first.std() ** 2 + second.std() ** 2) / 2)
    assert len(first) == len(second) == 30
    assert 0 <= p <= 1
    assert np.sign(t) == np.sign(effect)


def test_charts_of_a_result(ws: Workspace, tmp_path: Path) -> None:
    matplotlib = pytest.importorskip("matplotlib", reason="charts are drawn with matplotlib")
    seaborn = pytest.importorskip("seaborn", reason="charts are drawn with seaborn")
    matplotlib.use("Agg")
    from matplotlib import pyplot

    daily = ws.query("Login", last=30).df
    returning = ws.query_retention(BORN, BACK, retention_unit="week", last=60).df
    figure, (line, matrix) = pyplot.subplots(1, 2, figsize=(10, 5))
    daily.plot(x="date", y="count", ax=line)
    seaborn.heatmap(returning.pivot(index="cohort_date", columns="bucket", values="rate"), ax=matrix)
    figure.savefig(tmp_path / "chart.png", dpi=150, bbox_inches="tight")
    drawn = line.get_lines()[0].get_ydata()
    pyplot.close(figure)
    assert (tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")
    assert list(drawn) == list(daily["count"])


def test_params_without_asking(ws: Workspace) -> None:
    assert ws.build_params("Login", last=7)["sections"]["show"]
    assert ws.build_funnel_params(STEPS)["sections"]["show"][0]["behavior"]["type"] == "funnel"
    assert ws.build_retention_params(BORN, BACK)["sections"]["show"][0]["behavior"]["type"] == "retention"
    assert ws.build_flow_params("Login")["steps"]
    assert ws.build_user_params()["action"] == "count()"


def test_a_workspace_closes_itself() -> None:
    with Workspace(project="demo") as workspace:
        assert workspace.events()
