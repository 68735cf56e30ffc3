"""The published client and ours: the same calls and answers make the same requests and the same numbers.

Where ours differs on purpose, ``DIFFERENCES`` says why.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest

from pytest_mixpanel import Workspace
from pytest_mixpanel.workspace.sessions.environment import Environment
from tests.conformance.canned import Canned, canned_server

DAYS = {"from_date": "2025-01-01", "to_date": "2025-01-03"}
SERIES = {
    "data": {
        "series": ["2025-01-01", "2025-01-02"],
        "values": {"ES": {"2025-01-01": 4, "2025-01-02": 1}, "FR": {"2025-01-01": 2}},
    },
    "legend_size": 2,
}
STEP = {
    "count": 10,
    "event": "A",
    "goal": "A",
    "step_conv_ratio": 1,
    "overall_conv_ratio": 1,
    "avg_time": None,
}
FUNNEL = {
    "meta": {"dates": ["2025-01-01", "2025-01-02"]},
    "data": {
        "2025-01-01": {"steps": [STEP, {"count": 4, "goal": "B"}, {"count": 0}], "analysis": {}},
        "2025-01-02": {"steps": [STEP, {"count": 6, "goal": "B"}, {"count": 1}], "analysis": {}},
    },
}
BY_SEGMENT = {
    "data": {"2025-01-01": {"$overall": [STEP, {"count": 4, "event": "B"}], "ES": [STEP, {"count": 1}]}}
}
RETENTION = {
    "2025-01-02": {"first": 0, "counts": [0, 0]},
    "2025-01-01": {"first": 10, "counts": [10, 5, 2]},
}
FEED = {
    "status": "ok",
    "results": {
        "events": [
            {
                "event": "Buy",
                "properties": {"time": 1_735_732_800, "$distinct_id": "u1", "price": 5, "$city": "Faro"},
            },
            {"event": "Visit", "properties": {"time": 1_735_732_900, "$distinct_id": "u2"}},
        ],
        "sentinel_event": None,
    },
}
INSIGHTS = {
    "computed_at": "2025-02-01T10:00:00+00:00",
    "date_range": {"from_date": "2025-01-01T00:00:00+01:00", "to_date": "2025-01-07T23:59:59+01:00"},
    "headers": ["$event"],
    "series": {"Buy": {"2025-01-01T00:00:00+01:00": 42, "2025-01-02T00:00:00+01:00": 40}},
}
FLOWS = {
    "computed_at": "2025-02-01T10:00:00+00:00",
    "steps": [{"nodes": [{"event": "A", "totalCount": "3"}]}],
    "breakdowns": [],
    "overallConversionRate": 0.5,
    "metadata": {"min_sampling_factor": 1.0},
}
NUMBERS = {"status": "ok", "computed_at": "now", "results": {"2025-01-01": 20.5, "2025-01-02": 3}}
SCHEMA = {
    "entityType": "event",
    "name": "Buy",
    "schemaJson": {
        "description": "Checkout finished",
        "properties": {
            "price": {"type": "number", "metadata": {"com.mixpanel": {"displayName": "Price"}}},
            "note": {},
        },
        "metadata": {"com.mixpanel": {"$source": "api", "tags": ["core"], "contacts": ["a@b.test"]}},
    },
}
ROWS = (
    b'{"event":"Buy","properties":{"time":1735732800,"distinct_id":"u1","$insert_id":"a","price":9.5}}\n\n'
    b'terminated\n{"event":"Visit","properties":{"time":1735732801,"distinct_id":"\xc3\xbc","$insert_id":"b"}}'
)
PAGE = {
    "status": "ok",
    "page": 0,
    "page_size": 1000,
    "total": 2,
    "session_id": None,
    "results": [
        {"$distinct_id": "u1", "$properties": {"$last_seen": "2025-01-09T08:00:00", "plan": "pro"}},
        {"$distinct_id": "u2", "$properties": {}},
    ],
}
COHORTS = [
    {"id": 2, "name": "b", "count": 5, "created": "2025-01-01", "is_visible": 1, "project_id": 7},
    {"id": 1, "name": "a", "count": 4, "created": "2025-01-02", "is_visible": 0, "description": "x"},
]
REPORTS = [
    {
        "id": 1,
        "name": "r",
        "type": "flows",
        "project_id": 7,
        "created": "c",
        "modified": "m",
        "dashboard_id": 4,
        "creator_name": "Ana",
    }
]
VALUES = ['{"sku": "a", "price": 5, "at": "2025-01-01T00:00:00"}', '[{"sku": "b", "gift": true}]', "plain"]

Call = Callable[[Any], Any]
Q = "/api/query"
CASES: dict[str, tuple[str, Any, Call]] = {
    "events": (f"{Q}/events/names", ["b", "a"], lambda ws: ws.events()),
    "events of a range": (f"{Q}/events/names", ["b"], lambda ws: ws.events(limit=3, from_date="2025-01-01")),
    "properties": (f"{Q}/events/properties/top", {"b": {"count": 1}, "a": {}}, lambda ws: ws.properties("A")),
    "values": (f"{Q}/events/properties/values", ["x", 3, True], lambda ws: ws.property_values("p")),
    "values of an event": (
        f"{Q}/events/properties/values",
        ["x"],
        lambda ws: ws.property_values("p", event="A", limit=7),
    ),
    "subproperties": (
        f"{Q}/events/properties/values",
        VALUES,
        lambda ws: ws.subproperties("cart", event="Buy", sample_size=9),
    ),
    "top events": (
        f"{Q}/events/top",
        {"events": [{"event": "A", "amount": 231, "percent_change": -0.12}], "type": "unique"},
        lambda ws: ws.top_events(type="unique", limit=4),
    ),
    "funnels": (
        f"{Q}/funnels/list",
        [{"funnel_id": 2, "name": "b"}, {"funnel_id": 1, "name": "a"}],
        lambda ws: ws.funnels(),
    ),
    "cohorts": (f"{Q}/cohorts/list", COHORTS, lambda ws: ws.cohorts()),
    "reports": (
        "/api/app/projects/7/bookmarks",
        {"status": "ok", "results": {"results": REPORTS}},
        lambda ws: ws.list_bookmarks(),
    ),
    "reports of a kind": (
        "/api/app/projects/7/bookmarks",
        {"status": "ok", "results": REPORTS},
        lambda ws: ws.list_bookmarks("flows"),
    ),
    "schemas": (
        "/api/app/projects/7/schemas",
        {"status": "ok", "results": [SCHEMA]},
        lambda ws: ws.lexicon_schemas(),
    ),
    "schemas of a type": (
        "/api/app/projects/7/schemas/event",
        {"status": "ok", "results": [SCHEMA]},
        lambda ws: ws.lexicon_schemas(entity_type="event"),
    ),
    "schema": (
        "/api/app/projects/7/schemas/event",
        {"status": "ok", "results": SCHEMA["schemaJson"]},
        lambda ws: ws.lexicon_schema("event", "Buy"),
    ),
    "segmentation": (f"{Q}/segmentation", SERIES, lambda ws: ws.segmentation("Buy", **DAYS)),
    "segmentation by a name": (
        f"{Q}/segmentation",
        SERIES,
        lambda ws: ws.segmentation("Buy", on='a "b" \\ c', unit="week", where='user["x"] == 1', **DAYS),
    ),
    "segmentation by an expression": (
        f"{Q}/segmentation",
        SERIES,
        lambda ws: ws.segmentation("Buy", on='number(properties["x"])', **DAYS),
    ),
    "funnel": (f"{Q}/funnels", FUNNEL, lambda ws: ws.funnel(3, **DAYS)),
    "funnel by segment": (f"{Q}/funnels", BY_SEGMENT, lambda ws: ws.funnel(3, unit="week", on="c", **DAYS)),
    "retention": (
        f"{Q}/retention",
        RETENTION,
        lambda ws: ws.retention(born_event="A", return_event="B", **DAYS),
    ),
    "retention by weeks": (
        f"{Q}/retention",
        RETENTION,
        lambda ws: ws.retention(
            born_event="A", return_event="B", unit="week", interval_count=3, born_where="x", **DAYS
        ),
    ),
    "retention by intervals": (
        f"{Q}/retention",
        RETENTION,
        lambda ws: ws.retention(born_event="A", return_event="B", interval=3, return_where="y", **DAYS),
    ),
    "event counts": (
        f"{Q}/events",
        SERIES,
        lambda ws: ws.event_counts(["ES", "FR"], type="average", unit="month", **DAYS),
    ),
    "property counts": (
        f"{Q}/events/properties",
        SERIES,
        lambda ws: ws.property_counts("Buy", "c", values=["ES"], limit=5, **DAYS),
    ),
    "frequency": (
        f"{Q}/retention/addiction",
        {"data": {"2025-01-01": [5, 2, 1], "2025-01-02": [1, 0, 0]}},
        lambda ws: ws.frequency(event="A", where="x", addiction_unit="day", unit="week", **DAYS),
    ),
    "numeric": (
        f"{Q}/segmentation/numeric",
        SERIES,
        lambda ws: ws.segmentation_numeric("Buy", on="price", type="unique", unit="hour", **DAYS),
    ),
    "sum": (f"{Q}/segmentation/sum", NUMBERS, lambda ws: ws.segmentation_sum("Buy", on="price", **DAYS)),
    "average": (
        f"{Q}/segmentation/average",
        NUMBERS,
        lambda ws: ws.segmentation_average("Buy", on="price", where="x", **DAYS),
    ),
    "feed": (f"{Q}/stream/bookmark", FEED, lambda ws: ws.activity_feed(["u1", "u2"], **DAYS)),
    "feed since": (f"{Q}/stream/bookmark", FEED, lambda ws: ws.activity_feed(["u1"], from_date="2025-01-01")),
    "feed until": (f"{Q}/stream/bookmark", FEED, lambda ws: ws.activity_feed(["u1"], to_date="2025-03-01")),
    "feed of late": (f"{Q}/stream/bookmark", FEED, lambda ws: ws.activity_feed(["u1"])),
    "saved insights": (f"{Q}/insights", INSIGHTS, lambda ws: ws.query_saved_report(3)),
    "saved funnel": (
        f"{Q}/funnels",
        {**FUNNEL, "computed_at": "now"},
        lambda ws: ws.query_saved_report(3, bookmark_type="funnels", **DAYS),
    ),
    "saved funnel of late": (
        f"{Q}/funnels",
        FUNNEL,
        lambda ws: ws.query_saved_report(3, bookmark_type="funnels"),
    ),
    "saved funnel until": (
        f"{Q}/funnels",
        FUNNEL,
        lambda ws: ws.query_saved_report(3, bookmark_type="funnels", to_date="2025-03-01"),
    ),
    "saved funnel since": (
        f"{Q}/funnels",
        FUNNEL,
        lambda ws: ws.query_saved_report(3, bookmark_type="funnels", from_date="2025-03-01"),
    ),
    "saved retention": (
        f"{Q}/retention",
        RETENTION,
        lambda ws: ws.query_saved_report(3, bookmark_type="retention"),
    ),
    "saved flows": (f"{Q}/arb_funnels", FLOWS, lambda ws: ws.query_saved_report(3, bookmark_type="flows")),
    "flows": (f"{Q}/arb_funnels", FLOWS, lambda ws: ws.query_saved_flows(3)),
    "flows of nothing": (f"{Q}/arb_funnels", {}, lambda ws: ws.query_saved_flows(3)),
    "nothing": (
        f"{Q}/segmentation",
        {"data": {"series": [], "values": {}}},
        lambda ws: ws.segmentation("A", **DAYS),
    ),
    "export": (
        "/api/2.0/export",
        ROWS,
        lambda ws: list(ws.stream_events(events=["Buy", "Visit"], where="x", limit=9, **DAYS)),
    ),
    "raw export": ("/api/2.0/export", ROWS, lambda ws: list(ws.stream_events(raw=True, **DAYS))),
    "profiles": (f"{Q}/engage", PAGE, lambda ws: list(ws.stream_profiles())),
    "raw profiles": (f"{Q}/engage", PAGE, lambda ws: list(ws.stream_profiles(raw=True, where="x"))),
    "profiles of a cohort": (
        f"{Q}/engage",
        PAGE,
        lambda ws: list(ws.stream_profiles(cohort_id="33", output_properties=["plan"], as_of_timestamp=1)),
    ),
    "profiles by id": (
        f"{Q}/engage",
        PAGE,
        lambda ws: list(ws.stream_profiles(distinct_ids=["b", "a", "b"], group_id="company")),
    ),
    "profiles by behavior": (
        f"{Q}/engage",
        PAGE,
        lambda ws: list(ws.stream_profiles(behaviors=[{"name": "b"}], where='behaviors["b"] > 0')),
    ),
}

DIFFERENCES = {
    "time": "the published client puts the property time, an integer, over the column of datetimes",
}
"""Column of frames → why ours differs. Requests do not differ, nor does anything else that is read."""


@pytest.fixture(scope="module")
def canned() -> Iterator[Canned]:
    with canned_server() as server:
        yield server


@pytest.fixture
def clients(
    canned: Canned, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Any, Workspace]]:
    """The published client and ours, both of the canned server's project."""
    headless = pytest.importorskip("mixpanel_headless")
    home = tmp_path_factory.mktemp("home")
    session = {
        "MP_API_BASE_URL": canned.url,
        "MP_USERNAME": "svc",
        "MP_SECRET": "canary-8820",
        "MP_PROJECT_ID": "7",
        "MP_WORKSPACE_ID": "77",
        "MP_REGION": "us",
        "HOME": str(home),
        "MP_CONFIG_PATH": str(home / "none"),
    }
    for name, value in session.items():
        monkeypatch.setenv(name, value)
    with headless.Workspace() as published, Workspace(environment=Environment(session)) as ours:
        yield published, ours


def seen(canned: Canned, client: Any, path: str, answer: Any, call: Call) -> tuple[list[Any], Any]:
    """What a client asked for, and what it made of the answer."""
    canned.answers, canned.asked = {path: answer}, []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = call(client)
    return canned.asked, result


def plain(value: Any) -> Any:
    """A result as JSON values, its types apart."""
    if isinstance(value, list):
        return [plain(item) for item in value]
    if hasattr(value, "to_dict"):
        return value.to_dict()
    return value


@pytest.mark.parametrize("name", CASES)
def test_the_request_is_the_same(canned: Canned, clients: tuple[Any, Workspace], name: str) -> None:
    published, ours = clients
    theirs, _ = seen(canned, published, *CASES[name])
    own, _ = seen(canned, ours, *CASES[name])
    assert theirs
    assert own == theirs


@pytest.mark.parametrize("name", CASES)
def test_the_result_is_the_same(canned: Canned, clients: tuple[Any, Workspace], name: str) -> None:
    published, ours = clients
    _, theirs = seen(canned, published, *CASES[name])
    _, own = seen(canned, ours, *CASES[name])
    assert plain(own) == plain(theirs)
    if hasattr(theirs, "df"):
        apart = [column for column in DIFFERENCES if column in theirs.df]
        assert list(own.df) == list(theirs.df)
        assert not any(own.df[column].equals(theirs.df[column]) for column in apart)
        pd.testing.assert_frame_equal(own.df.drop(columns=apart), theirs.df.drop(columns=apart))
