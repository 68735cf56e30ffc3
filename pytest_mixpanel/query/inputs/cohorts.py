"""Cohorts: users by what they did and who they are, combined by and, or, and nesting."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.query.inputs.filters import Filter
from pytest_mixpanel.query.inputs.require import require, require_day, require_id, require_text

Aggregation = Literal["total", "unique", "average", "min", "max", "median"]
OPERATORS = {
    "equals": "==",
    "not_equals": "!=",
    "contains": "in",
    "not_contains": "not in",
    "greater_than": ">",
    "less_than": "<",
    "is_set": "defined",
    "is_not_set": "not defined",
}
RECORD_OPERATORS = {
    "equals",
    "does not equal",
    "contains",
    "does not contain",
    "is greater than",
    "is less than",
    "is set",
    "is not set",
    "is between",
}
"""What may restrict the records of ``did_event``."""


@frozen
class CohortCriteria:
    """One condition on a user. Build it through the class methods."""

    _node: dict[str, Any]
    _behavior: dict[str, Any] | None = None

    @classmethod
    def did_event(
        cls,
        event: str,
        *,
        at_least: float | None = None,
        at_most: float | None = None,
        exactly: float | None = None,
        within_days: int | None = None,
        within_weeks: int | None = None,
        within_months: int | None = None,
        from_date: str | None = None,
        to_date: str | None = None,
        where: Filter | Sequence[Filter] | None = None,
        aggregation: Aggregation | None = None,
        aggregation_property: str | None = None,
    ) -> CohortCriteria:
        """Did something so often, or to such a total, in a time; raises ``ParamValidationError``.

        Exactly one of ``at_least``, ``at_most``, ``exactly``; exactly one window or both dates.
        """
        if not event.strip():
            raise ParamValidationError("a cohort's event needs a name", code="CD4_EMPTY_EVENT")
        require(
            (aggregation is None) == (aggregation_property is None),
            "aggregation and aggregation_property belong together",
            "CA1_AGGREGATION_PAIR",
        )
        if aggregation is not None:
            require_text(aggregation_property, "the property to aggregate", "CA2_EMPTY_AGGREGATION_PROPERTY")
        operator, operand = _frequency(at_least, at_most, exactly)
        within = {"day": within_days, "week": within_weeks, "month": within_months}
        _require_one(within, from_date, to_date)
        count: dict[str, Any] = {
            "event_selector": {"event": event, "selector": _records(where)},
            "type": "absolute",
        }
        window = _window(within, from_date, to_date)
        if aggregation is not None:
            count |= {"aggregationOperator": aggregation, "property": aggregation_property}
        node = {"property": "behaviors", "value": "bhvr_0", "operator": operator, "operand": operand}
        return cls(node, {"count": count, **window})

    @classmethod
    def did_not_do_event(cls, event: str, **window: Any) -> CohortCriteria:
        """Did it not once in the time."""
        return cls.did_event(event, exactly=0, **window)

    @classmethod
    def has_property(
        cls, property: str, value: Any, *, operator: str = "equals", property_type: str = "string"
    ) -> CohortCriteria:
        """The profile's property compares so with the value."""
        if not property.strip():
            raise ParamValidationError("a cohort's property needs a name", code="CD7_EMPTY_PROPERTY")
        if operator not in OPERATORS:
            raise ParamValidationError(
                f"no operator {operator!r}; there are {', '.join(OPERATORS)}", code="CD11_INVALID_OPERATOR"
            )
        node = {"property": "user", "value": property, "operator": OPERATORS[operator], "operand": value}
        return cls({**node, "type": property_type})

    @classmethod
    def property_is_set(cls, property: str) -> CohortCriteria:
        """The profile has the property."""
        return cls.has_property(property, "", operator="is_set")

    @classmethod
    def property_is_not_set(cls, property: str) -> CohortCriteria:
        """The profile does not have the property."""
        return cls.has_property(property, "", operator="is_not_set")

    @classmethod
    def in_cohort(cls, cohort_id: int) -> CohortCriteria:
        """Belongs to a saved cohort."""
        return cls({"property": "cohort", "value": _identity(cohort_id), "operator": "in"})

    @classmethod
    def not_in_cohort(cls, cohort_id: int) -> CohortCriteria:
        """Does not belong to a saved cohort."""
        return cls({"property": "cohort", "value": _identity(cohort_id), "operator": "not in"})


class CohortDefinition:
    """Users for whom all criteria hold; nest ``all_of`` and ``any_of`` for other combinations."""

    def __init__(self, *criteria: CohortCriteria | CohortDefinition) -> None:
        if not criteria:
            raise ParamValidationError("a cohort needs at least one criterion", code="CD9_EMPTY_CRITERIA")
        self.criteria = criteria
        self.operator = "and"

    @classmethod
    def all_of(cls, *criteria: CohortCriteria | CohortDefinition) -> CohortDefinition:
        """Every criterion holds."""
        return cls(*criteria)

    @classmethod
    def any_of(cls, *criteria: CohortCriteria | CohortDefinition) -> CohortDefinition:
        """At least one criterion holds."""
        definition = cls(*criteria)
        definition.operator = "or"
        return definition

    def to_dict(self) -> dict[str, Any]:
        """``selector``, a tree, and the ``behaviors`` it names, numbered in the order of the tree."""
        behaviors: dict[str, Any] = {}
        return {"selector": self._tree(behaviors), "behaviors": behaviors}

    def _tree(self, behaviors: dict[str, Any]) -> dict[str, Any]:
        children: list[dict[str, Any]] = []
        for part in self.criteria:
            if isinstance(part, CohortDefinition):
                children.append(part._tree(behaviors))
            elif part._behavior is None:
                children.append(part._node)
            else:
                name = f"bhvr_{len(behaviors)}"
                behaviors[name] = part._behavior
                children.append({**part._node, "value": name})
        return {"operator": self.operator, "children": children}

    def embedded(self) -> dict[str, Any]:
        """The definition inside query params, which leave out selectors that select nothing."""
        definition = self.to_dict()
        definition["behaviors"] = {
            name: {**behavior, "count": {**behavior["count"], "event_selector": _without_null(behavior)}}
            for name, behavior in definition["behaviors"].items()
        }
        return definition


@frozen
class CohortBreakdown:
    """Members of a cohort as a segment, with ``include_negated`` beside all others."""

    cohort: int | CohortDefinition
    name: str | None = None
    include_negated: bool = True

    def __post_init__(self) -> None:
        if not isinstance(self.cohort, CohortDefinition):
            require_id(self.cohort, "a cohort", "CB1_COHORT_ID_NOT_POSITIVE")
        if self.name is not None:
            require_text(self.name, "a cohort's name", "CB2_COHORT_NAME_EMPTY")

    def to_json(self, data_group_id: int | None = None) -> dict[str, Any]:
        """The entry of a params ``group`` list."""
        name, group = self.name or "", None if data_group_id is None else str(data_group_id)
        negations = (False, True) if self.include_negated else (False,)
        return {
            "value": [f"Not In {name}" if negated else name for negated in negations],
            "resourceType": "events",
            "profileType": None,
            "search": "",
            "dataGroupId": group,
            "propertyType": None,
            "typeCast": None,
            "cohorts": [self._entry(name, negated, group) for negated in negations],
            "isHidden": False,
        }

    def _entry(self, name: str, negated: bool, group: str | None) -> dict[str, Any]:
        entry = {"name": name, "negated": negated, "data_group_id": group}
        if isinstance(self.cohort, int):
            return {**entry, "id": self.cohort, "groups": []}
        return {**entry, "raw_cohort": self.cohort.embedded()}


@frozen
class CohortMetric:
    """The size of a saved cohort, as a metric of an insights query."""

    cohort: int
    name: str | None = None

    def __post_init__(self) -> None:
        require(
            not isinstance(self.cohort, CohortDefinition),
            "a metric is the size of a saved cohort: give its id, not a definition",
            "CM5_INLINE_COHORT_METRIC",
        )
        require_id(self.cohort, "a cohort", "CM1_COHORT_ID_NOT_POSITIVE")
        if self.name is not None:
            require_text(self.name, "a cohort's name", "CM2_COHORT_NAME_EMPTY")

    def to_json(self) -> dict[str, Any]:
        """The clause of a params ``show`` list."""
        behavior: dict[str, Any] = {
            "type": "cohort",
            "name": self.name or "",
            "resourceType": "cohorts",
            "dataGroupId": None,
            "dataset": "$mixpanel",
            "filtersDeterminer": "all",
            "filters": [],
            "id": self.cohort,
        }
        measurement = {"math": "unique", "property": None, "perUserAggregation": None}
        return {"type": "metric", "behavior": behavior, "measurement": measurement}


def _without_null(behavior: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in behavior["count"]["event_selector"].items() if value is not None}


def _frequency(at_least: float | None, at_most: float | None, exactly: float | None) -> tuple[str, float]:
    given = [(sign, n) for sign, n in ((">=", at_least), ("<=", at_most), ("==", exactly)) if n is not None]
    if len(given) != 1:
        raise ParamValidationError(
            "say exactly one of at_least, at_most and exactly", code="CD1_FREQUENCY_PARAM_REQUIRED"
        )
    if given[0][1] < 0:
        raise ParamValidationError(
            f"a frequency is 0 or more, not {given[0][1]}", code="CD2_FREQUENCY_NEGATIVE"
        )
    return given[0]


def _require_one(within: dict[str, int | None], from_date: str | None, to_date: str | None) -> None:
    dated = from_date is not None or to_date is not None
    if sum(n is not None for n in within.values()) + dated != 1:
        raise ParamValidationError(
            "say exactly one of within_days, within_weeks, within_months, or both dates",
            code="CD3_TIME_CONSTRAINT_REQUIRED",
        )


def _window(within: dict[str, int | None], from_date: str | None, to_date: str | None) -> dict[str, Any]:
    given = [(unit, n) for unit, n in within.items() if n is not None]
    if from_date is not None and to_date is None:
        raise ParamValidationError("from_date needs a to_date", code="CD5_FROM_REQUIRES_TO")
    if to_date is not None and from_date is None:
        raise ParamValidationError("to_date needs a from_date", code="CD5_TO_REQUIRES_FROM")
    if given:
        unit, n = given[0]
        if n <= 0:
            raise ParamValidationError(f"a window is 1 or more, not {n}", code="CD3_WINDOW_NOT_POSITIVE")
        return {"window": {"unit": unit, "value": n}}
    _check_days(str(from_date), str(to_date))
    return {"from_date": from_date, "to_date": to_date}


def _check_days(from_date: str, to_date: str) -> None:
    for day in (from_date, to_date):
        require_day(day, "CD6_DATE_FORMAT", "CD6_DATE_INVALID")
    require(from_date <= to_date, f"{from_date} lies after {to_date}", "CD6_DATE_ORDER")


def _records(where: Filter | Sequence[Filter] | None) -> dict[str, Any] | None:
    listed: Iterable[Filter] = [where] if isinstance(where, Filter) else where or ()
    entries = [condition.to_json() for condition in listed]
    if not entries:
        return None
    for entry in entries:
        if entry.get("filterOperator") not in RECORD_OPERATORS:
            raise ParamValidationError(
                f"the filter {entry.get('filterOperator')!r} does not work in a cohort",
                code="CD10_UNSUPPORTED_FILTER_OPERATOR",
            )
    return {"operator": "and", "children": [_reordered(entry) for entry in entries]}


def _reordered(entry: dict[str, Any]) -> dict[str, Any]:
    """A cohort's filters have their value last, or not at all."""
    value = entry.pop("filterValue")
    return entry if value is None else {**entry, "filterValue": value}


def _identity(cohort_id: int) -> int:
    if cohort_id < 1:
        raise ParamValidationError(
            f"a cohort's id is 1 or more, not {cohort_id}", code="CD8_COHORT_ID_NOT_POSITIVE"
        )
    return cohort_id
