"""How a conversion is shared out among the touches before it (semantics E-66)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.properties import as_coded
from pytest_mixpanel.engine.store.columns import Column
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan.insights import Attribution
from pytest_mixpanel.query.plan.times import DAY_MS

MODELS = (
    "first_touch",
    "last_touch",
    "linear",
    "participation",
    "time_decay",
    "u_shaped",
    "j_shaped",
    "inverse_j_shaped",
    "custom",
)
HALF_LIFE_DAYS = 7.0
ENDS = {"u_shaped": (0.4, 0.4), "j_shaped": (0.2, 0.6), "inverse_j_shaped": (0.6, 0.2)}
"""Shares of the first and the last touch; those between have the rest in equal parts."""


def weights(
    model: str,
    n: int,
    ages: Sequence[float] = (),
    first: float = 0.4,
    last: float = 0.4,
) -> list[float]:
    """The share of each of ``n`` touches, the earliest first; they add up to 1, but for participation.

    ``ages``: days from each touch to the conversion, for ``time_decay``; ``first`` and ``last``: the shares
    of a ``custom`` model. Raises ``ValueError`` for a model that is none.
    """
    if model not in MODELS:
        raise ValueError(f"there is no attribution model {model!r}; there are {', '.join(MODELS)}")
    if n == 0:
        return []
    if model == "participation":
        return [1.0] * n
    if model == "linear":
        return [1 / n] * n
    if model == "time_decay":
        if len(ages) != n:
            raise ValueError("time_decay needs the age of every touch in days")
        decayed = [2 ** (-(age - min(ages)) / HALF_LIFE_DAYS) for age in ages]
        return [share / sum(decayed) for share in decayed]
    if model in ("first_touch", "last_touch"):
        return [float(touch == (0 if model == "first_touch" else n - 1)) for touch in range(n)]
    return _ends(n, *ENDS.get(model, (first, last)))


def _ends(n: int, first: float, last: float) -> list[float]:
    """Of two touches the ends' shares are scaled to 1; a single touch has all."""
    if n == 1:
        return [1.0]
    if n == 2:
        both = first + last
        return [first / both, last / both] if both else [0.5, 0.5]
    return [first, *[(1 - first - last) / (n - 2)] * (n - 2), last]


@frozen
class Shares:
    """Rows of a conversion (its place among those given), the event that touched it, and the share.

    ``touch`` is −1 where nothing did; the conversion is then whole.
    """

    conversion: NDArray[np.int64]
    touch: NDArray[np.int64]
    weight: NDArray[np.float64]


def shared_out(store: Store, column: Column | None, at: NDArray[np.int64], told: Attribution) -> Shares:
    """Every conversion's touches: the user's events that carry the property, up to the conversion itself."""
    at_all = np.arange(len(at))
    if column is None:
        return Shares(at_all, np.full(len(at), -1), np.ones(len(at)))
    coded = as_coded(column)
    known = np.array([*(value is not None for value in coded.values), False])[coded.codes]
    touches = np.flatnonzero(known[: store.offsets[-1]])
    owner, time = np.searchsorted(store.offsets, at, side="right") - 1, store.time[at]
    named = at < store.offsets[-1]
    # Users one after the other on one axis, far enough apart not to reach into each other.
    lookback = told.lookback_days * DAY_MS
    reach = int(store.time.max(initial=0)) + lookback + 1
    users_of_touches = np.searchsorted(store.offsets, touches, side="right") - 1
    earliest = np.searchsorted(
        users_of_touches * reach + store.time[touches], owner * reach + np.maximum(time - lookback, 0)
    )
    start = np.where(named, earliest, 0)
    end = np.where(named, np.searchsorted(touches, at, side="right"), 0)
    count = np.maximum(end - start, 0)
    conversion = np.repeat(at_all, count)
    place = np.arange(len(conversion)) - np.repeat(np.cumsum(count) - count, count)
    touch = touches[np.repeat(start, count) + place]
    age = (time[conversion] - store.time[touch]) / DAY_MS
    weight = _weights(told, count, age)
    none = np.flatnonzero(count == 0)
    return Shares(
        np.r_[conversion, none],
        np.r_[touch, np.full(len(none), -1)],
        np.r_[weight, np.ones(len(none))],
    )


def _weights(told: Attribution, count: NDArray[np.int64], age: NDArray[np.float64]) -> NDArray[np.float64]:
    found = np.empty(int(count.sum()))
    ends = np.cumsum(count)
    for n in np.unique(count[count > 0]).tolist():
        rows = ends[count == n][:, None] - n + np.arange(n)
        if told.model == "time_decay":
            decayed = 2 ** (-(age[rows] - age[rows].min(axis=1, keepdims=True)) / HALF_LIFE_DAYS)
            found[rows] = decayed / decayed.sum(axis=1, keepdims=True)
        else:
            found[rows] = weights(told.model, n, first=told.ends[0], last=told.ends[1])
    return found
