"""Which events and users are meant: properties, conditions, selections, cohorts."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.query.plan.times import Range

Resource = Literal["events", "people"]


@frozen
class CustomProperty:
    """A property computed by a formula; ``inputs``: letter, name and owner of the property it stands for."""

    formula: str
    inputs: tuple[tuple[str, str, Resource], ...]


@frozen
class LookupColumn:
    """A column of the table that is joined to a property by its values (semantics E-61)."""

    property: str
    column: str
    resource: Resource = "events"


@frozen
class BorrowedProperty:
    """What a property was at the user's last earlier ``event`` that had it, up to 7 days ago (E-62)."""

    event: str
    property: str


Derived = CustomProperty | LookupColumn | BorrowedProperty


@frozen
class Condition:
    """One filter; ``resource`` says whose property it reads.

    ``custom`` is read instead of ``property`` where it is given. ``items`` are conditions on the objects
    of a list, which must hold for ``every`` object or for any.
    """

    property: str
    operator: str
    value: Any
    type: str = "string"
    resource: Resource = "events"
    date_unit: str | None = None
    custom: Derived | None = None
    items: tuple[Condition, ...] = ()
    every: bool = False


@frozen
class Member:
    """Users of a cohort, or with ``negated`` all others (semantics C-1, C-12)."""

    cohort: Cohort
    negated: bool = False


Filter = Condition | Member


@frozen
class Selection:
    """Which records: an event's name and conditions that all, or any, must hold.

    ``first_time``: of those only the user's first ever of the event, whatever the conditions (E-64);
    or, of a custom event, the first ever of any of the events in ``first_of``. ``others``: alternatives, of
    which a record may be any (E-63).
    """

    event: str
    conditions: tuple[Filter, ...] = ()
    combine: Literal["all", "any"] = "all"
    label: str | None = None
    first_time: bool = False
    others: tuple[Selection, ...] = ()
    first_of: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.label or self.event


@frozen
class Behavior:
    """Users whose count of records, or an aggregate of them, compares so with ``operand`` (C-3 to C-7).

    In the last ``days``, or on the days from ``first`` to ``last``. ``span``: the range of a query that this
    is a filter of; ``by_interval``: in the interval of each event rather than in all of it (I-31).
    """

    selection: Selection
    sign: str
    operand: float
    days: int | None = None
    first: date | None = None
    last: date | None = None
    aggregation: str | None = None
    property: str | None = None
    span: Range | None = None
    by_interval: bool = False


@frozen
class Group:
    """Users for whom all, or any, of the parts hold (C-9)."""

    parts: tuple[Cohort | Condition | Member, ...]
    combine: Literal["all", "any"] = "all"


Cohort = Behavior | Group
