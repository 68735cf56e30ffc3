"""Which days are judged: only those over, on which everyone has had the whole window."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from pytest_mixpanel.core.time import DateRange, parse_duration
from pytest_mixpanel.kinds.builders import Check, funnel, mix, retention, volume
from pytest_mixpanel.kinds.context import Context, WindowError
from pytest_mixpanel.kinds.registry import kind
from pytest_mixpanel.stats import last_mature_day, retention_bucket_mature

NOW = datetime(2026, 8, 28, 3, tzinfo=UTC)
FUNNEL = funnel("A", "B").within("7d")


def asked(check: Check, **surroundings: Any) -> list[str]:
    spec = check.spec
    (question,) = kind(spec.kind).questions(spec, Context(NOW, **surroundings)).values()
    days: list[str] = question.params["sections"]["time"][0]["value"]
    return days


def test_a_funnel_is_judged_on_days_whose_entrants_had_their_window() -> None:
    first, last = asked(FUNNEL.fail_if("conversion < 18%"))
    assert last == last_mature_day(NOW, 7 * 86_400).date.isoformat() == "2026-08-19"
    assert first == "2026-07-23"


def test_a_comparison_asks_for_twice_the_days_in_one_question() -> None:
    check = FUNNEL.last("14d").compare("previous_period").max_drop("10%rel")
    assert asked(check) == ["2026-07-23", "2026-08-19"]


def test_the_delay_is_the_check_s_to_choose() -> None:
    assert asked(FUNNEL.fail_if("conversion < 18%").with_keys(delay="3d"))[1] == "2026-08-17"
    assert asked(volume("A").fail_if("count < 5"))[1] == "2026-08-27"
    assert asked(volume("A").fail_if("count < 5").with_keys(delay="1d"))[1] == "2026-08-26"


@pytest.mark.parametrize(("unit", "bucket_days"), [("day", 1), ("week", 7), ("month", 30)])
def test_the_last_judged_bucket_is_over_for_the_youngest_cohort(unit: str, bucket_days: int) -> None:
    check = retention("A", "B", unit=unit).fail_if(f"{unit} 2 < 10%", f"{unit} 1 < 20%")
    until = date.fromisoformat(asked(check)[1])
    last = date.fromordinal(until.toordinal() - 3 * bucket_days)
    assert retention_bucket_mature(NOW, last, 1, 2, bucket_days).mature
    after = date.fromordinal(last.toordinal() + 1)
    assert not retention_bucket_mature(NOW, after, 1, 2, bucket_days).mature


def test_days_are_the_project_s() -> None:
    check = mix("A", "platform").compare("previous_period").max_shift("5pp")
    assert asked(check, timezone="Asia/Tokyo")[1] == "2026-08-27"
    assert asked(check, timezone="America/Los_Angeles")[1] == "2026-08-26"


def test_a_window_that_the_data_do_not_hold_is_an_error() -> None:
    check = FUNNEL.last("28d").compare("previous_period").max_drop("10%rel")
    assert asked(check, begins=date(2026, 6, 25)) == ["2026-06-25", "2026-08-19"]
    with pytest.raises(WindowError, match=r"the data begin on 2026-06-26.*write window: 21d"):
        asked(check, begins=date(2026, 6, 26))
    with pytest.raises(WindowError, match="too few days for any window"):
        asked(check, begins=date(2026, 8, 25))


def test_a_window_is_the_days_it_says() -> None:
    context = Context(NOW)
    spec = replace(FUNNEL.fail_if("conversion < 18%").spec, window=parse_duration("2w"))
    assert context.window(spec) == DateRange(date(2026, 8, 14), date(2026, 8, 27))
