"""Counts taken from a shop's columns by sorting and searching, without the engine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.demo import DAYS, FIRST_DAY, Shop
from pytest_mixpanel.demo.days import DAY_MS, START_MS

WEEKDAYS = [(FIRST_DAY + timedelta(days=day)).weekday() for day in range(DAYS)]

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Entries:
    """One row per user and day with a first step: the day, whether converted, the row in the shop."""

    day: Ints
    converted: NDArray[np.bool_]
    row: Ints

    def daily(self, kept: NDArray[np.bool_] | None = None) -> tuple[list[int], list[int]]:
        """Entrants and conversions of each day."""
        mine = np.ones(len(self.day), bool) if kept is None else kept
        entrants = np.bincount(self.day[mine], minlength=DAYS)
        return entrants.tolist(), np.bincount(self.day[mine & self.converted], minlength=DAYS).tolist()


def position(day: date) -> int:
    return (day - FIRST_DAY).days


def rows(shop: Shop, event: str) -> Ints:
    return np.flatnonzero(shop.event == shop.event_names.index(event))


def day_of(shop: Shop) -> Ints:
    return (shop.time - START_MS) // DAY_MS


def funnel(shop: Shop, steps: list[str], within_days: int) -> Entries:
    """Each user's first entry of each day, followed step by step to the next such event in the window."""
    span = np.int64(4_000_000_000_000)
    moment = shop.user * span + shop.time
    first = rows(shop, steps[0])
    day = day_of(shop)
    entry = first[np.unique(shop.user[first] * DAYS + day[first], return_index=True)[1]]
    at, alive = entry.copy(), np.ones(len(entry), bool)
    for step in steps[1:]:
        candidates = rows(shop, step)
        found = np.searchsorted(moment[candidates], moment[at], side="right")
        follower = candidates[np.minimum(found, len(candidates) - 1)]
        in_time = shop.time[follower] - shop.time[entry] <= within_days * DAY_MS
        alive &= (found < len(candidates)) & (shop.user[follower] == shop.user[entry]) & in_time
        at = np.where(alive, follower, at)
    return Entries(day[entry], alive, entry)


def between(series: list[int], last: int, days: int) -> list[int]:
    """The ``days`` values up to and including position ``last``."""
    return series[last - days + 1 : last + 1]
