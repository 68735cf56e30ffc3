"""What an assertion claims, as the rules that would be broken: ``at_least="18%"`` → ``conversion < 18%``."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import Any

from pytest_mixpanel.core.errors import ParamTypeError, ParamValidationError
from pytest_mixpanel.dsl.conditions import parse_condition
from pytest_mixpanel.dsl.spec import Compare, Direction, Rule
from pytest_mixpanel.dsl.units import UnitError, parse_change, parse_quantity


def rate_rules(metric: str, at_least: object, at_most: object) -> tuple[Rule, ...]:
    """The rules for a share, ``"18%"`` or ``0.18``. Raises ``ParamValidationError`` for none or a bad one."""
    told = _given(at_least, at_most, "'18%'")
    return _rules(metric, ((operator, _rate(name, limit)) for name, operator, limit in told))


def count_rules(metric: str, at_least: object, at_most: object) -> tuple[Rule, ...]:
    """The rules for a number of events. Raises ``ParamTypeError``, ``ParamValidationError`` for none."""
    told = _given(at_least, at_most, "500")
    return _rules(metric, ((operator, _count(name, limit)) for name, operator, limit in told))


def compared(direction: Direction, margin: object) -> Compare:
    """The comparison with another result. Raises ``ParamValidationError`` for a size that cannot be read."""
    try:
        return Compare("previous_period", direction, parse_change(str(margin)))
    except UnitError as error:
        raise ParamValidationError(f"max_{direction}={margin!r}: {error}; {error.hint}") from None


def _given(at_least: object, at_most: object, example: str) -> list[tuple[str, str, Any]]:
    told = [("at_least", "<", at_least), ("at_most", ">", at_most)]
    given = [one for one in told if one[2] is not None]
    if not given:
        raise ParamValidationError(f"give at_least or at_most, as at_least={example}")
    return given


def _rules(metric: str, limits: Iterator[tuple[str, str]]) -> tuple[Rule, ...]:
    texts = [f"{metric} {operator} {limit}" for operator, limit in limits]
    return tuple(Rule("fail", text, parse_condition(text)[0]) for text in texts)


def _rate(name: str, limit: Any) -> str:
    try:
        quantity = parse_quantity(limit if isinstance(limit, str) else _decimal(_number(name, limit)))
    except UnitError:
        raise ParamValidationError(f"{name}={limit!r} is no share; write it as '18%'") from None
    if quantity.unit not in ("level", "count") or not 0 <= quantity.value <= 1:
        percent = quantity.unit == "count" and 1 < quantity.value <= 100
        instead = f"write '{quantity.value:g}%'" if percent else "write one as '18%'"
        raise ParamValidationError(f"{name}={limit!r} is no share; {instead}")
    return f"{_decimal(quantity.value * 100)}%"


def _count(name: str, limit: Any) -> str:
    return _decimal(_number(name, limit))


def _number(name: str, limit: Any) -> float:
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not isfinite(limit):
        raise ParamTypeError(f"{name}={limit!r} is no number")
    return limit


def _decimal(number: float) -> str:
    """A number as rules are written, which know no exponents."""
    return f"{number:.12f}".rstrip("0").rstrip(".")
