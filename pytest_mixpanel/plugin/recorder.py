"""Keeps what the tests report, whichever process ran them."""

from __future__ import annotations

import pytest

from pytest_mixpanel.plugin.state import State


class Recorder:
    """Listens to reports and writes down, in the state of the run, what their checks came to."""

    def __init__(self, state: State) -> None:
        self._state = state

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        results = getattr(report, "mixpanel", None)
        if results:
            self._state.reported[report.nodeid] = results
        if broken := getattr(report, "mixpanel_broken", None):
            self._state.broken.add(broken)
        if report.failed and results:
            self._state.failed.add(report.nodeid)
        elif report.failed:
            self._state.strangers_failed += 1

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._state.strangers_failed += report.failed
