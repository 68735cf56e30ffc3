"""The end of a run, on the controller: files, the exit code, the block in the terminal."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pytest_mixpanel.core.words import counted
from pytest_mixpanel.plugin.failures import panel_text
from pytest_mixpanel.plugin.masking import mask_known
from pytest_mixpanel.plugin.state import State

if TYPE_CHECKING:
    from pytest_mixpanel.report.run import Run
    from pytest_mixpanel.runner.result import CheckResult

_SPELLED_OUT = ("fail", "inconclusive", "warn", "waived")


def finish(session: pytest.Session, state: State) -> None:
    """Write what the options ask for and settle the exit code.

    A file that cannot be written is named in the block and fails the run.
    """
    forgiven = state.options.text("fail-on") == "never" and not state.strangers_failed
    if forgiven and session.exitstatus == pytest.ExitCode.TESTS_FAILED:
        session.exitstatus = pytest.ExitCode.OK
    here = session.config.invocation_params.dir
    written = [_write_baselines(state, here), *_write_reports(state, here), *_append_summary(state)]
    if not all(written):
        session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED


def run_of(state: State) -> Run:
    """The run so far: every result of every test that reported one."""
    from pytest_mixpanel.report.run import Run

    facts = state.facts[0] if state.facts else {}
    return Run(
        project=state.options.text("project") or facts.get("project") or "not said",
        now=facts.get("now"),
        timezone=facts.get("timezone"),
        results=tuple(_results(state)),
        notes=(*_broken(state), *_asked(state), *state.notes),
    )


def _results(state: State) -> Iterator[CheckResult]:
    from pytest_mixpanel.runner.result import CheckResult

    for reported in state.reported.values():
        for data in reported:
            yield CheckResult.from_json(data)


def _broken(state: State) -> Iterator[tuple[str, str]]:
    """How many files are not in the counts."""
    if state.broken:
        yield "broken", f"{counted(len(state.broken), 'file')} with errors, whose checks did not run"


def _asked(state: State) -> Iterator[tuple[str, str]]:
    """What was asked of the project, and what became of the lines of exported events."""
    asked = sum(facts["asked"] for facts in state.facts)
    wanted = sum(result.questions for result in _results(state))
    if asked:
        shared = f", {wanted - asked} answered by an earlier one" if wanted > asked else ""
        yield "queries", f"{asked} asked{shared}"
    for told in {facts["import"] for facts in state.facts if facts["import"]}:
        yield "events", told


def _write_baselines(state: State, here: Path) -> bool:
    """Write the snapshots that the results propose; whether that went well."""
    proposing = [result for result in _results(state) if result.snapshot is not None]
    if not proposing:
        return True
    from pytest_mixpanel.runner.accepting import write_accepted

    reason = state.options.text("reason") or ""
    try:
        written = write_accepted(proposing, accepted_by=_who(), reason=reason, root=here)
    except OSError as error:
        where = _shown(Path(error.filename or ""), here)
        state.notes.append(("baselines", f"{where} could not be written: {error.strerror}"))
        return False
    state.notes.append(
        ("baselines", f"{len(written)} written: {', '.join(_shown(p, here) for p in written)}")
    )
    return True


def _who() -> str:
    """Who accepts, as git would sign it where it says."""
    from getpass import getuser

    try:
        return os.environ.get("GIT_AUTHOR_NAME") or getuser()
    except (OSError, KeyError):  # a container without a user database
        return "unknown"


def _write_reports(state: State, here: Path) -> Iterator[bool]:
    from pytest_mixpanel.report.files import write_report

    run = run_of(state)
    for text in state.options.many("report"):
        try:
            write_report(run, here / text)
        except OSError as error:
            state.notes.append(("report", f"{text} could not be written: {error.strerror}"))
            yield False
        else:
            state.notes.append(("report", text))
            yield True


def _append_summary(state: State) -> Iterator[bool]:
    """The run as Markdown on the page of a GitHub job, where this is one."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    from pytest_mixpanel.report.markdown import markdown

    try:
        with Path(path).open("a", encoding="utf-8") as stream:
            stream.write(mask_known(markdown(run_of(state))))
    except OSError as error:
        state.notes.append(("report", f"{path} could not be written: {error.strerror}"))
        yield False


def _shown(path: Path, here: Path) -> str:
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else str(path)


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
