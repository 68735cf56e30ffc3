"""Given the same calls and answers, both clients send the same requests and read the same numbers.

``DIFFERENCES`` says where they do not, and why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pytest

import pytest_mixpanel as mp
from tests.conformance.engine_answers import Canned, canned

published = pytest.importorskip("mixpanel_headless")

DAYS = {"from_date": "2026-03-01", "to_date": "2026-03-02"}
FIRST, SECOND = "2026-03-01T00:00:00-05:00", "2026-03-02T00:00:00-05:00"
ENVELOPE = {
    "computed_at": "2026-04-01T09:30:12.401Z",
    "date_range": {"from_date": FIRST, "to_date": "2026-03-02T23:59:59.999000-05:00"},
    "meta": {"min_sampling_factor": 1.0, "is_segmentation_limit_hit": False},
}


def insights(series: Any, *headers: str) -> dict[str, Any]:
    return {**ENVELOPE, "headers": ["$metric", *headers], "series": series}


def steps(scale: int) -> dict[str, Any]:
    """Three steps of a funnel with ``scale`` entrants."""
    names = ("1. Signup", "2. Top Up", "3. Ride Ended")
    rows = {
        "count": (scale, scale // 2, scale // 4),
        "step_conv_ratio": (1, 0.5, 0.5),
        "overall_conv_ratio": (1, 0.5, 0.25),
        "avg_time": (None, 5400.0, 7200.0),
        "avg_time_from_start": (None, 5400.0, 12600.0),
    }
    return {
        name: {step: {"all": value} for step, value in zip(names, values, strict=True)}
        for name, values in rows.items()
    }


def born(size: int) -> dict[str, Any]:
    cohort = {"first": size, "counts": [size // 2, size // 4], "rates": [0.5, 0.25]}
    return {FIRST: cohort, SECOND: {**cohort, "counts": [size // 2]}, "$average": cohort}


FLOW = {
    "computed_at": "2026-04-01T09:30:12.401Z",
    "metadata": {"min_sampling_factor": 1.0},
    "breakdowns": [],
    "overallConversionRate": 0.4,
    "steps": [
        {
            "nodes": [
                {
                    "event": "Search",
                    "type": "ANCHOR",
                    "anchorType": "NORMAL",
                    "totalCount": "10",
                    "isComputed": False,
                    "isCustomEvent": False,
                    "conversionRateChange": 0,
                    "edges": [
                        {"event": "Unlock", "type": "NORMAL", "step": 1, "totalCount": "6"},
                        {"event": "DROPOFF", "type": "DROPOFF", "step": 1, "totalCount": "4"},
                    ],
                }
            ]
        },
        {
            "nodes": [
                {"event": "Unlock", "type": "NORMAL", "totalCount": "6", "edges": []},
                {"event": "DROPOFF", "type": "DROPOFF", "totalCount": "4", "edges": []},
            ]
        },
    ],
}
PATHS = {
    "computed_at": "x",
    "flows": [
        {
            "flowSteps": [
                {"event": "Search", "type": "ANCHOR", "totalCount": "10"},
                {"event": "Unlock", "type": "NORMAL", "totalCount": "6"},
            ]
        }
    ],
}
NODE = {
    "step": {"event": "Search", "type": "ANCHOR", "stepNumber": 0, "anchorType": "NORMAL"},
    "totalCount": "10",
    "dropOffTotalCount": "4",
    "convertedTotalCount": "6",
    "children": [
        {
            "step": {"event": "Unlock", "type": "NORMAL", "stepNumber": 1, "anchorType": "NORMAL"},
            "totalCount": "6",
            "dropOffTotalCount": "0",
            "convertedTotalCount": "6",
            "children": [],
        }
    ],
}
TREE = {"computed_at": "x", "trees": [{"root": NODE, "num_steps": 2}]}
PEOPLE = [
    {"$distinct_id": f"r-{number}", "$properties": {"plan": "gold", "rides": number, "$email": f"{number}@x"}}
    for number in range(25)
]


def page_of(body: dict[str, Any]) -> dict[str, Any]:
    start = body["page"] * 10
    rows = PEOPLE[start : start + 10]
    more = "session" if start + 10 < len(PEOPLE) else None
    return {"results": rows, "session_id": more, "page": body["page"], "page_size": 10, "total": len(PEOPLE)}


@dataclass(frozen=True)
class Call:
    """A call on either client, the path that answers it, and the canned answer."""

    ask: Callable[[Any, Any], Any]
    path: str
    answer: Any


def summed(ws: Any, client: Any) -> Any:
    return ws.query(client.Metric("Ride Ended", math="total", property="fare"), rolling=7, last=14)


CALLS = {
    "insights": Call(
        lambda ws, _: ws.query("Ride Ended", **DAYS), "/insights", insights({"m": {FIRST: 41, SECOND: 37}})
    ),
    "insights in total": Call(
        lambda ws, _: ws.query("Ride Ended", mode="total", math="unique"),
        "/insights",
        insights({"m": {"all": 7}}),
    ),
    "insights of a sum": Call(summed, "/insights", insights({"m": {FIRST: 1.5, SECOND: None}})),
    "insights by two properties": Call(
        lambda ws, client: ws.query(
            ["A", client.Metric("B", math="unique")],
            formula="B / A",
            formula_label="share",
            group_by=["city", client.GroupBy("plan")],
            where=client.Filter.in_cohort(7, "x"),
            unit="week",
            data_group_id=4,
            time_comparison=client.TimeComparison.relative("month"),
        ),
        "/insights",
        insights(
            {"m": {"$overall": {FIRST: 13}, "Lima": {"$overall": {FIRST: 8}, "gold": {FIRST: 8}}}},
            "city",
            "plan",
        ),
    ),
    "insights of nothing": Call(lambda ws, _: ws.query("Ride Ended", **DAYS), "/insights", insights({})),
    "funnel": Call(
        lambda ws, client: ws.query_funnel(
            ["Signup", client.FunnelStep("Top Up", label="First"), "Ride Ended"],
            conversion_window=36,
            conversion_window_unit="hour",
            exclusions=["Complaint"],
            holding_constant="city",
            reentry_mode="optimized",
            **DAYS,
        ),
        "/insights",
        insights({"Signup through Ride Ended": steps(200)}),
    ),
    "retention": Call(
        lambda ws, client: ws.query_retention(
            client.RetentionEvent("Signup", filters=[client.Filter.is_set("p")]),
            "Ride Ended",
            retention_unit="day",
            bucket_sizes=[1, 3],
            unbounded_mode="carry_back",
        ),
        "/insights",
        insights({"Signup and then Ride Ended": born(40)}),
    ),
    "retention by segment": Call(
        lambda ws, _: ws.query_retention("Signup", "Ride Ended", group_by="city"),
        "/insights",
        insights({"r": {"$overall": born(60), "Lima": born(40), "Cusco": born(20)}}),
    ),
    "flow": Call(lambda ws, _: ws.query_flow("Search", forward=1, **DAYS), "/arb_funnels", FLOW),
    "flow as paths": Call(lambda ws, _: ws.query_flow("Search", mode="paths"), "/arb_funnels", PATHS),
    "flow as trees": Call(
        lambda ws, client: ws.query_flow(
            client.FlowStep("Search", filters=[client.Filter.greater_than("n", 3)]),
            mode="tree",
            segments="city",
        ),
        "/arb_funnels",
        TREE,
    ),
    "one profile": Call(lambda ws, _: ws.query_user(mode="profiles"), "/engage", page_of),
    "some profiles": Call(
        lambda ws, client: ws.query_user(
            mode="profiles",
            limit=15,
            where=client.Filter.equals("plan", ["gold", "silver"]),
            properties=["plan", "rides"],
            sort_by="rides",
            sort_order="ascending",
        ),
        "/engage",
        page_of,
    ),
    "all profiles": Call(lambda ws, _: ws.query_user(mode="profiles", limit=None), "/engage", page_of),
    "all profiles side by side": Call(
        lambda ws, _: ws.query_user(mode="profiles", limit=None, parallel=True, workers=2), "/engage", page_of
    ),
    "a count": Call(
        lambda ws, client: ws.query_user(where=client.Filter.is_true("vip"), cohort=3),
        "/engage/stats",
        {"results": 312, "computed_at": "x", "status": "ok"},
    ),
    "extremes by cohort": Call(
        lambda ws, _: ws.query_user(aggregate="extremes", aggregate_property="rides", segment_by=[7, 8]),
        "/engage/stats",
        {"results": {"7": {"max": 9, "min": 1, "nth_percentile": 4}}, "computed_at": "x"},
    ),
    "a summary": Call(
        lambda ws, _: ws.query_user(aggregate="numeric_summary", aggregate_property="rides"),
        "/engage/stats",
        {"results": {"count": 3, "mean": 2.0, "var": 0.5, "sum_of_squares": 14}, "computed_at": "x"},
    ),
}

DIFFERENCES = {
    "retention": "rows over all cohorts, $overall, are in our frame: the seed filters by them",
    "retention by segment": "the same, and the segment is found under its property's name too",
}


@pytest.fixture(scope="module")
def service() -> Iterator[Canned]:
    with canned() as server:
        yield server


@pytest.fixture
def clients(
    service: Canned, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> Iterator[tuple[mp.Workspace, Any]]:
    """Both clients with the same account, pointed at the canned server."""
    home = {"HOME": str(tmp_path), "MP_CONFIG_PATH": str(tmp_path / "none"), "XDG_CACHE_HOME": str(tmp_path)}
    account = {
        "MP_USERNAME": "someone",
        "MP_SECRET": "not-a-secret",
        "MP_PROJECT_ID": "12345",
        "MP_REGION": "us",
    }
    hosts = {"MP_API_BASE_URL": service.address, "MP_APP_BASE_URL": service.address}
    for name, value in {**home, **account, **hosts}.items():
        monkeypatch.setenv(name, value)
    with mp.Workspace(project="12345") as ours, published.Workspace() as theirs:
        yield ours, theirs


@pytest.mark.parametrize("name", CALLS)
def test_both_clients_send_the_same_and_read_the_same(
    name: str, clients: tuple[mp.Workspace, Any], service: Canned
) -> None:
    call, (ours, theirs) = CALLS[name], clients
    service.answers = {call.path: call.answer}
    own = call.ask(ours, mp)
    sent = service.taken()
    other = call.ask(theirs, published)
    expected = service.taken()
    key = lambda request: str(request["body"].get("page"))  # noqa: E731  # pages side by side come in any order
    assert sorted(sent, key=key) == sorted(expected, key=key)
    assert own.params == other.params
    frame = own.df
    if name in DIFFERENCES:
        frame = frame[frame["cohort_date"] != "$overall"]
        if "segment" in frame:
            frame = frame[frame["segment"] != "$overall"].drop(columns="city").reset_index(drop=True)
        frame = frame.reset_index(drop=True)
    pd.testing.assert_frame_equal(frame, other.df, check_dtype=name not in DIFFERENCES)


def test_both_read_the_same_numbers_beside_the_frame(
    clients: tuple[mp.Workspace, Any], service: Canned
) -> None:
    ours, theirs = clients
    service.answers = {"/insights": insights({"f": steps(200)}), "/arb_funnels": FLOW}
    rates = [ws.query_funnel(["A", "B", "C"]).overall_conversion_rate for ws in clients]
    assert rates == [0.25, 0.25]
    flows = [ws.query_flow("Search") for ws in clients]
    assert flows[0].top_transitions() == flows[1].top_transitions()
    assert flows[0].drop_off_summary() == flows[1].drop_off_summary()
    assert dict(flows[0].graph.nodes(data=True)) == dict(flows[1].graph.nodes(data=True))
    assert list(flows[0].graph.edges(data=True)) == list(flows[1].graph.edges(data=True))
    service.answers = {"/arb_funnels": TREE}
    trees = [ws.query_flow("Search", mode="tree").trees[0] for ws in clients]
    assert trees[0].render() == trees[1].render().rstrip("\n")
    assert trees[0].to_dict()["total_count"] == trees[1].to_dict()["total_count"]
    service.answers = {"/engage/stats": {"results": 7, "computed_at": "x"}}
    users = [ws.query_user() for ws in clients]
    assert [(user.value, user.total, user.aggregate_data) for user in users] == [(7, 7, 7)] * 2
    assert isinstance(theirs, published.Workspace)
    assert isinstance(ours, mp.Workspace)
