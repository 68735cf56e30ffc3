from __future__ import annotations

import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from pytest_mixpanel.baselines.daily import Daily
from pytest_mixpanel.baselines.snapshot import (
    BaselineError,
    Snapshot,
    query_hash,
    read_snapshot,
    snapshot_path,
    write_snapshot,
)
from pytest_mixpanel.core.time import DateRange

names = st.text(min_size=1, max_size=8)
counts = st.integers(0, 10**9)


@st.composite
def dailies(draw: st.DrawFn) -> Daily:
    days = draw(st.integers(1, 9))
    first = draw(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
    series = st.dictionaries(names, st.tuples(*[counts] * days), max_size=3)
    return Daily(
        tuple(first + timedelta(days=n) for n in range(days)),
        draw(series),
        draw(st.dictionaries(names, series, max_size=3)),
    )


def snapshot(daily: Daily) -> Snapshot:
    return Snapshot("abc", daily, "Europe/Berlin", "0.1.0", "ana", "2026-08-28T06:00:00+00:00", "why \u202e")


@given(dailies())
def test_what_is_written_is_read_back(tmp_path_factory: pytest.TempPathFactory, daily: Daily) -> None:
    path = tmp_path_factory.mktemp("s") / "__baselines__" / "shop" / "a.json"
    write_snapshot(path, snapshot(daily))
    assert read_snapshot(path) == snapshot(daily)


def test_it_reads_well_in_a_diff(tmp_path: Path) -> None:
    daily = Daily(
        (date(2026, 8, 26), date(2026, 8, 27)),
        {"count": (3, 4)},
        {"iOS": {"count": (1, 2)}, "Web": {"count": (2, 2)}},
    )
    write_snapshot(tmp_path / "a.json", snapshot(daily))
    text = (tmp_path / "a.json").read_text()
    assert '      "count": [3, 4]\n' in text
    assert json.loads(text)["to"] == "2026-08-27"


def test_a_killed_write_leaves_the_old_file_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    old = snapshot(Daily((date(2026, 8, 27),), {"count": (3,)}))
    write_snapshot(path, old)

    def killed(descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", killed)
    with pytest.raises(KeyboardInterrupt):
        write_snapshot(path, snapshot(Daily((date(2026, 8, 28),), {"count": (9,)})))
    assert read_snapshot(path) == old
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"format": 2}', "null", "\x00", '{"format": 1, "query": "a", "daily": 3}']
)
def test_a_damaged_file_says_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(BaselineError, match="--mixpanel-baselines=update"):
        read_snapshot(tmp_path / "a.json")


def test_the_hash_knows_what_is_asked_and_not_when() -> None:
    params = {
        "sections": {"show": [1], "time": [{"value": ["a", "b"]}]},
        "displayOptions": {"chartType": "line"},
    }
    later = {**params, "sections": {"show": [1], "time": [{"value": ["c", "d"]}]}}
    other = {**params, "sections": {"show": [2], "time": [{"value": ["a", "b"]}]}}
    assert query_hash("funnels", params) == query_hash("funnels", later)
    assert (
        len({query_hash("funnels", params), query_hash("insights", params), query_hash("funnels", other)})
        == 3
    )


def test_it_lives_beside_its_checks() -> None:
    path = snapshot_path("checks/shop.checks.yaml", "floor")
    assert path == Path("checks/__baselines__/shop/floor.json")


def test_days_without_data_count_as_nought() -> None:
    daily = Daily((date(2026, 8, 26), date(2026, 8, 28)), {"count": (3, 4)}, {"iOS": {"count": (1, 2)}})
    cut = daily.within(DateRange(date(2026, 8, 27), date(2026, 8, 29)))
    assert (cut.counts["count"], cut.segments["iOS"]["count"]) == ((0, 4, 0), (0, 2, 0))
