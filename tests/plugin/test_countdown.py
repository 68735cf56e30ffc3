"""A run that waits says so, past pytest's capturing."""

from __future__ import annotations

import io

import pytest

from pytest_mixpanel.plugin.countdown import Countdown
from tests.plugin.conftest import Suite


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_one_line_counts_down_and_vanishes(pytestconfig: pytest.Config) -> None:
    stream = Terminal()
    countdown = Countdown(pytestconfig, redraws=True, stream=stream)
    for left in (125.0, 124.0, 0.0):
        countdown("the budget of 60/h is used up", left)
    frames = stream.getvalue().split("\r\x1b[K")
    assert frames == [
        "",
        "mixpanel: waiting 2 min 5 s: the budget of 60/h is used up",
        "mixpanel: waiting 2 min 4 s: the budget of 60/h is used up",
        "",
    ]


@pytest.mark.parametrize("redraws", [True, False], ids=["in a file", "in a worker"])
def test_elsewhere_it_is_a_line_at_first_and_one_a_minute(pytestconfig: pytest.Config, redraws: bool) -> None:
    stream = io.StringIO() if redraws else Terminal()
    countdown = Countdown(pytestconfig, redraws=redraws, stream=stream)
    for left in range(150, -1, -1):
        countdown("Mixpanel asks to slow down", float(left))
    told = [line for line in stream.getvalue().splitlines() if line]
    assert told == [
        f"mixpanel: waiting {length}: Mixpanel asks to slow down"
        for length in ("2 min 30 s", "1 min 30 s", "30 s")
    ]


def test_a_short_wait_is_not_worth_a_word(pytestconfig: pytest.Config) -> None:
    stream = io.StringIO()
    countdown = Countdown(pytestconfig, redraws=False, stream=stream)
    countdown("soon", 2.0)
    countdown("soon", 0.0)
    assert stream.getvalue() == ""


def test_each_wait_is_told_anew(pytestconfig: pytest.Config) -> None:
    stream = io.StringIO()
    countdown = Countdown(pytestconfig, redraws=False, stream=stream)
    for left in (5.0, 0.0, 5.0, 0.0):
        countdown("again", left)
    assert stream.getvalue().count("waiting 5 s") == 2


@pytest.mark.parametrize("distributed", [False, True], ids=["one process", "two workers"])
def test_it_is_seen_although_output_is_captured(suite: Suite, distributed: bool) -> None:
    suite.test(
        test_shop="""
            from pytest_mixpanel.plugin.countdown import Countdown

            def test_it(pytestconfig):
                print("kept from view")
                Countdown(pytestconfig, redraws=False)("the reason", 60.0)
        """
    )
    run = suite.run_distributed if distributed else suite.pytester.runpytest_subprocess
    result = run("-p", "pytest_mixpanel.plugin")
    result.stderr.fnmatch_lines(["mixpanel: waiting 1 min 0 s: the reason"])
    assert "kept from view" not in result.stdout.str()
