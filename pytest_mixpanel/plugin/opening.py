"""Where the plugin meets the house: the workspace, the session of checks, the clock."""

from __future__ import annotations

import warnings
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pytest_mixpanel.plugin.options import Options
from pytest_mixpanel.plugin.state import State
from pytest_mixpanel.plugin.who import session_arguments

if TYPE_CHECKING:
    from pytest_mixpanel.dsl.spec import CheckSpec
    from pytest_mixpanel.kinds.builders import Check
    from pytest_mixpanel.runner.session import CheckSession
    from pytest_mixpanel.server.running import LocalMixpanel
    from pytest_mixpanel.workspace import Workspace


def clock(options: Options) -> str | None:
    """The run's ``now`` as ISO 8601, the same for every worker.

    What was said; else the time of day for a live project, and ``None`` for a local one or a recording,
    which suggest their own. Raises ``pytest.UsageError``.
    """
    from datetime import UTC, datetime

    said = options.text("now")
    if said is None:
        project = options.text("project")
        is_local = project is not None and not project.isdecimal()
        return None if is_local or options.text("replay") else datetime.now(UTC).isoformat(timespec="seconds")
    try:
        return datetime.fromisoformat(said).isoformat()
    except ValueError as error:
        raise pytest.UsageError(
            f"{options.origin('now')}: {said!r} is not a time; write 2026-08-28 or 2026-08-28T06:00:00+02:00"
        ) from error


def open_workspace(config: pytest.Config, state: State) -> Workspace:
    """The workspace that the options describe; raises the client's errors."""
    from datetime import datetime

    from pytest_mixpanel.plugin.transport import travel_arguments
    from pytest_mixpanel.workspace import Workspace

    named: dict[str, Any] = session_arguments(state.options)
    if state.options.origin("allow-writes") != "default":
        named["allow_writes"] = state.options.flag("allow-writes")
    if state.now is not None:
        named["now"] = datetime.fromisoformat(state.now)
    if (zone := state.options.text("time-zone")) is not None:
        named["time_zone"] = zone
    return Workspace(**named, **travel_arguments(config, state))


def serve_locally(state: State) -> AbstractContextManager[LocalMixpanel]:
    """A server over the run's project, over the demo where that is not local; raises the client's errors."""
    from datetime import UTC, datetime

    from pytest_mixpanel.core.address import parse_address
    from pytest_mixpanel.server.app import Server
    from pytest_mixpanel.server.projects import open_project
    from pytest_mixpanel.server.running import running

    address = parse_address(state.options.text("project") or "demo")
    project = open_project(address if address.is_local else parse_address("demo"))
    told = state.now if state.options.text("now") is not None else None
    now = datetime.fromisoformat(told) if told is not None else project.now
    clock = now if now.tzinfo else now.replace(tzinfo=UTC)
    return running(Server(project.store, clock, project.entities, project.name, project.saved))


def open_session(state: State, workspace: Workspace) -> CheckSession:
    """What runs checks on the workspace, by the days of the project's time zone where that can be known."""
    from pytest_mixpanel.runner.session import CheckSession, SessionOptions

    learn = getattr(workspace, "learn_time_zone", None)
    if learn is not None and not learn():
        warnings.warn(
            f"account {workspace.account.name!r} is not told the time zone of project {workspace.project}: "
            "days are UTC's; name it with --mixpanel-time-zone",
            stacklevel=2,
        )
    return CheckSession(workspace, SessionOptions(state.options.text("baselines") or "check"))


def facts_of(session: CheckSession, workspace: Workspace) -> dict[str, Any]:
    """What a process can tell of its session when it ends, in JSON types."""
    now = getattr(workspace, "now", None)
    report = getattr(workspace, "import_report", None)
    rejected = getattr(workspace, "rejected_file", None)
    imported = report.summary() if report is not None else None
    return {
        "asked": session.asked,
        "project": str(getattr(workspace, "project", "")) or None,
        "now": now.isoformat(timespec="seconds") if now else None,
        "timezone": getattr(workspace, "timezone", None),
        "import": f"{imported}; kept in {rejected}" if imported and rejected else imported,
    }


def located(check: Check | CheckSpec, item: pytest.Item) -> CheckSpec:
    """The spec of a check in a Python test, told where it stands, so that its messages name a line.

    Raises ``ParamTypeError`` for what is no check, and what building it raises.
    """
    __tracebackhide__ = True
    from pytest_mixpanel.core.errors import ParamTypeError
    from pytest_mixpanel.dsl.spec import CheckSpec
    from pytest_mixpanel.kinds.builders import Check

    if not isinstance(check, Check | CheckSpec):
        raise ParamTypeError(f"give a check, as funnel(…).fail_if(…), not {type(check).__name__}")
    spec = check.spec if isinstance(check, Check) else check
    path, line, _ = item.reportinfo()
    return replace(spec, path=path, line=(line or 0) + 1)
