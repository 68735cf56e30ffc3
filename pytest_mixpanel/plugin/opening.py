"""Where the plugin meets the house: the workspace, the session of checks, the clock."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from pytest_mixpanel.plugin.options import Options
from pytest_mixpanel.plugin.state import State

if TYPE_CHECKING:
    from pytest_mixpanel.dsl.spec import CheckSpec
    from pytest_mixpanel.kinds.builders import Check
    from pytest_mixpanel.runner.session import CheckSession
    from pytest_mixpanel.workspace import Workspace


def clock(options: Options) -> str | None:
    """The run's ``now`` as ISO 8601, the same for every worker.

    What was said; else the fixed day on which the demo project ends, the time of day for a live project,
    and ``None`` (the project knows) for exported events.
    """
    said = options.text("now")
    if said is not None:
        return _checked(said, options.origin("now"))
    project = options.text("project") or ""
    if project.partition(":")[0] == "demo":
        from pytest_mixpanel.demo import NOW

        return NOW.isoformat()
    if project and not project.isdecimal():
        return None
    from datetime import UTC, datetime

    return datetime.now(UTC).isoformat(timespec="seconds")


def _checked(said: str, origin: str) -> str:
    from datetime import datetime

    try:
        datetime.fromisoformat(said)
    except ValueError as error:
        raise pytest.UsageError(
            f"{origin}: {said!r} is not a time; write 2026-08-28 or 2026-08-28T06:00:00+02:00"
        ) from error
    return said


def open_workspace(state: State) -> Workspace:
    """The workspace that the options describe; raises the client's errors."""
    from datetime import datetime

    from pytest_mixpanel.workspace import Workspace

    named: dict[str, Any] = {
        name: value
        for name in ("project", "region", "account", "workspace", "target")
        if (value := state.options.text(name)) is not None
    }
    if state.now is not None:
        named["now"] = datetime.fromisoformat(state.now)
    if state.options.flag("allow-writes"):
        named["allow_writes"] = True
    return Workspace(**named)


def open_session(state: State, workspace: Workspace) -> CheckSession:
    from pytest_mixpanel.runner.session import CheckSession, SessionOptions

    return CheckSession(workspace, SessionOptions(baselines=state.options.text("baselines") or "check"))


def located(check: Check | CheckSpec, item: pytest.Item) -> CheckSpec:
    """The spec of a check in a Python test, told where it stands, so that its messages name a line."""
    from pytest_mixpanel.kinds.builders import Check

    spec = check.spec if isinstance(check, Check) else check
    path, line, _ = item.reportinfo()
    return replace(spec, path=path, line=(line or 0) + 1)
