"""Filters of a flow's anchors, in the older spelling flows have for them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.query.inputs.filters import Filter

Written = dict[str, Any]


def segfilter(condition: Filter) -> Written:
    """The entry of a step's ``property_filter_params_list``.

    Raises ``ParamValidationError`` for a filter that flows cannot express (codes SG1 to SG4).
    """
    entry = condition.to_json()
    name, kind, operator = entry.get("value"), entry["filterType"], entry["filterOperator"]
    if kind not in _REFUSED or not isinstance(name, str):
        raise _refused("SG4_UNSUPPORTED_PROPERTY_TYPE", f"a {kind} filter")
    write = (
        _numbers(_EQUALITY[operator])
        if kind == "number" and operator in _EQUALITY
        else _WRITERS.get(operator)
    )
    if write is None:
        raise _refused(_REFUSED[kind], f"the operator {operator!r}")
    source = "user" if entry["resourceType"] == "people" else "properties"
    return {
        "property": {"name": name, "source": source, "type": kind},
        "type": kind,
        "selected_property_type": kind,
        "filter": write(entry["filterValue"], entry.get("filterDateUnit")),
    }


def _refused(code: str, what: str) -> ParamValidationError:
    return ParamValidationError(f"an anchor of a flow cannot be filtered by {what}", code=code)


_REFUSED = {
    "string": "SG1_UNKNOWN_STRING_OPERATOR",
    "number": "SG2_UNKNOWN_NUMBER_OPERATOR",
    "datetime": "SG3_UNKNOWN_DATETIME_OPERATOR",
    "boolean": "SG4_UNSUPPORTED_PROPERTY_TYPE",
}


def _plain(operator: str) -> Callable[[Any, Any], Written]:
    return lambda value, _: {"operator": operator, "operand": value}


def _defined(operator: str) -> Callable[[Any, Any], Written]:
    return lambda _, __: {"operator": operator, "operand": ""}


def _numbers(operator: str) -> Callable[[Any, Any], Written]:
    def write(value: Any, _: Any) -> Written:
        shown = [str(number) for number in value] if isinstance(value, list) else str(value)
        return {"operator": operator, "operand": shown}

    return write


def _dates(operator: str) -> Callable[[Any, Any], Written]:
    def write(value: Any, _: Any) -> Written:
        shown = [_american(day) for day in value] if isinstance(value, list) else _american(value)
        return {"operator": operator, "operand": shown}

    return write


def _american(day: str) -> str:
    return date.fromisoformat(day).strftime("%m/%d/%Y")


def _age(value: Any, unit: Any) -> Written:
    """An age of at most n units. The negated filter is sent alike, as the published client does."""
    return {"operator": ">", "operand": value, "unit": f"{unit}s"}


_EQUALITY = {"equals": "==", "does not equal": "!="}

_WRITERS: dict[str, Callable[[Any, Any], Written]] = {
    **{operator: _plain(sign) for operator, sign in _EQUALITY.items()},
    "contains": _plain("in"),
    "does not contain": _plain("not in"),
    "is set": _defined("set"),
    "is not set": _defined("not set"),
    "is greater than": _numbers(">"),
    "is less than": _numbers("<"),
    "is at least": _numbers(">="),
    "is at most": _numbers("<="),
    "is between": _numbers("><"),
    "not between": _numbers("!><"),
    "true": lambda _, __: {"operand": "true"},
    "false": lambda _, __: {"operand": "false"},
    "was on": _dates("=="),
    "was not on": _dates("!="),
    "was before": _dates(">"),
    "was since": _dates("<"),
    "was between": _dates("><"),
    "was not between": _dates("!><"),
    "was in the": _age,
    "was not in the": _age,
}
"""A date compares by its age, so that *before* is ``>``."""
