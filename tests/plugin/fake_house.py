"""A runner whose verdicts the tests choose: the id of a check begins with what it comes to."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pytest_mixpanel.baselines.daily import Daily
from pytest_mixpanel.baselines.snapshot import Snapshot, snapshot_path
from pytest_mixpanel.core.explanation import Explanation, Line
from pytest_mixpanel.core.verdict import Interval, Outcome, Verdict
from pytest_mixpanel.dsl.spec import CheckSpec
from pytest_mixpanel.kinds.builders import Check, funnel
from pytest_mixpanel.plugin.state import state_of
from pytest_mixpanel.runner.result import CheckResult


def result_of(spec: CheckSpec, mode: str | None = None) -> CheckResult:
    outcome = Outcome(spec.id.partition("-")[0])
    interval = Interval(0.1625, 0.1757, 0.95, "wilson")
    return CheckResult(
        id=spec.id,
        path=str(spec.path),
        line=spec.line,
        verdict=Verdict(outcome, estimate=0.169, interval=interval, n={"entrants": 12480}),
        explanation=Explanation(f"conversion of {spec.id}", "A title", (Line("got", "16.90 %"),)),
        kind=spec.kind,
        suite="shop",
        owner=spec.owner,
        tags=spec.tags,
        questions=1,
        snapshot=_proposal(spec) if mode == "update" and spec.compare else None,
    )


def _proposal(spec: CheckSpec) -> dict[str, Any]:
    day = date(2026, 8, 20)
    snapshot = Snapshot(
        query="q",
        daily=Daily((day,), {"step 1": (10,), "step 2": (2,)}),
        timezone="UTC",
        version="0",
        accepted_by="",
        accepted_at="2026-08-28T00:00:00+00:00",
    )
    return {"path": snapshot_path(str(spec.path), spec.id).as_posix(), **snapshot.to_json()}


class Workspace:
    """A project that knows the time."""

    now = datetime(2026, 8, 28, tzinfo=UTC)
    timezone = "UTC"
    import_report = None


class Session:
    """Runs checks without asking anything."""

    def __init__(self, mode: str | None) -> None:
        self.asked = 0
        self.mode = mode

    def run(self, spec: CheckSpec) -> CheckResult:
        self.asked += 1
        return result_of(spec, self.mode)


@pytest.fixture(scope="session")
def mixpanel() -> Workspace:
    return Workspace()


@pytest.fixture(scope="session")
def _mixpanel_session(pytestconfig: pytest.Config, mixpanel: Workspace) -> Session:
    state = state_of(pytestconfig)
    state.workspace, state.session = mixpanel, Session(state.options.text("baselines"))  # type: ignore[assignment]  # the stand-ins
    return state.session  # type: ignore[return-value]  # as above


def check(id_: str) -> Check:
    """A check for a Python test."""
    return funnel("View Item", "Purchase").fail_if("conversion < 18%").named(id_)
