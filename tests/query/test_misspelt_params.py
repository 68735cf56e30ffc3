"""Params written by hand: what is misspelt is told with its place, what clients send is let pass."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from pytest_mixpanel import Filter, Metric
from pytest_mixpanel.query.build.flow import build_flow_params
from pytest_mixpanel.query.build.funnel import build_funnel_params
from pytest_mixpanel.query.build.insights import build_params
from pytest_mixpanel.query.build.retention import build_retention_params
from pytest_mixpanel.query.parse.params import PlanError, parse

TODAY = date(2025, 3, 31)


def insights() -> dict[str, Any]:
    metric = Metric("A", math="average", property="x", filters=[Filter.equals("a", "b")])
    return build_params(metric, group_by="p", where=Filter.in_the_last("d", 2, "day"), today=TODAY)


def funnel() -> dict[str, Any]:
    return build_funnel_params(["A", "B"], exclusions=["C"], reentry_mode="optimized", today=TODAY)


def retention() -> dict[str, Any]:
    return build_retention_params("A", "B", unbounded_mode="carry_back", today=TODAY)


def flow() -> dict[str, Any]:
    return build_flow_params("A", where=Filter.equals("a", "b"), exclusions=["X"], today=TODAY)


def renamed(params: dict[str, Any], place: str, name: str) -> dict[str, Any]:
    """The same params with the key at a place called otherwise."""
    told: Any = copy.deepcopy(params)
    within = told
    *above, key = place.split(".")
    for part in above:
        within = within[int(part)] if part.isdecimal() else within[part]
    within[name] = within.pop(key)
    return dict(told)


@pytest.mark.parametrize(
    ("made", "place", "name", "path"),
    [
        (insights, "sections.filter", "filters", "$.sections.filters"),
        (insights, "sections.group", "groups", "$.sections.groups"),
        (insights, "displayOptions", "display_options", "$.display_options"),
        (insights, "sections.show.0.measurement.math", "maths", "$.sections.show[0].measurement.maths"),
        (
            insights,
            "sections.show.0.behavior.filters",
            "filter",
            "$.sections.show[0].behavior.filter",
        ),
        (
            insights,
            "sections.filter.0.filterDateUnit",
            "filterDateunit",
            "$.sections.filter[0].filterDateunit",
        ),
        (funnel, "sections.show.0.behavior.exclusions", "exclusion", "$.sections.show[0].behavior.exclusion"),
        (
            funnel,
            "sections.show.0.behavior.funnelReentryMode",
            "funnelReEntryMode",
            "$.sections.show[0].behavior.funnelReEntryMode",
        ),
        (
            retention,
            "sections.show.0.behavior.retentionUnboundedMode",
            "retentionUnboundMode",
            "$.sections.show[0].behavior.retentionUnboundMode",
        ),
        (flow, "exclusions", "exclusion", "$.exclusion"),
        (flow, "steps.0.forward", "foward", "$.steps[0].foward"),
    ],
)
def test_a_misspelt_key_is_told_with_its_place_and_what_was_meant(
    made: Callable[[], dict[str, Any]], place: str, name: str, path: str
) -> None:
    params = made()
    parse(params)
    with pytest.raises(PlanError, match="did you mean") as error:
        parse(renamed(params, place, name))
    assert error.value.path == path
    assert repr(place.split(".")[-1]) in str(error.value)


def test_a_misspelt_chart_is_told_with_what_was_meant() -> None:
    params = insights()
    params["displayOptions"]["chartType"] = "bars"
    with pytest.raises(PlanError, match=r"chartType: there is no chart 'bars'; did you mean 'bar'\?"):
        parse(params)


@pytest.mark.parametrize("made", [insights, funnel, retention])
def test_keys_that_nobody_reads_are_let_pass(made: Callable[[], dict[str, Any]]) -> None:
    params = made()
    plain = parse(params)
    params["sections"]["show"][0] |= {"colour": "#fff", "metricKey": 3}
    params["displayOptions"] |= {"plotStyle": "standard", "statSigControl": {"value": None}}
    params |= {"title": "Mine", "legend": {}}
    assert parse(params) == plain


def test_what_is_saved_elsewhere_is_refused_by_its_place() -> None:
    params = funnel()
    params["sections"]["show"][0]["behavior"] = {"type": "funnel", "id": 3120}
    with pytest.raises(PlanError, match=r"show\[0\]: saved metrics and behaviors are not kept"):
        parse(params)
