"""Answers, damaged anywhere, give a result or a typed error; never a crash, never half a frame."""

from __future__ import annotations

import copy
import warnings
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from pytest_mixpanel.core.errors import MixpanelHeadlessError
from pytest_mixpanel.query.results.flow import FlowQueryResult
from pytest_mixpanel.query.results.funnel import FunnelQueryResult
from pytest_mixpanel.query.results.insights import QueryResult
from pytest_mixpanel.query.results.retention import RetentionQueryResult
from pytest_mixpanel.query.results.users import UserQueryResult

DAY = "2026-03-01T00:00:00-05:00"
ENVELOPE = {
    "computed_at": "2026-04-01T09:30:12.401Z",
    "date_range": {"from_date": DAY, "to_date": "2026-03-31T23:59:59-05:00"},
    "headers": ["$metric", "city"],
    "meta": {"min_sampling_factor": 1.0},
}
MEASURES = {
    name: {"1. A": {"all": 4, "Lima": 3}, "2. B": {"all": 2, "Lima": 1}}
    for name in ("count", "step_conv_ratio", "overall_conv_ratio", "avg_time", "avg_time_from_start")
}
COHORT = {"first": 4, "counts": [3, 2], "rates": [0.75, 0.5]}
BORN = {"2026-03-02": COHORT, "$average": COHORT}
GROUPED = {"sections": {"time": [{"unit": "day"}], "group": [{"value": "city"}]}}

ANSWERS: list[tuple[Any, dict[str, Any], dict[str, Any]]] = [
    (QueryResult, {**ENVELOPE, "series": {"m": {"$overall": {DAY: 4}, "Lima": {DAY: 3}}}}, {}),
    (QueryResult, {**ENVELOPE, "series": {"m": {"all": 4}}, "headers": ["$metric"]}, {}),
    (FunnelQueryResult, {**ENVELOPE, "series": {"A through B": MEASURES}}, GROUPED),
    (FunnelQueryResult, {**ENVELOPE, "series": {"f": {"$overall": MEASURES, "Lima": MEASURES}}}, GROUPED),
    (FunnelQueryResult, {**ENVELOPE, "series": {"f": {DAY: MEASURES}}}, GROUPED),
    (RetentionQueryResult, {**ENVELOPE, "series": {"A and then B": BORN}}, GROUPED),
    (RetentionQueryResult, {**ENVELOPE, "series": {"r": {"$overall": BORN, "Lima": BORN}}}, GROUPED),
    (
        FlowQueryResult,
        {
            "steps": [
                {
                    "nodes": [
                        {
                            "event": "A",
                            "type": "ANCHOR",
                            "totalCount": "4",
                            "edges": [{"event": "B", "type": "NORMAL", "step": 1, "totalCount": "2"}],
                        }
                    ]
                }
            ],
            "overallConversionRate": 0.5,
        },
        {"flows_merge_type": "graph"},
    ),
    (
        FlowQueryResult,
        {"flows": [{"flowSteps": [{"event": "A", "type": "ANCHOR", "totalCount": "4"}]}]},
        {"flows_merge_type": "list"},
    ),
    (
        FlowQueryResult,
        {
            "trees": [
                {
                    "root": {
                        "step": {"event": "A", "type": "ANCHOR", "stepNumber": 0},
                        "totalCount": "4",
                        "children": [{"step": {"event": "B"}, "totalCount": "2", "children": []}],
                    }
                }
            ]
        },
        {"flows_merge_type": "tree"},
    ),
    (
        UserQueryResult,
        {"results": [{"$distinct_id": "u", "$properties": {"plan": "pro", "$last_seen": "x"}}], "total": 1},
        {},
    ),
    (UserQueryResult, {"results": 7}, {"action": "count()"}),
    (
        UserQueryResult,
        {"results": {"1": {"max": 3, "min": 1}}},
        {"action": "extremes(x)", "segment_by_cohorts": '{"1": true}'},
    ),
]
JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "nonsense", "NaN", -1, 10**9, 1.5, True, [], {}, ["x"], {"a": 1}, {"all": None}, [[1]]]
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        found += places(item, (*path, key))
    return found


def damage(answer: Any, path: tuple[Any, ...], junk: Any) -> Any:
    damaged = copy.deepcopy(answer)
    place = damaged
    for key in path[:-1]:
        place = place[key]
    if junk == "gone":
        del place[path[-1]]
    else:
        place[path[-1]] = junk
    return damaged


def read_all(kind: Any, answer: Any, params: dict[str, Any]) -> None:
    """Everything a reader looks at."""
    result = kind.parse(answer, params)
    assert repr(result).startswith("<")
    assert result.df.shape[1] > 0
    for name in ("overall_conversion_rate", "average", "graph", "anytree", "total", "value", "comparison"):
        getattr(result, name, None)
    for name in (
        "top_transitions",
        "drop_off_summary",
        "segments",
        "birth_cohorts",
        "to_dict",
        "to_table_dict",
    ):
        method = getattr(result, name, None)
        if callable(method):
            method()


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: case[0].__name__)
def test_whole_answers_are_read(case: tuple[Any, dict[str, Any], dict[str, Any]]) -> None:
    kind, answer, params = case
    read_all(kind, answer, params)


@pytest.mark.parametrize("case", ANSWERS, ids=lambda case: case[0].__name__)
def test_no_single_place_makes_an_answer_crash(case: tuple[Any, dict[str, Any], dict[str, Any]]) -> None:
    kind, answer, params = case
    for path in places(answer):
        for junk in (None, "nonsense", 3, ["x"], {"a": 1}, "gone"):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)
                try:
                    read_all(kind, damage(answer, path, junk), params)
                except MixpanelHeadlessError:
                    continue
                except Exception as crash:
                    raise AssertionError(f"{junk!r} at {path}: {crash!r}") from crash


@settings(max_examples=300)
@given(data=st.data())
def test_several_damages_do_not_make_it_crash(data: st.DataObject) -> None:
    kind, answer, params = data.draw(st.sampled_from(ANSWERS))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(places(answer) or [("series",)]))
        answer = damage(answer, path, data.draw(JUNK))
        if not places(answer):
            break
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        with suppress(MixpanelHeadlessError):
            read_all(kind, answer, params)


@pytest.mark.parametrize(
    "kind", [QueryResult, FunnelQueryResult, RetentionQueryResult, FlowQueryResult, UserQueryResult]
)
@pytest.mark.parametrize(
    "answer", [None, [], "text", 3, {"error": "too many"}, {"series": 3, "results": "x", "steps": 1}]
)
def test_what_is_no_answer_is_a_typed_error(kind: Any, answer: Any) -> None:
    with pytest.raises(MixpanelHeadlessError):
        kind.parse(answer, {})
