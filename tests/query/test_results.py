"""Answers become results that keep segments, dates and counts. Answers in the service's documented shape."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from pytest_mixpanel.core.errors import QueryError
from pytest_mixpanel.query.build.funnel import build_funnel_params
from pytest_mixpanel.query.build.insights import build_params
from pytest_mixpanel.query.results.funnel import FunnelQueryResult
from pytest_mixpanel.query.results.insights import QueryResult
from pytest_mixpanel.query.results.retention import RetentionQueryResult

TODAY = date(2026, 4, 1)


def answered(series: Any, headers: list[str] | None = None) -> dict[str, Any]:
    return {
        "computed_at": "2026-04-01T09:30:12.401Z",
        "date_range": {
            "from_date": "2026-03-01T00:00:00-05:00",
            "to_date": "2026-03-31T23:59:59.999000-05:00",
        },
        "headers": headers or ["$metric"],
        "series": series,
    }


def leaf(*values: int) -> dict[str, int]:
    return {f"2026-03-0{day}T00:00:00-05:00": value for day, value in enumerate(values, 1)}


def measures(**counts: list[int]) -> dict[str, Any]:
    """One funnel leaf per step, with a value per segment."""
    steps = range(len(next(iter(counts.values()))))
    labels = [f"{step + 1}. Step {step + 1}" for step in steps]
    return {
        "count": {
            label: {segment: values[step] for segment, values in counts.items()}
            for step, label in enumerate(labels)
        }
    }


def test_a_breakdown_is_found_by_its_own_name_and_as_segment() -> None:
    series = {
        "Ride Ended [Total Events]": {"$overall": leaf(41, 37), "Lima": leaf(30, 22), "Cusco": leaf(11, 15)}
    }
    frame = QueryResult.parse(answered(series, ["$metric", "city"]), {}).df
    assert list(frame.columns) == ["date", "event", "segment", "city", "count"]
    assert frame[frame["city"] == "Lima"]["count"].tolist() == [30, 22]
    assert frame.iloc[0].tolist()[:3] == ["2026-03-01T00:00:00", "Ride Ended [Total Events]", "$overall"]


def test_two_breakdowns_are_two_columns_and_roll_ups_are_padded() -> None:
    series = {"m": {"$overall": {"all": 13}, "Lima": {"$overall": {"all": 8}, "gold": {"all": 8}}}}
    frame = QueryResult.parse(answered(series, ["$metric", "city", "tier"]), {}).df
    assert list(frame.columns) == ["event", "city", "tier", "count"]
    assert frame[["city", "tier"]].to_numpy().tolist() == [
        ["$overall", "$overall"],
        ["Lima", "$overall"],
        ["Lima", "gold"],
    ]


def test_an_empty_answer_is_an_empty_frame_with_its_columns() -> None:
    assert list(QueryResult.parse(answered({}), build_params("A", today=TODAY)).df.columns) == [
        "date",
        "event",
        "count",
    ]


def test_an_error_in_a_200_is_a_query_error() -> None:
    with pytest.raises(QueryError, match="too many events"):
        QueryResult.parse({"error": "too many events"}, {})
    with pytest.raises(QueryError, match="no series"):
        FunnelQueryResult.parse({"computed_at": "…"}, {})


def test_a_trend_gives_daily_entrants_and_conversions_by_segment() -> None:
    trend = {
        "A through B": {
            "2026-03-01T00:00:00-05:00": measures(all=[10, 4], Lima=[6, 3], Cusco=[4, 1]),
            "2026-03-02T00:00:00-05:00": measures(all=[20, 5], Lima=[20, 5]),
        }
    }
    params = build_funnel_params(["A", "B"], mode="trends", group_by="city", today=TODAY)
    result = FunnelQueryResult.parse(answered(trend), params)
    whole, lima, cusco = result.daily(), result.daily("Lima"), result.daily("Cusco")
    assert whole.dates == ("2026-03-01", "2026-03-02")
    assert (whole.entrants, whole.conversions) == ((10, 20), (4, 5))
    assert (lima.entrants, lima.conversions) == ((6, 20), (3, 5))
    assert (cusco.entrants, cusco.conversions) == ((4, 0), (1, 0))
    assert result.daily_segments() == ["Lima", "Cusco"]
    assert result.overall_conversion_rate == pytest.approx(9 / 30)


def test_a_funnel_without_dates_asks_its_project_for_them() -> None:
    asked: list[dict[str, Any]] = []
    trend = answered({"A through B": {"2026-03-01": measures(all=[3, 1])}})

    def ask(engine: str, params: Any) -> FunnelQueryResult:
        asked.append(params)
        return FunnelQueryResult.parse(trend, params)

    params = build_funnel_params(["A", "B"], unit="week", today=TODAY)
    result = FunnelQueryResult.parse(answered({"A through B": measures(all=[3, 1])}), params, ask)
    assert result.daily().entrants == (3,)
    assert asked[0]["displayOptions"]["chartType"] == "line"
    assert asked[0]["sections"]["time"][0]["unit"] == "day"
    assert params["sections"]["time"][0]["unit"] == "week"


def test_a_funnel_of_no_project_says_how_to_get_daily_counts() -> None:
    params = build_funnel_params(["A", "B"], today=TODAY)
    result = FunnelQueryResult.parse(answered({"A through B": measures(all=[3, 1])}), params)
    with pytest.raises(QueryError, match="mode='trends'"):
        result.daily()


def test_the_tenth_step_follows_the_ninth() -> None:
    steps = {f"{number}. S{number}": {"all": 20 - number} for number in (10, 1, 9, 2, 3, 4, 5, 6, 7, 8)}
    result = FunnelQueryResult.parse(answered({"f": {"count": steps}}), {})
    assert [step["event"] for step in result.steps_data][-2:] == ["S9", "S10"]


def test_retention_keeps_cohorts_average_and_segments() -> None:
    block = {
        "2026-03-02T00:00:00-05:00": {"first": 40, "counts": [18, 12], "rates": [0.45, 0.3]},
        "$average": {"first": 40, "counts": [18, 12], "rates": [0.45, 0.3]},
    }
    result = RetentionQueryResult.parse(answered({"A and then B": {"$overall": block, "Lima": block}}), {})
    assert result.birth_cohorts()[0].counts == (18, 12)
    assert result.birth_cohorts("Lima")[0].size == 40
    assert result.average.iloc[1]["rate"] == 0.3
    assert set(result.df["segment"]) == {"$overall", "Lima"}
    assert (result.df["cohort_date"] == "$overall").any()


def test_html_of_a_result_is_escaped() -> None:
    series = {"<script>alert(1)</script>": leaf(1)}
    assert "<script>" not in QueryResult.parse(answered(series), {})._repr_html_()


def test_the_period_compared_with_is_a_result_of_its_own() -> None:
    past = {
        "date_range": {"from_date": "2026-02-01T00:00:00-05:00", "to_date": "2026-02-02T23:59:59-05:00"},
        "series": {"m": {"$overall": leaf(3, 4), "Lima": leaf(1, 2)}},
    }
    now = answered({"m": {"$overall": leaf(5, 6), "Lima": leaf(2, 3)}}, ["$metric", "city"])
    result = QueryResult.parse({**now, "time_comparison": past}, {})
    assert result.df["count"].tolist() == [5, 6, 2, 3]
    assert result.comparison is not None
    assert result.comparison.df["count"].tolist() == [3, 4, 1, 2]
    assert list(result.comparison.df.columns) == list(result.df.columns)
    assert result.comparison.from_date == "2026-02-01T00:00:00-05:00"
    assert QueryResult.parse(now, {}).comparison is None


def test_a_funnel_of_unknown_shape_warns_and_keeps_what_came() -> None:
    with pytest.warns(UserWarning, match=r"\.series"):
        result = FunnelQueryResult.parse(answered({"f": {"strange": 1}}), {})
    assert result.steps_data == []
    assert result.series == {"f": {"strange": 1}}


def test_steps_may_come_as_a_list() -> None:
    steps = [
        {"event": "A", "count": 4, "overall_conv_ratio": 1},
        {"event": "B", "count": 1, "overall_conv_ratio": 0.25},
    ]
    for series in (steps, {"steps": steps}, {"$overall": steps}, {"$overall": {"steps": steps}}):
        assert FunnelQueryResult.parse(answered(series), {}).overall_conversion_rate == 0.25
