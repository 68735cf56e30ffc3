from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pytest_mixpanel.core.time import DateRange, last_full_day, parse_duration


@pytest.mark.parametrize(
    ("text", "seconds", "shown"),
    [("90m", 5_400, "90m"), ("24h", 86_400, "1d"), ("8w", 4_838_400, "56d"), ("45s", 45, "45s")],
)
def test_a_duration_is_a_number_and_a_unit(text: str, seconds: int, shown: str) -> None:
    duration = parse_duration(text)
    assert (duration.seconds, str(duration)) == (seconds, shown)


@pytest.mark.parametrize("text", ["", "7", "0d", "-1d", "1.5d", "7 days", "1y"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        parse_duration(text)


def test_the_range_before_ends_where_this_one_begins() -> None:
    march = DateRange.ending(date(2025, 3, 28), 28)
    assert (len(march), march.first) == (28, date(2025, 3, 1))
    assert (march.before.last, len(march.before)) == (date(2025, 2, 28), 28)
    assert str(march) == "2025-03-01 → 03-28"


def test_a_day_is_over_at_local_midnight() -> None:
    now = datetime(2025, 3, 31, 22, 30, tzinfo=UTC)
    assert last_full_day(now, "UTC") == date(2025, 3, 30)
    assert last_full_day(now, "Europe/Berlin") == date(2025, 3, 31)
    assert last_full_day(now, "Europe/Berlin", parse_duration("1d")) == date(2025, 3, 30)


def test_the_last_second_of_a_day_ends_it() -> None:
    assert last_full_day(datetime(2025, 3, 31, 23, 59, 59, tzinfo=UTC), "UTC") == date(2025, 3, 31)
