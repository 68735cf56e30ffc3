"""The published client runs its engines against our server, and reads the frames that ours reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest

from pytest_mixpanel import Workspace
from pytest_mixpanel.core.address import parse_address
from pytest_mixpanel.server.app import Server
from pytest_mixpanel.server.projects import open_project
from pytest_mixpanel.server.running import LocalMixpanel, running

DAYS = {"from_date": "2025-03-01", "to_date": "2025-03-14"}

CALLS: dict[str, Callable[[Any], Any]] = {
    "query": lambda ws: ws.query("Purchase", **DAYS).df,
    "query unique": lambda ws: ws.query(["Login", "Signup"], math="unique", **DAYS).df,
    "query total": lambda ws: ws.query("Purchase", mode="total", **DAYS).df,
    "funnel": lambda ws: ws.query_funnel(["View Item", "Add to Cart", "Purchase"], **DAYS).df,
    "flow": lambda ws: ws.query_flow("Signup", forward=3, **DAYS).df,
    "flow paths": lambda ws: ws.query_flow("Signup", forward=2, mode="paths", **DAYS).df,
    "flow trees": lambda ws: ws.query_flow("Purchase", forward=0, reverse=2, mode="tree", **DAYS).df,
    "segmentation": lambda ws: ws.segmentation("Purchase", on="platform", unit="week", **DAYS).df,
    "expression": lambda ws: ws.segmentation("Purchase", where='properties["order_total"] > 50', **DAYS).df,
    "event counts": lambda ws: ws.event_counts(["Login", "Signup"], type="unique", **DAYS).df,
    "property counts": lambda ws: ws.property_counts("Login", "platform", **DAYS).df,
    "numeric": lambda ws: ws.segmentation_numeric("Purchase", on="order_total", **DAYS).df,
    "sum": lambda ws: ws.segmentation_sum("Purchase", on="order_total", **DAYS).df,
    "average": lambda ws: ws.segmentation_average("Purchase", on="order_total", **DAYS).df,
    "frequency": lambda ws: ws.frequency(event="Login", unit="week", addiction_unit="day", **DAYS).df,
    "older retention": lambda ws: (
        ws.retention(born_event="Signup", return_event="Login", unit="week", interval_count=2, **DAYS).df
    ),
    "export": lambda ws: pd.json_normalize(
        list(ws.stream_events(events=["Support Ticket"], raw=True, **DAYS))
    ),
    "profiles": lambda ws: pd.DataFrame(ws.stream_profiles(where='properties["plan"] == "basic"')),
    "users": lambda ws: ws.query_user(mode="profiles", limit=20).df,
    "users counted": lambda ws: ws.query_user(mode="aggregate", aggregate="count").df,
}


@pytest.fixture(scope="module")
def local() -> Iterator[LocalMixpanel]:
    """The demo with all that is kept in it: flows show its custom events, as they do to our client."""
    project = open_project(parse_address("demo"))
    whole = Server(project.store, project.now, project.entities, project.name, project.saved)
    with running(whole) as server:
        yield server


def test_it_follows_paths(published: Any) -> None:
    flow = published.query_flow("Signup", forward=3, **DAYS)
    assert {node["event"] for step in flow.steps for node in step["nodes"]} > {"Signup"}


def test_it_lists_the_events(published: Any, ours: Workspace) -> None:
    assert published.events() == ours.events()
    assert len(ours.events()) > 5


@pytest.mark.parametrize("name", CALLS)
def test_its_frames_are_ours(published: Any, ours: Workspace, name: str) -> None:
    theirs, own = CALLS[name](published), CALLS[name](ours)
    assert (theirs.select_dtypes("number") > 0).any(axis=None) or "distinct_id" in theirs
    rates = {
        column: float for column in theirs if "rate" in column
    }  # ours are floats where all are whole, too
    pd.testing.assert_frame_equal(own, theirs.astype(rates))


def test_its_segments_are_ours_which_stand_under_the_propertys_name_too(
    published: Any, ours: Workspace
) -> None:
    theirs = published.query("Purchase", group_by="platform", **DAYS).df
    own = ours.query("Purchase", group_by="platform", **DAYS).df
    assert theirs["count"].sum() > 0
    assert own["platform"].equals(own["segment"])
    pd.testing.assert_frame_equal(own.drop(columns="platform"), theirs)


def test_its_retention_is_ours_but_for_the_rows_over_all_cohorts(published: Any, ours: Workspace) -> None:
    theirs = published.query_retention("Signup", "Login", retention_unit="week", **DAYS).df
    own = ours.query_retention("Signup", "Login", retention_unit="week", **DAYS).df
    assert theirs["count"].min() > 0
    cohorts = own[own["cohort_date"] != "$overall"]
    pd.testing.assert_frame_equal(cohorts, theirs, check_dtype=False)
