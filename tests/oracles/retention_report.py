"""Whole retentions by the rules R-1 to R-26, one user and one row at a time, over plain lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from tests.oracles import retention

DAY = 86_400_000
UNITS = {"day": DAY, "week": 7 * DAY, "month": 30 * DAY}


@dataclass(frozen=True)
class Record:
    """A record of a user, in UTC; ``segment`` is that of its value."""

    time: int
    is_birth: bool
    is_return: bool
    segment: str


@dataclass(frozen=True)
class Rules:
    """``widths``: of custom brackets, none where a bucket is one unit; ``same``: both events are one."""

    unit: str
    calendar: bool
    widths: tuple[int, ...]
    criterion: str
    counting: str
    same: bool
    now: int


def day_of(time: int) -> date:
    return datetime.fromtimestamp(time / 1000, UTC).date()


def elapsed(birth: int, back: int, rules: Rules) -> int:
    """Units between two instants: of so many hours, or of the calendar (R-5, R-6)."""
    if not rules.calendar:
        return (back - birth) // UNITS[rules.unit]
    one, other = day_of(birth), day_of(back)
    if rules.unit == "day":
        return (other - one).days
    if rules.unit == "week":  # from Monday to Monday
        return ((other.toordinal() - 1) // 7) - ((one.toordinal() - 1) // 7)
    return (other.year - one.year) * 12 + other.month - one.month


def bucket_of(units: int, rules: Rules) -> int | None:
    """The bracket of so many units; beyond the last there is none, but for what is carried back (R-16)."""
    if not rules.widths:
        return units
    start = 0
    for number, width in enumerate(rules.widths):
        if units < start + width:
            return number
        start += width
    return len(rules.widths) if rules.criterion == "carry_back" else None


def row(
    user: Sequence[Record], low: int, high: int, segment: str | None, buckets: int, rules: Rules
) -> list[int] | None:
    """What a user adds to every bucket of a row: 1 where retained, or records; ``None`` if not born in it."""
    births = [
        record
        for record in user
        if record.is_birth and low <= record.time < high and segment in (None, record.segment)
    ]
    if not births:
        return None
    birth = births[0]
    back = [
        bucket_of(elapsed(birth.time, record.time, rules), rules)
        for record in user
        if record.is_return
        and record is not birth
        and record.time <= rules.now
        and (record.time > birth.time or (record.time == birth.time and not rules.same))
    ]
    returned = [bucket for bucket in back if bucket is not None]
    if rules.counting == "total":
        if rules.criterion == "none":
            return [returned.count(bucket) for bucket in range(buckets)]
        if rules.criterion == "carry_forward":
            return [sum(other <= bucket for other in returned) for bucket in range(buckets)]
    return [
        int(retention.retained(set(returned), bucket, rules.criterion, rules.same))
        for bucket in range(buckets)
    ]
