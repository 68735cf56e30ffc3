"""The client on the demo project: every request is built, sent, routed, answered and parsed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pytest_mixpanel import (
    ConfigError,
    EventNotFoundError,
    Filter,
    FunnelStep,
    GroupBy,
    Metric,
    ProjectNotFoundError,
    Workspace,
)
from tests.benchmarks.first_request import first_request


@pytest.fixture(scope="module")
def ws() -> Iterator[Workspace]:
    with Workspace(project="demo") as workspace:
        yield workspace


def test_discovery_finds_events_properties_and_values(ws: Workspace) -> None:
    assert {"Login", "Signup", "Purchase", "Support Ticket"} <= set(ws.events())
    assert ws.events() == sorted(ws.events())
    assert "order_total" in ws.properties("Purchase")
    assert set(ws.property_values("platform", event="Login")) == {"Android", "iOS", "Web"}
    assert ws.property_values("platform", event="Login", limit=1) == ["Android"]


def test_an_unknown_event_is_answered_with_the_closest_names(ws: Workspace) -> None:
    with pytest.raises(EventNotFoundError, match="did you mean 'Purchase'") as error:
        ws.properties("purchase")
    assert error.value.similar_events[0] == "Purchase"


def test_top_events_are_todays(ws: Workspace) -> None:
    top = ws.top_events(limit=3)
    assert len(top) == 3
    assert top[0].count >= top[1].count > 0


def test_the_lexicon_describes_the_events(ws: Workspace) -> None:
    schemas = {schema.name: schema for schema in ws.lexicon_schemas(entity_type="event")}
    assert schemas["Purchase"].schema_json.properties["order_total"].type == "number"


def test_discovery_is_asked_once(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    ws.clear_discovery_cache()
    asked: list[str] = []
    send = ws._connection.client.send
    monkeypatch.setattr(
        ws._connection.client, "send", lambda r, **kw: (asked.append(r.url.path), send(r, **kw))[1]
    )
    ws.events()
    ws.events()
    assert asked == ["/api/query/events/names"]


def test_a_query_answers_by_day_and_segment(ws: Workspace) -> None:
    result = ws.query(Metric("Purchase", math="unique"), last=7, group_by="platform")
    assert list(result.df.columns) == ["date", "event", "segment", "platform", "count"]
    assert len(result.daily()) == 7
    assert sum(result.daily("iOS").values()) > 0


def test_the_sum_of_a_property_is_a_number(ws: Workspace) -> None:
    result = ws.query("Purchase", math="sum", math_property="order_total", mode="total", last=28)
    assert result.df["count"].iloc[0] > 10_000


def test_numbers_can_be_put_into_buckets(ws: Workspace) -> None:
    by_price = GroupBy("order_total", property_type="number", bucket_size=20, bucket_min=0, bucket_max=60)
    segments = set(ws.query("Purchase", group_by=by_price, mode="total").df["segment"])
    assert {"$overall", "0 - 20", "20 - 40", "40 - 60", "≥ 60"} >= segments >= {"20 - 40"}


def test_daily_entrants_and_conversions_are_reachable_from_every_funnel(ws: Workspace) -> None:
    steps = ["View Item", FunnelStep("Purchase", filters=[Filter.greater_than("order_total", 0)])]
    result = ws.query_funnel(steps, conversion_window=7, last=14)
    daily = result.daily()
    assert len(daily.dates) == 14
    assert all(0 < x <= n for x, n in zip(daily.conversions, daily.entrants, strict=True))
    trend = ws.query_funnel(steps, conversion_window=7, last=14, mode="trends")
    assert trend.daily() == daily


def test_segments_of_a_funnel_are_kept_in_frame_and_by_day(ws: Workspace) -> None:
    result = ws.query_funnel(["View Item", "Purchase"], group_by="platform", last=14)
    assert set(result.df["platform"]) == {"$overall", "Android", "iOS", "Web"}
    assert set(result.daily_segments()) == {"Android", "iOS", "Web"}


def test_retention_has_cohorts_and_an_average_curve(ws: Workspace) -> None:
    result = ws.query_retention("Signup", "Login", retention_unit="day", last=30)
    rates = result.average["rate"].tolist()
    assert len(result.birth_cohorts()) == 30
    assert rates[1] > rates[7] > 0


def test_export_streams_events_raw_or_readable(ws: Workspace) -> None:
    day = {"from_date": "2025-03-20", "to_date": "2025-03-20", "events": ["Purchase"]}
    readable, raw = list(ws.stream_events(**day)), list(ws.stream_events(**day, raw=True))  # type: ignore[arg-type]  # mixed keywords
    assert len(readable) == len(raw) > 0
    assert readable[0]["event_time"].date() == date(2025, 3, 20)
    assert raw[0]["properties"]["time"] == int(readable[0]["event_time"].timestamp())
    assert {row["event_name"] for row in readable} == {"Purchase"}


def test_the_clock_bounds_what_is_seen() -> None:
    with Workspace(project="demo", now=datetime(2025, 1, 15, 12, tzinfo=UTC)) as then:
        daily = then.query("Login", from_date="2025-01-14", to_date="2025-01-16").daily()
    assert daily["2025-01-14"] > daily["2025-01-15"] > daily["2025-01-16"] == 0


def test_a_local_project_knows_its_range_and_time_zone(ws: Workspace) -> None:
    assert ws.timezone == "UTC"
    assert ws.data_range() == (date(2024, 12, 2), date(2025, 3, 31))


def test_no_project_and_no_credentials_are_clear_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="use --mixpanel-project=demo"):
        Workspace()
    with pytest.raises(ConfigError, match="no credentials: MP_USERNAME and MP_SECRET not set"):
        Workspace(project=1234567)
    with pytest.raises(ProjectNotFoundError, match="no project 'demmo'"):
        Workspace(project="demmo")
    with pytest.raises(ProjectNotFoundError, match="demo:incident"):
        Workspace(project="demo:disaster")


def test_exported_events_are_a_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIXPANEL_CACHE", str(tmp_path / "cache"))
    file = tmp_path / "export.jsonl"
    file.write_text('{"event":"Login","properties":{"time":1735689600,"distinct_id":"u1"}}\n{}\n')
    with Workspace(project=str(file)) as ws:
        assert ws.events() == ["Login"]
        assert ws.now == datetime(2025, 1, 1, 1, tzinfo=UTC)
        report = ws.import_report
    assert report is not None
    assert report.summary().startswith("1 event of 1 user, 2025-01-01 … 2025-01-01, 1 line rejected")


def test_importing_the_package_imports_no_other() -> None:
    code = (
        "import sys, pytest_mixpanel; "
        "known = set(sys.stdlib_module_names) | {'pytest_mixpanel'}; "
        "print(sorted({m.split('.')[0] for m in sys.modules} - known - {'sitecustomize', '__main__'}))"
    )
    clean = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {code}"]
    assert subprocess.run(clean, capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_a_live_query_imports_nothing_that_other_calls_need(tmp_path: Path) -> None:
    told = first_request(str(tmp_path))
    assert told["host"] == "mixpanel.com"
    unneeded = {"duckdb", "lark", "networkx", "numpy", "pandas", "pcre2", "pydantic", "scipy", "yaml"}
    assert unneeded & {name.split(".")[0] for name in told["modules"]} == set()
    beyond = ("api.entities.", "api.model", "demo.", "dsl.", "engine.", "kinds.", "server.app")
    beyond += ("api.discovery", "api.members", "query.results.legacy.", "query.results.funnel")
    beyond += ("workspace.sessions.bridge", "workspace.sessions.oauth")
    beyond += ("workspace.transport.local", "workspace.transport.recording", "workspace.transport.replay")
    above = tuple(f"pytest_mixpanel.{one}" for one in beyond)
    assert [name for name in told["modules"] if name.startswith(above)] == []


UNNEEDED_BY_A_STORE = {
    *(
        "duckdb",
        "lark",
        "networkx",
        "pandas",
        "pcre2",
        "pydantic",
        "pyarrow",
        "scipy",
        "yaml",
    ),  # frames, drivers
    *("filelock", "httpcore", "httpx", "starlette", "typer", "uvicorn"),  # networks, locks
    *("asyncio", "email", "http.client", "numpy.ma", "numpy.random", "socket", "ssl", "urllib.request"),
}
"""What an answer from a store does without: nothing of it is loaded, and nobody waits for it."""


def test_answers_from_a_store_load_only_what_they_need(tmp_path: Path) -> None:
    file = tmp_path / "export.jsonl"
    file.write_text('{"event":"Login","properties":{"time":1735689600,"distinct_id":"u1"}}\n')
    code = (
        "import sys; from pytest_mixpanel import Workspace; ws = Workspace(project=sys.argv[1]); "
        "ws.events(); ws.query_funnel(['Login', 'Login']); funnel = set(sys.modules); "
        "ws.query('Login'); ws.query_retention('Login', 'Login'); ws.query_flow('Login'); "
        "print(*funnel, '|', *sys.modules)"
    )
    environment = {
        **os.environ,
        "MIXPANEL_CACHE": str(tmp_path / "cache"),
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    for _ in range(2):  # imported by the first, stored for the second
        stored = subprocess.run(
            [sys.executable, "-c", code, str(file)],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
    funnel, all_reports = (set(names.split()) for names in stored.stdout.split("|"))
    assert UNNEEDED_BY_A_STORE & all_reports == set()
    of_imports = {name for name in all_reports if name.startswith("pytest_mixpanel.engine.importing.")}
    assert {name.rpartition(".")[2] for name in of_imports} == {
        "beside",
        "open",
        "paths",
        "report",
        "sources",
    }
    others = ("insights", "retention", "flows", "formulas", "discovery.export", "legacy.returns")
    assert not {
        name for name in funnel if name.startswith(tuple(f"pytest_mixpanel.engine.{one}" for one in others))
    }
