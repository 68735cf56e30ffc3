"""One number of many: means, extremes, percentiles, summaries (semantics I-1, I-5).

An aggregate is asked of stretches of values at once: ``bounds`` say where each stretch begins and where the
last one ends, and none is empty. The values may be put in another order within their stretch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine.segments.labels import distribution
from pytest_mixpanel.query.plan.insights import Metric

Numbers = NDArray[np.float64]
Bounds = NDArray[np.int64]
Aggregate = Callable[[Numbers, Bounds], Sequence[Any]]

PERCENTILES = {"median": 50.0, "p25": 25.0, "p75": 75.0, "p90": 90.0, "p99": 99.0}


def aggregate_of(metric: Metric) -> Aggregate:
    """What a metric makes of numbers; raises ``ParamValidationError`` where it makes nothing of them."""
    simple: dict[str, Callable[[Numbers], Any]] = {
        "average": np.mean,
        "min": np.min,
        "max": np.max,
        "numeric_summary": _summary,
        "histogram": lambda values: distribution(values.tolist()),
    }
    if metric.math in simple:
        return one_by_one(simple[metric.math])
    share = PERCENTILES.get(metric.math, metric.percentile)
    if share is None:
        raise ParamValidationError(f"{metric.math} is no aggregate of numbers, or a percentile is missing")
    if not 0 <= share <= 100:
        raise ParamValidationError(f"a percentile lies between 0 and 100, not at {share:g}")
    return lambda values, bounds: percentiles(values, bounds, share).tolist()


def one_by_one(aggregate: Callable[[Numbers], Any]) -> Aggregate:
    """An aggregate of one stretch, of several."""
    return lambda values, bounds: [aggregate(stretch) for stretch in _stretches(values, bounds)]


def percentiles(values: Numbers, bounds: Bounds, share: float) -> Numbers:
    """The percentile of every stretch, between its two nearest numbers in proportion (semantics I-5).

    To the bit what NumPy's ``percentile`` says, which sets up more for every call than a short stretch costs.
    """
    most = np.diff(bounds) - 1
    rank = most * (share / 100)
    below = np.floor(rank).astype(np.int64)
    above = np.minimum(below + 1, most)
    for stretch, *ranks in zip(_stretches(values, bounds), below.tolist(), above.tolist(), strict=True):
        stretch.partition(ranks)
    low, high, weight = values[bounds[:-1] + below], values[bounds[:-1] + above], rank - below
    with np.errstate(invalid="ignore"):  # between two infinities lies no number
        apart = high - low
        found: Numbers = np.where(weight < 0.5, low + apart * weight, high - apart * (1 - weight))
    return found


def _stretches(values: Numbers, bounds: Bounds) -> Iterator[Numbers]:
    return (values[start:end] for start, end in pairwise(bounds.tolist()))


def _summary(values: Numbers) -> dict[str, float]:
    return {
        "count": len(values),
        "mean": float(values.mean()),
        "var": float(values.var()),
        "sum_of_squares": float((values**2).sum()),
    }
