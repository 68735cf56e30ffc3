"""Metrics of profiles: each profile is a record of the present, and measured as records are (I-30)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import numpy as np

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine.calendar import local_moment
from pytest_mixpanel.engine.envelope import milliseconds
from pytest_mixpanel.engine.properties import with_profile
from pytest_mixpanel.engine.selection.cohorts import members
from pytest_mixpanel.engine.store.columns import CodedColumn, Column, LazyColumns, picked
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan.insights import InsightsPlan, ProfileMetric
from pytest_mixpanel.query.plan.segments import (
    CohortBreakdown,
    CohortsBreakdown,
    FrequencyBreakdown,
    Grouping,
)
from pytest_mixpanel.query.plan.selecting import Cohort, Condition, Filter, Group
from pytest_mixpanel.query.plan.times import Range


def asked_of_profiles(
    metric: ProfileMetric, plan: InsightsPlan, store: Store, now: datetime
) -> tuple[InsightsPlan, Store]:
    """The metric alone as a question about today, and the store of profiles to ask it of.

    Raises ``ParamValidationError`` for a breakdown by what profiles do not have.
    """
    cohorts = _Cohorts(store, now)
    measured = metric.metric
    selection = replace(
        measured.selection, conditions=tuple(map(cohorts.filter, measured.selection.conditions))
    )
    today = local_moment(now, store.time_zone).date()
    asked = InsightsPlan(
        metrics=(replace(measured, selection=selection),),
        range=Range("day", today, today),
        where=tuple(map(cohorts.filter, plan.where)),
        breakdowns=tuple(map(cohorts.level, plan.breakdowns)),
        total=True,
    )
    return asked, _records(store, selection.event, cohorts.found, now)


class _Cohorts:
    """Cohorts of users with their events, as properties that profiles have."""

    def __init__(self, store: Store, now: datetime) -> None:
        self.store, self.now = store, now
        self.found: dict[str, Column] = {}

    def filter(self, condition: Filter) -> Filter:
        if isinstance(condition, Condition):
            return condition
        return replace(condition, cohort=self._known(condition.cohort))

    def level(self, level: Grouping) -> Grouping:
        match level:
            case CohortBreakdown():
                return replace(level, cohort=self._known(level.cohort))
            case CohortsBreakdown():
                each = ((name, replace(one, cohort=self._known(one.cohort))) for name, one in level.segments)
                return replace(level, segments=tuple(each))
            case FrequencyBreakdown():
                raise ParamValidationError("profiles have no events to be broken down by how often they came")
        return level

    def _known(self, cohort: Cohort) -> Cohort:
        name = f"$in_cohort {len(self.found)}"
        inside = members(self.store, cohort, self.now)
        self.found[name] = CodedColumn(inside.astype(np.int64), (False, True))
        return Group((Condition(name, "true", None, "boolean", "people"),))


def _records(store: Store, name: str, more: dict[str, Column], now: datetime) -> Store:
    """One record for every profile, which has its properties as its own."""
    known = with_profile(store)
    users = np.flatnonzero(known)

    def make(column: str) -> Column:
        found = picked(store.profiles[column], users)
        assert found is not None
        return found

    return replace(
        store,
        event_names=(name,),
        offsets=np.r_[0, np.cumsum(known)].astype(np.int64),
        time=np.full(len(users), milliseconds(now), np.int64),
        event=np.zeros(len(users), np.uint8),
        columns=LazyColumns(tuple(store.profiles), make),
        profiles={**store.profiles, **more},
    )
