"""Whatever is asked with the typed inputs is built, and what is built is read, or refused by its place."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from typing import Any

from hypothesis import given, settings, strategies as st

import pytest_mixpanel as mp
from pytest_mixpanel.core.errors import BookmarkValidationError, MixpanelHeadlessError
from pytest_mixpanel.query.build.flow import build_flow_params
from pytest_mixpanel.query.build.funnel import build_funnel_params
from pytest_mixpanel.query.build.insights import build_params
from pytest_mixpanel.query.build.retention import build_retention_params
from pytest_mixpanel.query.build.users import build_user_params
from pytest_mixpanel.query.inputs.letters import letter, syntax_problem
from pytest_mixpanel.query.parse.params import PlanError, parse

TODAY = date(2026, 4, 1)
NAMES = st.sampled_from(["A", "Ride Ended", "$email", 'quo"te', "ключ", "a.b", "x" * 200])
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8).filter(str.strip)
NUMBERS = st.integers(-100, 100) | st.floats(-1e6, 1e6)
DAYS = st.dates(date(2020, 1, 1), TODAY).map(date.isoformat)
OWNERS = (
    NAMES
    | st.builds(mp.CustomPropertyRef, st.integers(1, 9))
    | st.just(mp.InlineCustomProperty.numeric("A * B", A="x", B="y"))
)
FILTERS = st.one_of(
    st.builds(mp.Filter.equals, OWNERS, WORDS | st.lists(WORDS, min_size=1, max_size=3)),
    st.builds(mp.Filter.not_equals, NAMES, WORDS),
    st.builds(mp.Filter.contains, OWNERS, WORDS),
    st.builds(mp.Filter.greater_than, OWNERS, NUMBERS),
    st.builds(mp.Filter.between, NAMES, NUMBERS, NUMBERS),
    st.builds(mp.Filter.is_set, OWNERS, resource_type=st.sampled_from(["events", "people"])),
    st.builds(mp.Filter.is_true, NAMES),
    st.builds(mp.Filter.since, NAMES, DAYS),
    st.builds(
        mp.Filter.in_the_last, NAMES, st.integers(1, 99), st.sampled_from(["hour", "day", "week", "month"])
    ),
    st.builds(lambda value: mp.Filter.list_contains("cart", Brand=value), WORDS),
)
BEHAVED = st.builds(
    lambda event, count, days: mp.CohortCriteria.did_event(event, at_least=count, within_days=days),
    NAMES,
    st.integers(0, 9),
    st.integers(1, 90),
)
COHORTS = st.lists(
    BEHAVED | st.builds(mp.CohortCriteria.has_property, NAMES, WORDS), min_size=1, max_size=3
).map(lambda criteria: mp.CohortDefinition.any_of(*criteria))
CONDITIONS = st.lists(
    FILTERS
    | st.builds(mp.Filter.in_cohort, COHORTS)
    | st.builds(mp.FrequencyFilter, NAMES, st.integers(0, 9)),
    max_size=3,
)
GROUPS = st.lists(
    NAMES
    | st.builds(mp.GroupBy, OWNERS)
    | st.builds(lambda name: mp.GroupBy(name, "number", 5, 0, 50), NAMES)
    | st.builds(mp.GroupBy.list_item, NAMES, NAMES)
    | st.builds(mp.CohortBreakdown, COHORTS, WORDS)
    | st.builds(mp.FrequencyBreakdown, NAMES),
    max_size=2,
)
METRICS = st.one_of(
    NAMES,
    st.builds(
        mp.Metric,
        NAMES,
        st.sampled_from(["total", "unique", "dau", "wau", "mau", "sessions"]),
        filters=st.lists(FILTERS, max_size=2),
    ),
    st.builds(mp.Metric, NAMES, st.sampled_from(["average", "median", "p90", "sum"]), OWNERS),
)
COMMON = {
    "where": CONDITIONS,
    "last": st.integers(1, 400),
    "time_comparison": st.none()
    | st.builds(mp.TimeComparison.relative, st.sampled_from(["week", "month", "year"])),
}
CALLS: dict[Any, st.SearchStrategy[dict[str, Any]]] = {
    build_params: st.fixed_dictionaries(
        {"events": st.lists(METRICS, min_size=1, max_size=3)},
        optional={
            **COMMON,
            "group_by": GROUPS,
            "unit": st.sampled_from(["hour", "day", "week", "month", "quarter"]),
            "mode": st.sampled_from(["timeseries", "total", "table"]),
            "rolling": st.none() | st.integers(1, 30),
        },
    ),
    build_funnel_params: st.fixed_dictionaries(
        {
            "steps": st.lists(
                NAMES | st.builds(mp.FunnelStep, NAMES, WORDS, st.lists(FILTERS, max_size=2)),
                min_size=2,
                max_size=5,
            )
        },
        optional={
            **COMMON,
            "group_by": GROUPS,
            "conversion_window": st.integers(1, 12),
            "conversion_window_unit": st.sampled_from(["minute", "hour", "day", "week", "month"]),
            "order": st.sampled_from(["loose", "any"]),
            "math": st.sampled_from(["conversion_rate_unique", "total", "median"]),
            "exclusions": st.lists(NAMES, max_size=2),
            "holding_constant": st.lists(NAMES, max_size=3),
            "reentry_mode": st.sampled_from([None, "basic", "optimized", "aggressive"]),
        },
    ),
    build_retention_params: st.fixed_dictionaries(
        {
            "born_event": NAMES,
            "return_event": st.builds(mp.RetentionEvent, NAMES, st.lists(FILTERS, max_size=2)),
        },
        optional={
            **COMMON,
            "retention_unit": st.sampled_from(["day", "week", "month"]),
            "alignment": st.sampled_from(["birth", "interval_start"]),
            "bucket_sizes": st.sets(st.integers(1, 60), max_size=5).map(sorted),
            "math": st.sampled_from(["retention_rate", "unique", "total", "average", "retention_count"]),
        },
    ),
    build_flow_params: st.fixed_dictionaries(
        {"event": st.lists(NAMES | st.builds(mp.FlowStep, NAMES, label=WORDS), min_size=1, max_size=3)},
        optional={
            "forward": st.integers(1, 5),
            "reverse": st.integers(0, 5),
            "cardinality": st.integers(1, 50),
            "mode": st.sampled_from(["sankey", "paths", "tree"]),
            "count_type": st.sampled_from(["unique", "total", "session"]),
            "hidden_events": st.lists(NAMES, max_size=2),
            "collapse_repeated": st.booleans(),
        },
    ),
    build_user_params: st.fixed_dictionaries(
        {"where": st.lists(FILTERS, max_size=2)},
        optional={
            "cohort": COHORTS,
            "as_of": DAYS,
            "mode": st.sampled_from(["profiles", "aggregate"]),
            "limit": st.none() | st.integers(1, 99),
        },
    ),
}


@settings(max_examples=400)
@given(data=st.data())
def test_typed_inputs_are_built_and_read(data: st.DataObject) -> None:
    build = data.draw(st.sampled_from(list(CALLS)))
    arguments = data.draw(CALLS[build])
    try:
        params = build(**arguments, today=TODAY)
    except MixpanelHeadlessError as refused:
        assert refused.code != "UNKNOWN_ERROR"  # noqa: PT017  # either way out is right  # it may be accepted, too
        return
    assert json.loads(json.dumps(params)) == params
    assert build(**arguments, today=TODAY) == params
    with suppress(PlanError):
        parse(params)


JUNK = st.sampled_from(
    [None, "", " ", "x", -1, 0, 1.5, True, 10**9, [], {}, ["x", 3], object(), float("nan")]
)


@settings(max_examples=500)
@given(data=st.data())
def test_wrong_arguments_are_refused_with_a_code_or_accepted(data: st.DataObject) -> None:
    build = data.draw(st.sampled_from(list(CALLS)))
    arguments = data.draw(CALLS[build])
    for name in data.draw(st.lists(st.sampled_from(sorted(arguments)), min_size=1, max_size=2)):
        arguments[name] = data.draw(JUNK)
    try:
        build(**arguments, today=TODAY)
    except BookmarkValidationError as refused:
        assert refused.error_count == len(refused.errors) > 0  # noqa: PT017  # it may be accepted, too
    except MixpanelHeadlessError as refused:
        assert refused.code != "UNKNOWN_ERROR"  # noqa: PT017  # it may be accepted, too


@given(st.integers(0, 5_000))
def test_letters_are_a_numbering(place: int) -> None:
    """``A`` is 0: the letters are digits to the base of 26, without leading ones."""
    value = 0
    for sign in letter(place):
        value = value * 26 + ord(sign) - ord("A")
    assert value == place


@given(st.text(alphabet="AB12.+-*/^() eE_", max_size=12))
def test_any_text_is_a_formula_or_says_why_not(text: str) -> None:
    problem = syntax_problem(text)
    assert problem is None or len(problem) > 5
