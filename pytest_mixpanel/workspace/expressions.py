"""How older calls are asked: expressions, ranges, and what the service says of ranges that are too long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from pytest_mixpanel.core.errors import DateRangeTooLargeError, QueryError

_EXPRESSION = re.compile(r'(?:properties|user|event)\["')
_TOO_LONG = re.compile(r"exceeds\s+(\d+)\s+days")


def expression(on: str) -> str:
    """An expression as it is; the bare name of a property as the expression that reads it."""
    if _EXPRESSION.search(on):
        return on
    name = on.replace("\\", "\\\\").replace('"', '\\"')
    return f'properties["{name}"]'


def most_days(error: QueryError) -> int | None:
    """How many days the service would have taken, where it refused a range for its length."""
    found = _TOO_LONG.search(error.message)
    return int(found[1]) if found else None


@contextmanager
def ranged(from_date: str, to_date: str) -> Iterator[None]:
    """A refusal of a range for its length becomes a ``DateRangeTooLargeError``."""
    try:
        yield
    except QueryError as error:
        most = most_days(error)
        if most is None:
            raise
        raise DateRangeTooLargeError(from_date, to_date, _days(from_date, to_date), most) from error


def _days(from_date: str, to_date: str) -> int:
    try:
        return (date.fromisoformat(to_date) - date.fromisoformat(from_date)).days + 1
    except ValueError:
        return 0
