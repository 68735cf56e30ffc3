"""``--mixpanel-plan``: what a run would ask, instead of the run."""

from __future__ import annotations

import pytest

from pytest_mixpanel.core.words import counted
from pytest_mixpanel.plugin.collect import BrokenFile, Check
from pytest_mixpanel.plugin.state import State


def show_plan(session: pytest.Session, state: State) -> None:
    """Show the queries of the collected checks, equal ones joined; ask none of them.

    A file that cannot be read makes the plan incomplete: it is shown and the exit code says so.
    """
    from pytest_mixpanel.core.errors import MixpanelHeadlessError
    from pytest_mixpanel.plugin import opening
    from pytest_mixpanel.workspace.transport.rate import HOURLY, Rate

    checks = [item.spec for item in session.items if isinstance(item, Check)]
    broken = [item for item in session.items if isinstance(item, BrokenFile)]
    terminal = session.config.pluginmanager.get_plugin("terminalreporter")
    assert isinstance(terminal, pytest.TerminalReporter)
    try:
        workspace = opening.open_workspace(session.config, state)
    except MixpanelHeadlessError as error:
        raise pytest.UsageError(error.message) from error
    try:
        plan = opening.open_session(state, workspace).plan(checks)
    finally:
        workspace.close()
    terminal.section(f"mixpanel: the plan of {counted(len(checks), 'check')}")
    budget = state.options.text("budget")
    for line in plan.lines(Rate.parse(budget) if budget is not None else HOURLY):
        terminal.write_line(line)
    for item in broken:
        terminal.write_line(item.told())
    if broken:
        session.testsfailed += len(broken)
