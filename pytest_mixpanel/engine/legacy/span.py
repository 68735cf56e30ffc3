"""What every older call is asked about: some events, in a range of days, where an expression is true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine.calendar import Buckets, Calendar
from pytest_mixpanel.engine.envelope import milliseconds
from pytest_mixpanel.engine.selection.chosen import select
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan.selecting import Selection
from pytest_mixpanel.query.plan.times import Unit

MOST_BUCKETS = 20_000
"""Of one answer: two years by the hour, half a century by the day."""

Mask = NDArray[np.bool_]
Positions = NDArray[np.int64]


@dataclass(frozen=True)
class Span:
    """A range of whole local days in buckets, seen at ``now``; ``ParamValidationError`` where it has none."""

    store: Store
    first: date
    last: date
    unit: Unit
    now: datetime

    def __post_init__(self) -> None:
        days = (self.last - self.first).days + 1
        if days < 1:
            raise ParamValidationError(f"to_date: {self.last} is before from_date, {self.first}")
        if days * (24 if self.unit == "hour" else 1) > MOST_BUCKETS:
            raise ParamValidationError(f"from_date: {days} days by {self.unit} are more than can be answered")

    @cached_property
    def buckets(self) -> Buckets:
        return Buckets(self.first, self.last, self.unit, Calendar.of(self.store))

    @cached_property
    def labels(self) -> list[str]:
        """``2026-03-01``, by the hour ``2026-03-01 14:00:00``."""
        if self.unit == "hour":
            return [label[:19].replace("T", " ") for label in self.buckets.labels]
        return [label[:10] for label in self.buckets.labels]

    @cached_property
    def index(self) -> Positions:
        """The bucket of every event, −1 outside the range and later than now."""
        index = self.buckets.index(np.asarray(self.store.time)).astype(np.int64)
        index[np.asarray(self.store.time) > milliseconds(self.now)] = -1
        return index

    @cached_property
    def owner(self) -> NDArray[np.int64]:
        return self.store.user_of_event()

    def chosen(self, event: str, where: str | None) -> Mask:
        """Events of this name, anywhere in time, for which the expression is true."""
        mask = select(self.store, Selection(event), self.now)
        return mask & self.passing(where) if where else mask

    def passing(self, where: str) -> Mask:
        """Events for which the expression is true."""
        # The grammar's parser is loaded by the questions that need it.
        from pytest_mixpanel.engine.formulas import event_selector_mask

        return event_selector_mask(self.store, where, self.now)

    def positions(self, event: str, where: str | None) -> Positions:
        """The chosen events within the range."""
        return np.flatnonzero(self.chosen(event, where) & (self.index >= 0))

    def rows(self, values: Sequence[float | int | None]) -> dict[str, float | int | None]:
        """A value per bucket under the bucket's label."""
        return dict(zip(self.labels, values, strict=True))
