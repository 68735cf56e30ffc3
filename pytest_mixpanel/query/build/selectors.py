"""Filters → the selector text of user queries."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from math import isfinite
from typing import Any

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.query.inputs.filters import Filter

SECONDS = {"hour": 3_600, "day": 86_400, "week": 604_800, "month": 2_592_000}
LONGEST_WINDOW = 50 * 365 * SECONDS["day"]


def property_text(name: str) -> str:
    """``properties["name"]``."""
    return f"properties[{_quoted(name)}]"


def selector_text(conditions: Iterable[Filter]) -> str:
    """All conditions, joined with ``and``; raises ``ParamValidationError`` for one that has no selector."""
    return " and ".join(_one(condition) for condition in conditions)


def _one(condition: Filter) -> str:
    entry = condition.to_json()
    name, operator, value = entry.get("value"), entry["filterOperator"], entry["filterValue"]
    if name == "$cohorts":
        raise ParamValidationError("users outside a cohort have no selector", code="U12")
    write = _TEXTS.get(operator)
    if write is None or not isinstance(name, str) or "listItemFilters" in entry:
        raise ParamValidationError(f"the filter {operator!r} has no selector for users", code="U_FILTER")
    _check_value(operator, value)
    if "filterDateUnit" in entry:
        value = _seconds(value, entry["filterDateUnit"])
    return write(property_text(name), value)


def _check_value(operator: str, value: Any) -> None:
    """A selector compares texts and numbers that are some."""
    if operator in ("equals", "does not equal") and not isinstance(value, list):
        raise _refused(f"{operator!r} takes a text or a list, not {value!r}: write [{value!r}]")
    if operator in ("contains", "does not contain") and not isinstance(value, str):
        raise _refused(f"{operator!r} takes a text, not {value!r}")
    numbers = {"is greater than", "is less than", "is at least", "is at most", "is between", "not between"}
    if operator in numbers:
        for number in value if isinstance(value, list) else [value]:
            if not isinstance(number, int | float) or isinstance(number, bool) or not isfinite(number):
                raise _refused(f"{operator!r} compares with numbers, not with {number!r}")


def _seconds(quantity: Any, unit: str) -> int:
    if unit not in SECONDS:
        raise _refused(f"a window is of hours, days, weeks or months, not {unit!r}")
    seconds = quantity * SECONDS[unit]
    if seconds > LONGEST_WINDOW:
        raise _refused(f"a window of {quantity} {unit}s is longer than 50 years")
    return int(seconds)


def _refused(why: str) -> ParamValidationError:
    return ParamValidationError(why, code="U_FILTER")


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _literal(value: Any) -> str:
    return _quoted(value) if isinstance(value, str) else str(value)


def _equals(name: str, value: Any) -> str:
    parts = [f"{name} == {_literal(item)}" for item in _scalars(value)]
    return parts[0] if len(parts) == 1 else f"({' or '.join(parts)})"


def _not_equals(name: str, value: Any) -> str:
    return " and ".join(f"{name} != {_literal(item)}" for item in _scalars(value))


def _scalars(value: Any) -> list[Any]:
    items = value if isinstance(value, list) else [value]
    known = [item for item in items if isinstance(item, str | int | float)]
    if not known:
        raise ParamValidationError(f"no text or number among {json.dumps(items)}", code="U_FILTER")
    return known


def _begins(day: str) -> str:
    return f'datetime("{day[:10]}T00:00:00")'


def _ends(day: str) -> str:
    return f'datetime("{day[:10]}T23:59:59")'


def _on(name: str, first: str, last: str) -> str:
    return f"datetime({name}) >= {_begins(first)} and datetime({name}) <= {_ends(last)}"


def _off(name: str, first: str, last: str) -> str:
    return f"(datetime({name}) < {_begins(first)} or datetime({name}) > {_ends(last)})"


_TEXTS: dict[str, Callable[[str, Any], str]] = {
    "equals": _equals,
    "does not equal": _not_equals,
    "contains": lambda name, value: f"{_literal(value)} in {name}",
    "does not contain": lambda name, value: f"not {_literal(value)} in {name}",
    "is greater than": lambda name, value: f"{name} > {value}",
    "is less than": lambda name, value: f"{name} < {value}",
    "is at least": lambda name, value: f"{name} >= {value}",
    "is at most": lambda name, value: f"{name} <= {value}",
    "is between": lambda name, value: f"{name} >= {value[0]} and {name} <= {value[1]}",
    "not between": lambda name, value: f"({name} < {value[0]} or {name} > {value[1]})",
    "is set": lambda name, _: f"defined({name})",
    "is not set": lambda name, _: f"not defined({name})",
    "true": lambda name, _: f"{name} == true",
    "false": lambda name, _: f"{name} == false",
    "was on": lambda name, day: _on(name, day, day),
    "was not on": lambda name, day: _off(name, day, day),
    "was between": lambda name, days: _on(name, days[0], days[1]),
    "was not between": lambda name, days: _off(name, days[0], days[1]),
    "was before": lambda name, day: f"datetime({name}) < {_begins(day)}",
    "was since": lambda name, day: f"datetime({name}) >= {_begins(day)}",
    "was in the": lambda name, seconds: (
        f"datetime({name}) >= datetime(NOW - {seconds}) and datetime({name}) < datetime(NOW)"
    ),
    "was not in the": lambda name, seconds: (
        f"(datetime({name}) < datetime(NOW - {seconds}) or datetime({name}) >= datetime(NOW))"
    ),
    "was in the next": lambda name, seconds: (
        f"datetime({name}) >= datetime(NOW) and datetime({name}) < datetime(NOW + {seconds})"
    ),
}
