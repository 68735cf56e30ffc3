"""What a value must be to be an input; anything else is refused where it is written."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import date
from typing import Any

from pytest_mixpanel.core.errors import ParamTypeError, ParamValidationError

CONTROL_CHARACTERS = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f]")


def require(holds: bool, message: str, code: str) -> None:
    """Raise ``ParamValidationError`` with this code unless it holds."""
    if not holds:
        raise ParamValidationError(message, code=code)


def require_type(holds: bool, message: str, code: str) -> None:
    """Raise ``ParamTypeError`` with this code unless it holds."""
    if not holds:
        raise ParamTypeError(message, code=code)


def require_text(value: Any, what: str, code: str) -> None:
    """Raise unless the value is a text that is not blank."""
    require(isinstance(value, str) and bool(value.strip()), f"{what} cannot be blank: {value!r}", code)


def require_event(value: Any, code: str = "EV1_EMPTY_EVENT") -> None:
    """Raise unless the value can be an event's name; ``code`` says so of a blank one."""
    require_text(value, "an event's name", code)
    require(
        not CONTROL_CHARACTERS.search(value),
        f"an event's name holds no control characters: {value!r}",
        "EV2_CONTROL_CHAR_EVENT",
    )


def require_day(value: Any, malformed: str = "V8_DATE_FORMAT", impossible: str = "V8_DATE_INVALID") -> None:
    """Raise unless the value is a day like 2026-03-01, in form and in the calendar."""
    digits = isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-"
    digits = digits and value.replace("-", "").isdecimal()
    require(digits, f"a day is written YYYY-MM-DD, not {value!r}", malformed)
    try:
        date.fromisoformat(value)
    except ValueError:
        raise ParamValidationError(f"{value!r} is no day of the calendar", code=impossible) from None


def require_id(value: Any, what: str, code: str) -> None:
    """Raise unless the value is an id, a whole number from 1."""
    require(
        isinstance(value, int) and not isinstance(value, bool) and value >= 1,
        f"the id of {what} is a whole number from 1, not {value!r}",
        code,
    )


def among(value: Any, words: Container[str]) -> bool:
    """Whether it is one of the words; what is no text, and may have no hash, is none."""
    return isinstance(value, str) and value in words
