"""The sum and the mean of a number, by bucket (semantics I-4)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.formulas import event_selector_column
from pytest_mixpanel.engine.legacy.span import Span
from pytest_mixpanel.engine.properties import numbers_of


def sums(span: Span, event: str, on: str, where: str | None) -> dict[str, float | int | None]:
    """The sum of the expression ``on`` over the events for which it is a number; of nothing it is 0."""
    total, _ = _totals(span, event, on, where)
    return span.rows(total.tolist())


def averages(span: Span, event: str, on: str, where: str | None) -> dict[str, float | int | None]:
    """The mean over the events for which ``on`` is a number; ``None`` where there are none (E-22)."""
    total, count = _totals(span, event, on, where)
    return span.rows([t / n if n else None for t, n in zip(total.tolist(), count.tolist(), strict=True)])


def _totals(span: Span, event: str, on: str, where: str | None) -> tuple[NDArray[Any], NDArray[Any]]:
    at = span.positions(event, where)
    numbers = numbers_of(event_selector_column(span.store, on, span.now), len(span.store))[at]
    at, numbers = at[np.isfinite(numbers)], numbers[np.isfinite(numbers)]
    index, width = span.index[at], len(span.labels)
    return np.bincount(index, weights=numbers, minlength=width), np.bincount(index, minlength=width)
