"""From verdicts to pytest's outcomes, letters and words."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pytest

from pytest_mixpanel.plugin.failures import ChecksFileBroken, Panel, Trouble, panel_text
from pytest_mixpanel.plugin.state import RESULTS, state_of

if TYPE_CHECKING:
    from pytest_mixpanel.runner.result import CheckResult

GATES = {
    "fail": ("fail", "error"),
    "inconclusive": ("fail", "error", "inconclusive"),
    "warn": ("fail", "error", "inconclusive", "warn"),
    "never": ("fail", "error"),
}
"""Which verdicts make a test fail, by ``--mixpanel-fail-on``; ``never`` changes the exit code instead."""

Status = tuple[str, str, tuple[str, dict[str, bool]]]

_SHOWN: dict[str, Status] = {
    "warn": ("warn", "w", ("WARN", {"yellow": True})),
    "inconclusive": ("inconclusive", "?", ("UNSURE", {"yellow": True})),
    "blocked": ("blocked", "b", ("BLOCKED", {"cyan": True})),
    "waived": ("waived", "x", ("WAIVED", {"cyan": True})),
}
_SHOWN_FAILED: dict[str, Status] = {
    "warn": ("failed", "w", ("WARN", {"red": True})),
    "inconclusive": ("failed", "?", ("UNSURE", {"red": True})),
    "error": ("error", "E", ("ERROR", {"red": True})),
}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Attach the verdicts to the report of the phase that decided, and give it the outcome they ask for."""
    report = yield
    results = item.stash.get(RESULTS, None)
    decides = call.when == "call" or (call.when == "setup" and not report.passed)
    if results and decides:
        _apply(report, item, results)
    if call.excinfo and report.failed:
        _lead_with_headline(report, call.excinfo.value)
    if call.when == "setup" and call.excinfo and isinstance(call.excinfo.value, Trouble):
        if isinstance(call.excinfo.value, ChecksFileBroken):
            vars(report)["mixpanel_broken"] = report.nodeid.partition("::")[0]
        report.longrepr = call.excinfo.value.longrepr  # type: ignore[assignment]  # pytest asks it only for toterminal()
    return report


def _lead_with_headline(report: pytest.TestReport, raised: BaseException) -> None:
    """Let summaries show the verdict in one breath instead of the exception's class and all its lines."""
    told = getattr(getattr(raised, "result", raised), "explanation", None)
    crash = getattr(report.longrepr, "reprcrash", None)
    if isinstance(raised, AssertionError | Trouble) and told is not None and crash is not None:
        crash.message = told.headline


@pytest.hookimpl(tryfirst=True)
def pytest_report_teststatus(report: pytest.CollectReport | pytest.TestReport) -> Status | None:
    outcome = getattr(report, "mixpanel_outcome", None)
    if outcome is None:
        return None
    return (_SHOWN_FAILED if report.failed else _SHOWN).get(outcome)


def _apply(report: pytest.TestReport, item: pytest.Item, results: Sequence[CheckResult]) -> None:
    decisive = _decisive(report, results)
    outcome = str(decisive.verdict.outcome) if decisive else None
    # Attributes of plain JSON types (no subclass of them) reach the controller of a distributed run.
    told = json.loads(json.dumps([result.to_json() for result in results]))
    vars(report).update(mixpanel=told, mixpanel_outcome=outcome)
    if decisive is None or outcome is None:
        return
    item.user_properties.extend(_properties(decisive))
    if report.passed and outcome == "pass" and set("PA") & set(item.config.getoption("reportchars")):
        report.sections.extend(_passed(item.config, results))
    if report.passed and outcome in GATES[state_of(item.config).options.text("fail-on") or "fail"]:
        report.outcome = "failed"
        report.longrepr = Panel(decisive)  # type: ignore[assignment]  # pytest asks a long representation only for toterminal()
    elif report.passed and outcome in ("inconclusive", "blocked", "waived"):
        report.outcome = "skipped"
    if report.skipped:
        path, line, _ = item.reportinfo()
        report.longrepr = (str(path), (line or 0) + 1, decisive.explanation.headline)
        if outcome == "waived":
            report.wasxfail = decisive.explanation.headline


def _passed(config: pytest.Config, results: Sequence[CheckResult]) -> Iterator[tuple[str, str]]:
    """What ``-rP`` and ``-rA`` show of checks that passed."""
    writer = config.get_terminal_writer()
    for result in results:
        yield "mixpanel", panel_text(result, width=writer.fullwidth, colour=writer.hasmarkup)


def _decisive(report: pytest.TestReport, results: Sequence[CheckResult]) -> CheckResult | None:
    """The most serious result; in a test that passed, failures that it expected and caught are not asked."""
    from pytest_mixpanel.report.run import severity

    asked = [
        result for result in results if not (report.passed and result.verdict.outcome in ("fail", "error"))
    ]
    return min(asked, key=lambda result: severity(result.verdict.outcome), default=None)


def _properties(result: CheckResult) -> Iterator[tuple[str, str]]:
    """What JUnit keeps of a verdict."""
    verdict = result.verdict
    yield "mixpanel_verdict", str(verdict.outcome)
    for name, value in (
        ("reason", verdict.reason),
        ("owner", result.owner),
        ("estimate", verdict.estimate),
        ("p", verdict.p),
    ):
        if value is not None:
            yield f"mixpanel_{name}", str(value)
    if verdict.interval:
        yield "mixpanel_interval", f"{verdict.interval.lo}..{verdict.interval.hi} ({verdict.interval.conf:g})"
    for name, count in verdict.n.items():
        yield f"mixpanel_n_{name.replace(' ', '_')}", f"{count:g}"
