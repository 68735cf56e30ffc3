"""One line of an export: an event, or the reason why it is none."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import Any

EARLIEST = 31_536_000_000
"""1971-01-01 in milliseconds: nothing older is an event (semantics E-2)."""

LATEST = 253_402_300_800_000
"""The year 10000 in milliseconds: what lies beyond was counted in microseconds, or is no time."""

SECONDS_BELOW = 100_000_000_000
"""Times below this are seconds: as milliseconds they would lie before 1974, as seconds before 5138."""

NOT_AN_ID = frozenset(
    {"00000000-0000-0000-0000-000000000000", "anon", "anonymous", "nil", "none", "null", "n/a", "na"}
    | {"undefined", "unknown", "<nil>", "0", "-1", "true", "false", "[]", "{}"}
)
"""Identifiers that stand for the lack of one (semantics E-3)."""


_KINDS = {
    list: "a list",
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "null",
}

DEEPEST = 200
"""Objects and lists within each other; an export has a handful."""

_PERHAPS_HUGE = re.compile(r"[0-9.][eE]\+?[0-9]{3}|[0-9]{300}")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"')


@dataclass(frozen=True, slots=True)
class Event:
    """An event of an export; ``time`` in milliseconds UTC, ``properties`` without time and distinct_id."""

    name: str
    time: int
    distinct_id: str
    properties: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rejected:
    """Why a line is no event."""

    reason: str


def read_line(line: str) -> Event | Rejected:
    """Read one line; never raises for what a file may contain."""
    try:
        record = decoded(line, around=2)
    except json.JSONDecodeError as error:
        return Rejected(f"not JSON: {error.msg.removesuffix(' at')} at column {error.pos + 1}")
    except (ValueError, RecursionError) as error:
        return Rejected(f"not JSON: {error}")
    if not isinstance(record, dict):
        return Rejected(f"{_KINDS[type(record)]}, not an object with event and properties")
    return read_record(record)


def read_record(record: dict[str, Any]) -> Event | Rejected:
    """Read one decoded record."""
    name, properties = record.get("event"), record.get("properties")
    if not isinstance(name, str) or not name:
        return Rejected("no event name: 'event' must be a text")
    if not isinstance(properties, dict):
        return Rejected("no properties: 'properties' must be an object")
    time = _milliseconds(properties.get("time"))
    if isinstance(time, Rejected):
        return time
    user = properties.get("distinct_id", "")
    user = "" if user is None else str(user)
    if user.lower() in NOT_AN_ID:
        return Rejected(f"distinct_id {user!r} stands for no user")
    rest = {key: value for key, value in properties.items() if key not in ("time", "distinct_id")}
    return Event(name, time, user, rest)


def _milliseconds(time: Any) -> int | Rejected:
    if time is None:
        return Rejected("no time: 'time' is missing")
    if isinstance(time, bool) or not isinstance(time, int | float) or not math.isfinite(time):
        return Rejected(f"no time: 'time' must be a number of seconds or milliseconds, not {time!r}")
    moment = round(time * 1000) if abs(time) < SECONDS_BELOW else round(time)
    if moment >= LATEST:
        return Rejected(f"time {time:.17g} lies after 9999: it must be in seconds or milliseconds")
    return moment if moment >= EARLIEST else Rejected(f"time {time!r} lies before 1971")


def decoded(text: str, around: int = 0) -> Any:
    """The JSON value of a text; raises ``ValueError`` for what is none, or no engine can work with.

    ``around``: how many brackets stand around the values of properties, whose nesting is bounded.
    """
    most = DEEPEST + around
    if text.count("[") + text.count("{") > most and _depth(text) > most:
        raise ValueError(f"nested over {DEEPEST} deep")
    if _PERHAPS_HUGE.search(text):
        return json.loads(text, parse_constant=_not_a_number, parse_float=_finite, parse_int=_finite)
    return json.loads(text, parse_constant=_not_a_number)


def _depth(text: str) -> int:
    depth = deepest = 0
    for bracket in re.findall(r"[][{}]", _STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _finite(digits: str) -> int | float:
    number = float(digits)
    if math.isinf(number):
        raise ValueError(f"the number {digits[:20]}… is beyond ±1.8e308")
    return int(digits) if digits.lstrip("-").isdigit() else number


def _not_a_number(word: str) -> float:
    raise ValueError(f"{word} is no number there")
