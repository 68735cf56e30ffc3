"""A store that grows by segments answers as one that is read at once, whatever the split."""

from __future__ import annotations

import json
import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from pytest_mixpanel import GroupBy, Metric
from pytest_mixpanel.engine.answer import answer
from pytest_mixpanel.engine.discovery import names as discovery
from pytest_mixpanel.engine.discovery.export import export_events
from pytest_mixpanel.engine.importing import growth, settling, streams
from pytest_mixpanel.engine.importing.companions import companions
from pytest_mixpanel.engine.importing.open import Opened, open_source
from pytest_mixpanel.engine.importing.paths import source_files
from pytest_mixpanel.engine.importing.read import import_files
from pytest_mixpanel.engine.store import Store
from pytest_mixpanel.query.build.funnel import build_funnel_params
from pytest_mixpanel.query.build.insights import build_params
from pytest_mixpanel.query.build.retention import build_retention_params

CASES = int(os.environ.get("MIXPANEL_LAW_CASES", "25"))
LAW = settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck))
NOW = datetime(2025, 6, 30, tzinfo=UTC)
START = datetime(2025, 3, 1, tzinfo=UTC)
RANGE: dict[str, Any] = {"from_date": "2025-02-27", "to_date": "2025-03-08", "today": NOW.date()}
UUIDS = [f"{n}1111111-1111-4111-8111-111111111111" for n in "abc"]

QUESTIONS = {
    "funnel": build_funnel_params(["A", "B"], **RANGE),
    "funnel of totals": build_funnel_params(["A", "B", "A"], math="total", group_by="p", **RANGE),
    "retention": build_retention_params("A", "B", **RANGE),
    "people": build_params(Metric("A", math="unique"), group_by=GroupBy("p"), **RANGE),
    "sums": build_params(Metric("B", math="total", property="n"), **RANGE),
    "profiles": build_params("A", group_by=GroupBy("plan", resource_type="people"), **RANGE)
    if "resource_type" in GroupBy.__dataclass_fields__
    else build_params("A", group_by="n", **RANGE),
}

values = st.sampled_from(["x", "y", 1, 2.5, True, None, ["x", "z"]])
plain = st.fixed_dictionaries(
    {
        "event": st.sampled_from("AABBC"),
        "distinct_id": st.sampled_from(["u1", "u2", "u3", "", *UUIDS]),
        "minutes": st.integers(0, 12).map(lambda tick: tick * 720),
        "properties": st.fixed_dictionaries(
            {},
            optional={
                "p": values,
                "n": st.integers(0, 3),
                "$insert_id": st.sampled_from(["i", "j", 7]),
                "$user_id": st.sampled_from(["u1", "u2"]),
                "$device_id": st.sampled_from(["d1", "d2"]),
            },
        ),
    }
)
joins = st.builds(
    lambda kind, minutes, one, other: {
        "event": kind,
        "distinct_id": other,
        "minutes": minutes,
        "properties": {
            "$anon_id": one,
            "$identified_id": other,
            "alias": one,
            "$distinct_ids": [one, other],
        },
    },
    st.sampled_from(["$identify", "$merge", "$create_alias"]),
    st.integers(0, 12).map(lambda tick: tick * 720),
    st.sampled_from([*UUIDS, "u3"]),
    st.sampled_from(["u1", "u2", UUIDS[0]]),
)
files = st.lists(st.lists(st.one_of(plain, plain, plain, joins), max_size=8), min_size=1, max_size=5)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is killed here, so nothing need be on the disk; days are as small as segments never are."""
    monkeypatch.setattr(os, "fsync", lambda _: None)
    monkeypatch.setattr(settling, "outgrown", lambda sizes, new: set())


def lines(events: list[dict[str, Any]]) -> str:
    told = [
        {
            "event": event["event"],
            "properties": {
                "time": round((START + timedelta(minutes=event["minutes"])).timestamp() * 1000),
                "distinct_id": event["distinct_id"],
                **event["properties"],
            },
        }
        for event in events
    ]
    return "".join(f"{json.dumps(each)}\n" for each in told)


def at_once(folder: Path) -> Store:
    """All files read into memory in their order: what every store of segments is held against."""
    beside = companions(folder)
    names = [file for file in source_files(folder) if file not in beside.files]
    return import_files(names, beside.time_zone or "UTC", None, beside)[0]


def told(store: Store) -> dict[str, Any]:
    """What a store answers, discovery and the exported events included."""
    answers: dict[str, Any] = {name: answer(params, store, NOW) for name, params in QUESTIONS.items()}
    answers["names"] = discovery.event_names(store)
    answers["span"] = discovery.span(store)
    for name in answers["names"]:
        answers["properties of " + name] = discovery.property_counts(store, name)
    for name in ("p", "n"):
        answers["values of " + name] = discovery.property_values(store, name, None, 100)
    rows = export_events(store, START.date() - timedelta(days=2), NOW.date(), NOW)
    answers["events"] = [json.dumps(row, sort_keys=True) for row in rows]
    answers["users"] = sorted(store.users)
    answers["by user"] = {
        name: [
            (int(at), store.event_names[int(code)])
            for at, code in zip(
                store.time[store.offsets[user] : store.offsets[user + 1]],
                store.event[store.offsets[user] : store.offsets[user + 1]],
                strict=True,
            )
        ]
        for user, name in enumerate(store.users)
    }
    return answers


def same(one: Store, other: Store) -> None:
    """Events of one moment may be exported in any order of their users; all else is equal."""
    left, right = told(one), told(other)
    assert sorted(left.pop("events")) == sorted(right.pop("events"))
    assert left == right


def span(opened: Opened) -> tuple[str, str, int]:
    """The first and the last day of a store as they are reported, and the last moment."""
    return str(opened.report.first), str(opened.report.last), opened.last


def first_and_last(store: Store) -> tuple[str, str, int]:
    first, last = int(store.time.min()), int(store.time.max())
    return str(np.datetime64(first, "ms"))[:10], str(np.datetime64(last, "ms"))[:10], last


@LAW
@given(
    files,
    st.permutations(range(5)),
    st.sampled_from(["legacy", "original", "simplified"]),
    st.booleans(),
    st.integers(1, 3),
    st.booleans(),
)
def test_files_one_by_one_are_files_at_once(
    days: list[list[dict[str, Any]]],
    order: list[int],
    identity: str,
    by_day: bool,
    together: int,
    merges: bool,
) -> None:
    if not any(days):
        return
    with tempfile.TemporaryDirectory() as place:
        source, cache = Path(place) / "export", Path(place) / "cache"
        source.mkdir()
        rules: dict[str, Any] = {"identity": identity, "dedupe_by_day": by_day}
        (source / "project.json").write_text(
            json.dumps({**rules, **({"merged_events": {"C": "A"}} if merges else {})})
        )
        (source / "profiles.jsonl").write_text(
            "".join(
                json.dumps({"$distinct_id": name, "$properties": {"plan": f"of {name}", name: 1}}) + "\n"
                for name in ("u1", "u9", UUIDS[1])
            )
        )
        opened: Opened | None = None
        waiting = [number for number in order if number < len(days)]
        while waiting:
            for number in waiting[:together]:
                (source / f"day-{number}.jsonl").write_text(lines(days[number]))
            waiting = waiting[together:]
            if any(file.stat().st_size for file in source.glob("day-*")):
                opened = open_source(source, cache)
                whole = at_once(source)
                same(opened.store, whole)
                assert opened.report.events == len(whole)
                assert span(opened) == first_and_last(whole)
                assert opened.report.users == whole.n_users
        assert opened is not None


@LAW
@given(
    files,
    st.lists(st.tuples(st.integers(0, 4), st.lists(st.one_of(plain, joins), max_size=4)), max_size=4),
    st.sampled_from(["legacy", "original", "simplified"]),
)
def test_files_that_change_or_go_are_as_if_they_had_never_been(
    days: list[list[dict[str, Any]]], changes: list[tuple[int, list[dict[str, Any]]]], identity: str
) -> None:
    always = {"event": "A", "distinct_id": "u1", "minutes": 5, "properties": {}}
    with tempfile.TemporaryDirectory() as place:
        source, cache = Path(place) / "export", Path(place) / "cache"
        source.mkdir()
        (source / "project.json").write_text(json.dumps({"identity": identity}))
        (source / "day-0.jsonl").write_text(lines([always]))
        for number, day in enumerate(days, 1):
            (source / f"day-{number}.jsonl").write_text(lines(day))
            open_source(source, cache)
        for number, day in changes:
            file = source / f"day-{number + 1}.jsonl"
            if day:
                file.write_text(lines(day))
            else:
                file.unlink(missing_ok=True)
            opened, whole = open_source(source, cache), at_once(source)
            same(opened.store, whole)
            assert span(opened) == first_and_last(whole)


@LAW
@given(files, st.sampled_from(["legacy", "original", "simplified"]), st.integers(1, 9))
def test_putting_segments_together_changes_nothing(
    days: list[list[dict[str, Any]]], identity: str, at_once_together: int
) -> None:
    always = {"event": "A", "distinct_id": "u1", "minutes": 5, "properties": {}}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(growth, "MOST_SEGMENTS", 2)
        patch.setattr(settling, "outgrown", growth.outgrown)
        patch.setattr(streams, "PART_EVENTS", at_once_together)
        patch.setattr(streams, "IN_MEMORY", 0)
        with tempfile.TemporaryDirectory() as place:
            source, cache = Path(place) / "export", Path(place) / "cache"
            source.mkdir()
            (source / "project.json").write_text(json.dumps({"identity": identity}))
            for number, day in enumerate(days):
                (source / f"day-{number}.jsonl").write_text(lines([always, *day]))
                same(open_source(source, cache).store, at_once(source))
