"""The engine's answers on the demo project are the numbers that sorting and searching the columns give."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from pytest_mixpanel.demo import FIRST_DAY, NOW, Shop, open_demo
from pytest_mixpanel.demo.days import DAY_MS, START_MS
from pytest_mixpanel.engine.answer import answer
from pytest_mixpanel.engine.store import CodedColumn, Store
from pytest_mixpanel.query.build.funnel import build_funnel_params
from pytest_mixpanel.query.build.retention import build_retention_params
from tests.demo.reckoning import funnel, position, rows

TODAY = NOW.date()
FIRST, LAST = date(2025, 1, 26), date(2025, 3, 22)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return open_demo(cache=tmp_path_factory.mktemp("cache"))


def day_of(stamp: str) -> int:
    return (date.fromisoformat(stamp[:10]) - FIRST_DAY).days


@pytest.mark.parametrize(
    ("steps", "days"),
    [
        (["View Item", "Add to Cart", "Purchase"], 7),
        (["Signup", "View Item", "Add to Cart"], 7),
        (["Checkout", "Purchase"], 1),
    ],
)
def test_daily_funnels_agree(store: Store, shop: Shop, steps: list[str], days: int) -> None:
    params = build_funnel_params(
        steps,
        conversion_window=days,
        from_date=str(FIRST),
        to_date=str(LAST),
        mode="trends",
        today=TODAY,
    )
    (series,) = answer(params, store, NOW)["series"].values()
    entrants, conversions = funnel(shop, steps, days).daily()
    answered = {day_of(stamp): bucket["count"] for stamp, bucket in series.items() if stamp[:1].isdigit()}
    expected = range(position(FIRST), position(LAST) + 1)
    assert {day: count[f"1. {steps[0]}"]["all"] for day, count in answered.items()} == {
        day: entrants[day] for day in expected
    }
    assert {day: count[f"{len(steps)}. {steps[-1]}"]["all"] for day, count in answered.items()} == {
        day: conversions[day] for day in expected
    }


def test_daily_segments_agree_and_add_up(store: Store, shop: Shop) -> None:
    """Nobody looks at items twice a day on two platforms, so a day's segments are parts of the whole."""
    params = build_funnel_params(
        ["View Item", "Add to Cart", "Purchase"],
        conversion_window=7,
        from_date=str(FIRST),
        to_date=str(LAST),
        mode="trends",
        group_by="platform",
        today=TODAY,
    )
    (series,) = answer(params, store, NOW)["series"].values()
    entries = funnel(shop, ["View Item", "Add to Cart", "Purchase"], 7)
    platform = shop.columns["platform"]
    assert isinstance(platform, CodedColumn)
    for code, name in enumerate(platform.values):
        entrants, conversions = entries.daily(platform.codes[entries.row] == code)
        for stamp, bucket in series.items():
            day = day_of(stamp)
            assert bucket["count"]["1. View Item"][name] == entrants[day]
            assert bucket["count"]["3. Purchase"][name] == conversions[day]


def test_daily_retention_agrees(store: Store, shop: Shop) -> None:
    params = build_retention_params(
        "Signup", "Login", retention_unit="day", from_date=str(FIRST), to_date=str(LAST), today=TODAY
    )
    (series,) = answer(params, store, NOW)["series"].values()
    born = np.full(len(shop.users), np.iinfo(np.int64).max)
    born[shop.user[rows(shop, "Signup")]] = shop.time[rows(shop, "Signup")]
    logins = rows(shop, "Login")
    age = shop.time[logins] - born[shop.user[logins]]
    cohort = (born - START_MS) // DAY_MS
    for stamp, row in series.items():
        if not stamp[:1].isdigit():
            continue
        day = day_of(stamp)
        mine = (cohort[shop.user[logins]] == day) & (age > 0)
        assert row["first"] == (cohort == day).sum()
        for bucket in (1, 7):
            back = mine & (age // DAY_MS == bucket)
            assert row["counts"][bucket] == len(np.unique(shop.user[logins][back])), (stamp, bucket)
