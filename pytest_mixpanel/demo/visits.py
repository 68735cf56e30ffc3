"""Who came on which day, when, and on which platform."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.demo.days import DAY_MS, DAYS, START_MS, Rhythm
from pytest_mixpanel.demo.people import People

DAY_ONE_RETURN = 0.47
DECAY = 0.29
LIFETIME = 140.0
"""A user k days old comes back with probability 0.47·k^-0.29·exp(-k/140): 47 % on day 1, 25 % on day 7."""


@dataclass(frozen=True, slots=True)
class Visits:
    """One row per visit: ``user`` index, ``day``, ``start`` (ms UTC), ``platform`` code, ``signup`` flag."""

    user: NDArray[np.int64]
    day: NDArray[np.int64]
    start: NDArray[np.int64]
    platform: NDArray[np.int8]
    signup: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.user)


def visits(people: People, rhythm: Rhythm, rng: np.random.Generator) -> Visits:
    """At most one visit per user and day; the day of sign-up always has one."""
    age = np.arange(DAYS) - people.signup_day[:, None]
    returning = DAY_ONE_RETURN * np.maximum(age, 1) ** -DECAY * np.exp(-age / LIFETIME)
    chance = people.activity[:, None] * returning * rhythm.visits
    came = (rng.random(age.shape) < np.where(age == 0, 1.0, np.minimum(chance, 0.95))) & (age >= 0)
    user, day = np.nonzero(came)
    second_of_day = np.clip(rng.normal(15.0, 4.2, len(user)), 0.0, 23.2) * 3600
    elsewhere = rng.random(len(user)) < 0.08
    return Visits(
        user=user,
        day=day,
        start=START_MS + day * DAY_MS + (second_of_day * 1000).astype(np.int64),
        platform=np.where(elsewhere, people.second_platform[user], people.platform[user]),
        signup=people.signup_day[user] == day,
    )
