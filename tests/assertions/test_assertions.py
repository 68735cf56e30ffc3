"""The assertions on the demo project: what holds passes, what does not fails in the words of the checks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_mixpanel.assertions import (
    ClaimFailed,
    assert_conversion,
    assert_expectations,
    assert_lexicon,
    assert_no_conversion_drop,
    assert_no_mix_shift,
    assert_retention,
    assert_volume,
)
from pytest_mixpanel.assertions.limits import rate_rules
from pytest_mixpanel.core.errors import ParamTypeError, ParamValidationError
from pytest_mixpanel.core.verdict import Outcome
from pytest_mixpanel.workspace import Workspace

STEPS = ["View Item", "Add to Cart", "Purchase"]
FEBRUARY = {"from_date": "2025-01-27", "to_date": "2025-02-23"}
MARCH = {"from_date": "2025-02-24", "to_date": "2025-03-23"}


@pytest.fixture(scope="module")
def shop() -> Iterator[Workspace]:
    workspace = Workspace(project="demo")
    yield workspace
    workspace.close()


@pytest.fixture(scope="module")
def incident() -> Iterator[Workspace]:
    workspace = Workspace(project="demo:incident")
    yield workspace
    workspace.close()


def funnel(workspace: Workspace, days: dict[str, str], **options: Any) -> Any:
    return workspace.query_funnel(STEPS, conversion_window=7, **days, **options)


def test_a_floor_that_holds_passes_with_its_numbers(shop: Workspace) -> None:
    verdict = assert_conversion(funnel(shop, MARCH), at_least="18%")
    assert verdict.outcome is Outcome.PASS
    assert verdict.interval is not None
    assert 0.18 < verdict.interval.lo < (verdict.estimate or 0) < verdict.interval.hi


def test_a_floor_that_does_not_hold_fails_with_an_explanation(shop: Workspace) -> None:
    with pytest.raises(ClaimFailed, match=r"conversion \d+\.\d\d % is under 60 %") as caught:
        assert_conversion(funnel(shop, MARCH), at_least="60%")
    told = str(caught.value)
    assert "the whole interval is under 60 %" in told
    assert "entered 2025-02-24 → 03-23 (28 d, UTC); all had their full 7d" in told


def test_days_whose_entrants_still_have_time_do_not_count(shop: Workspace) -> None:
    late = {"from_date": "2025-02-24", "to_date": "2025-03-31"}
    assert assert_conversion(funnel(shop, late), at_least="18%") == assert_conversion(
        funnel(shop, MARCH), at_least="18%"
    )


def test_where_no_day_is_old_enough_the_test_is_skipped(shop: Workspace) -> None:
    young = {"from_date": "2025-03-28", "to_date": "2025-03-31"}
    with pytest.raises(pytest.skip.Exception, match="no day is old enough"):
        assert_conversion(funnel(shop, young), at_least="1%")
    with pytest.raises(ClaimFailed):
        assert_conversion(funnel(shop, young), at_least="1%", undecided="fail")


def test_a_drop_is_told_with_its_segments(shop: Workspace, incident: Workspace) -> None:
    verdict = assert_no_conversion_drop(funnel(shop, MARCH), funnel(shop, FEBRUARY), max_drop="10%rel")
    assert verdict.outcome is Outcome.PASS
    with pytest.raises(ClaimFailed, match=r"conversion dropped .* more than the margin of 10 %") as caught:
        assert_no_conversion_drop(
            funnel(incident, MARCH, group_by="platform"),
            funnel(incident, FEBRUARY, group_by="platform"),
            max_drop="10%rel",
            by_segment=True,
        )
    assert "Android" in str(caught.value)


def test_retention_is_judged_on_cohorts_for_which_the_bucket_is_over(shop: Workspace) -> None:
    retention = shop.query_retention("Signup", "Login", retention_unit="day", **MARCH)
    assert assert_retention(retention, 7, at_least="15%").outcome is Outcome.PASS
    with pytest.raises(ClaimFailed, match="day 7 retention"):
        assert_retention(retention, 7, at_least="60%")


def test_volume_is_asserted_for_every_day_or_the_mean(shop: Workspace) -> None:
    purchases = shop.query("Purchase", **MARCH)
    assert assert_volume(purchases, at_least=50).outcome is Outcome.PASS
    with pytest.raises(ClaimFailed, match="Purchase events: lowest"):
        assert_volume(purchases, at_least=100_000)
    with pytest.raises(ClaimFailed, match="Purchase events: mean"):
        assert_volume(purchases, at_most=1, day="mean")


def test_a_mix_that_did_not_move_passes(shop: Workspace) -> None:
    now, before = (
        shop.query("Login", math="unique", group_by="platform", **days) for days in (MARCH, FEBRUARY)
    )
    assert assert_no_mix_shift(now, before, max_shift="5pp").outcome is Outcome.PASS
    with pytest.raises(ParamValidationError, match="group_by"):
        assert_no_mix_shift(shop.query("Login", **MARCH), before, max_shift="5pp")


def test_a_tracking_plan_is_held_against_what_arrives(shop: Workspace, tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text("version: 1\nevents:\n  Teleport: {}\n")
    with pytest.raises(ClaimFailed, match="breaking") as caught:
        assert_lexicon(shop, plan)
    assert "Teleport" in str(caught.value)


def test_raw_events_meet_expectations() -> None:
    events = [{"event": "Purchase", "properties": {"price": price}} for price in (1.0, 2.0, None)]
    assert_expectations(events, [{"ExpectColumnMaxToBeBetween": {"column": "price", "max_value": 5}}])
    with pytest.raises(ClaimFailed, match="1 of 1 expectations are not met"):
        assert_expectations(events, [{"ExpectColumnValuesToNotBeNull": {"column": "price"}}])


def test_a_wrong_call_says_what_to_write(shop: Workspace) -> None:
    with pytest.raises(ParamValidationError, match="at_least"):
        assert_conversion(funnel(shop, MARCH))
    with pytest.raises(ParamValidationError, match="5pp"):
        assert_no_conversion_drop(funnel(shop, MARCH), funnel(shop, FEBRUARY), max_drop="5%")
    with pytest.raises(ParamTypeError, match=r"give what query_funnel\(\) of a workspace returned, not dict"):
        assert_conversion({}, at_least="18%")  # type: ignore[arg-type]  # the point of the test
    with pytest.raises(ParamTypeError, match=r"give what query\(\) of a workspace returned, not Funnel"):
        assert_volume(funnel(shop, MARCH), at_least=5)
    with pytest.raises(ParamValidationError, match="step=4: the funnel has the steps 2 to 3 to convert to"):
        assert_conversion(funnel(shop, MARCH), at_least="18%", step=4)


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        (80, "at_least=80 is no share; write '80%'"),
        ("18", "at_least='18' is no share; write '18%'"),
        ("18pp", "at_least='18pp' is no share; write one as '18%'"),
        ("120%", "at_least='120%' is no share; write one as '18%'"),
        (-0.1, "at_least=-0.1 is no share; write one as '18%'"),
        ("a lot", "at_least='a lot' is no share; write it as '18%'"),
        (True, "at_least=True is no number"),
        ([1], "at_least=[1] is no number"),
    ],
)
def test_a_limit_that_is_no_share_says_what_to_write(limit: Any, told: str) -> None:
    with pytest.raises((ParamTypeError, ParamValidationError)) as caught:
        rate_rules("conversion", limit, None)
    assert caught.value.message == told
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("limit", ["18%", "18 %", "0.18", 0.18])
def test_a_share_may_be_written_in_percent_or_as_a_number(limit: str | float) -> None:
    assert [rule.text for rule in rate_rules("conversion", limit, None)] == ["conversion < 18%"]


def test_the_failure_is_shown_without_our_frames(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        from pytest_mixpanel.assertions import assert_volume
        from pytest_mixpanel.workspace import Workspace

        def test_purchases():
            result = Workspace(project="demo").query("Purchase", from_date="2025-03-01", to_date="2025-03-07")
            assert_volume(result, at_least=100_000)
        """
    )
    out = "\n".join(pytester.runpytest_inprocess("-p", "no:mixpanel").outlines)
    assert "assertions/counts.py" not in out
    assert "assertions/claims.py" not in out
    assert "is under 100,000" in out


pytest_plugins = ["pytester"]
