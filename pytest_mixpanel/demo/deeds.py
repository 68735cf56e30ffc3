"""What somebody did in the shop's project: a call of a declared method, and when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from pytest_mixpanel.api.declare import Call, declaration_of


class Deed(NamedTuple):
    at: datetime
    call: Call


def deed(at: datetime, method: Callable[..., Any], *arguments: Any, **named: Any) -> Deed:
    """Bind a declared method's arguments; nothing is sent."""
    return Deed(at, declaration_of(method).bind(None, *arguments, **named))
