"""The end of a run, on the controller: files, the exit code, the block in the terminal."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_mixpanel.plugin.failures import panel_text
from pytest_mixpanel.plugin.state import State

if TYPE_CHECKING:
    from pytest_mixpanel.report.run import Run
    from pytest_mixpanel.runner.result import CheckResult

_SPELLED_OUT = ("fail", "inconclusive", "warn", "waived")


def run_of(state: State) -> Run:
    """The run so far: every result of every test that reported one."""
    from pytest_mixpanel.report.run import Run
    from pytest_mixpanel.runner.result import CheckResult

    results = tuple(CheckResult.from_json(data) for reported in state.reported.values() for data in reported)
    return Run(
        project=state.options.text("project") or "of the session",
        now=state.now,
        results=results,
        notes=tuple(state.notes),
    )


def finish(session: pytest.Session, state: State) -> None:
    """Write what the options ask for; a file that cannot be written fails the run and is named."""
    forgiven = state.options.text("fail-on") == "never" and not state.strangers_failed
    if forgiven and session.exitstatus == pytest.ExitCode.TESTS_FAILED:
        session.exitstatus = pytest.ExitCode.OK
    _write_reports(session, state)


def _write_reports(session: pytest.Session, state: State) -> None:
    run = run_of(state)
    for text in state.options.many("report"):
        path = Path(text)
        try:
            _write(run, session.config.invocation_params.dir / path)
        except OSError as error:
            state.notes.append(("report", f"{path} could not be written: {error.strerror}"))
            session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED
        else:
            state.notes.append(("report", str(path)))
    step_summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if step_summary:
        _append(run, Path(step_summary))


def _write(run: Run, path: Path) -> None:
    from pytest_mixpanel.report.files import write_report

    write_report(run, path)


def _append(run: Run, path: Path) -> None:
    from pytest_mixpanel.report.markdown import markdown

    with path.open("a", encoding="utf-8") as stream:
        stream.write(markdown(run))


def show(terminal: pytest.TerminalReporter, state: State) -> None:
    """The block: a panel for each verdict that is no plain pass and no failure shown already, then counts."""
    from pytest_mixpanel.report.summary import heading, summary

    run = run_of(state)
    writer = terminal.config.get_terminal_writer()
    panels = [result for result in _unshown(state) if result.verdict.outcome in _SPELLED_OUT]
    if panels:
        terminal.section("mixpanel: to look at")
        for result in panels:
            terminal.write_line(panel_text(result, width=writer.fullwidth, colour=writer.hasmarkup))
            terminal.write_line("")
    terminal.section(heading(run))
    for line in summary(run, writer.fullwidth):
        terminal.write_line(line)


def _unshown(state: State) -> list[CheckResult]:
    """The results of the tests that did not fail, the most serious first."""
    from pytest_mixpanel.report.run import severity
    from pytest_mixpanel.runner.result import CheckResult

    results = [
        CheckResult.from_json(data)
        for nodeid, reported in state.reported.items()
        if nodeid not in state.failed
        for data in reported
    ]
    return sorted(results, key=lambda result: severity(result.verdict.outcome))
