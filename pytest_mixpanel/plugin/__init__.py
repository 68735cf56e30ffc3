"""pytest and nothing else: options, collection of ``*.checks.yaml``, fixtures, verdicts, summary, xdist.

These are the hooks; each hands over to the module that knows. Nothing heavier than pytest is imported
until a checks file is collected or a fixture of ours is used.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from pytest_mixpanel.plugin.again import repeated
from pytest_mixpanel.plugin.fixtures import (
    _mixpanel_result,
    _mixpanel_session,
    mixpanel,
    mixpanel_check,
    mixpanel_server,
)
from pytest_mixpanel.plugin.masking import Masking, mask_known, remember_environment
from pytest_mixpanel.plugin.options import Options, add_options, variables
from pytest_mixpanel.plugin.recorder import Recorder
from pytest_mixpanel.plugin.state import STATE, State, state_of
from pytest_mixpanel.plugin.transport import check_transport, draft_of, finish_recording
from pytest_mixpanel.plugin.verdicts import pytest_report_teststatus, pytest_runtest_makereport
from pytest_mixpanel.plugin.who import said_axes

__all__ = [
    "_mixpanel_result",
    "_mixpanel_session",
    "mixpanel",
    "mixpanel_check",
    "mixpanel_server",
    "pytest_report_teststatus",
    "pytest_runtest_makereport",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "mixpanel(tag, kind, owner, suite): a check; select with -m \"mixpanel(tag='tier1')\"",
    )
    if not config.getoption("help"):  # help is given even where a setting will not do
        config.stash[STATE] = state = _state(config)
        config.pluginmanager.register(Recorder(state), "mixpanel-recorder")
        remember_environment()
        config.pluginmanager.register(Masking(), "mixpanel-masking")


def _state(config: pytest.Config) -> State:
    options = Options.resolve(config)
    sent: dict[str, Any] | None = getattr(config, "workerinput", {}).get("mixpanel")
    if sent is not None:
        return State(
            options,
            sent["now"],
            sent["variables"],
            is_worker=True,
            draft=sent["draft"],
            repeated=tuple(sent["repeated"]),
        )
    _check_early(options)
    draft = draft_of(options, config.invocation_params.dir)
    return State(options, None, variables(options), is_worker=False, draft=draft, repeated=repeated(config))


def _check_early(options: Options) -> None:
    """Refuse, before anything runs, what would otherwise fail late."""
    check_transport(options)
    said_axes(options)
    if options.text("now"):
        from pytest_mixpanel.plugin.opening import clock

        clock(options)
    if zone := options.text("time-zone"):
        from pytest_mixpanel.core.errors import ConfigError
        from pytest_mixpanel.core.zones import known_zone

        try:
            known_zone(zone, options.origin("time-zone"))
        except ConfigError as error:
            raise pytest.UsageError(error.message) from error
    if expression := options.text("select"):
        from pytest_mixpanel.plugin.select import SelectionError, parse_selection

        try:
            parse_selection(expression)
        except SelectionError as error:
            raise pytest.UsageError(f"{options.origin('select')}: {expression!r}: {error}") from error
    if reports := options.many("report"):
        from pytest_mixpanel.report.files import RENDERERS

        for report in reports:
            if Path(report).suffix.lower() not in RENDERERS:
                kinds = ", ".join(RENDERERS)
                raise pytest.UsageError(
                    f"{options.origin('report')}: {report!r} says no kind of report; end it in {kinds}"
                )


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, Any, Any]:
    """Planning and pruning need all checks in one place: they are done by one process."""
    if hasattr(config.option, "numprocesses"):
        plans = Options.resolve_one(config, "plan").value is True
        prunes = Options.resolve_one(config, "baselines").value == "prune"
        config.option.numprocesses = 0 if plans or prunes else config.option.numprocesses
    return (yield)


def pytest_report_header(config: pytest.Config) -> str | None:
    said = [f"{name} {value} ({origin})" for name, value, origin in state_of(config).options.given()]
    return mask_known(f"mixpanel: {', '.join(said)}") if said else None


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.suffix not in _SUFFIXES:
        return None
    from pytest_mixpanel.plugin.collect import ChecksFile, is_checks_file

    if not is_checks_file(file_path, parent.config.getini("mixpanel_files")):
        state_of(parent.config).passed_over.append(file_path)
        return None
    collector: ChecksFile = ChecksFile.from_parent(parent, path=file_path)
    return collector


_SUFFIXES = {".yaml", ".yml"}
_WITHOUT_TESTS = (pytest.ExitCode.NO_TESTS_COLLECTED, pytest.ExitCode.USAGE_ERROR)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    state = state_of(config)
    if state.options.text("baselines") == "prune" and not config.getoption("collectonly"):
        from pytest_mixpanel.plugin.pruning import prune

        prune(config, items, state)
    if expression := state.options.text("select"):
        from pytest_mixpanel.plugin.selection import narrow

        narrow(config, items, expression, state)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    state = state_of(session.config)
    if not state.options.flag("plan") or session.testsfailed:
        return None
    from pytest_mixpanel.plugin.planning import show_plan

    show_plan(session, state)
    return True


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, exitstatus: int, config: pytest.Config
) -> None:
    state = state_of(config)
    if state.passed_over and exitstatus in _WITHOUT_TESTS:
        from pytest_mixpanel.plugin import overlooked

        overlooked.show(terminalreporter, state, config.getini("mixpanel_files"))
    if state.reported:
        from pytest_mixpanel.plugin.ending import show

        show(terminalreporter, state)
    else:
        for label, told in state.notes:
            terminalreporter.write_line(f"{label} of mixpanel: {told}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    state = state_of(session.config)
    if state.session is not None and state.workspace is not None:
        from pytest_mixpanel.plugin.opening import facts_of

        state.facts.append(facts_of(state.session, state.workspace))
    if state.is_worker:
        workeroutput: dict[str, Any] = session.config.workeroutput  # type: ignore[attr-defined]  # xdist's
        workeroutput["mixpanel"] = state.facts
        return
    finish_recording(session, state)
    if state.reported:
        from pytest_mixpanel.plugin.ending import finish

        finish(session, state)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a worker what only the controller can know: clock, variables, where to record, what was typed."""
    state = state_of(node.config)
    node.workerinput["mixpanel"] = {
        "now": state.now,
        "variables": dict(state.variables),
        "draft": state.draft,
        "repeated": state.repeated,
    }


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take over what a worker can tell; one that crashed tells nothing."""
    state_of(node.config).facts += getattr(node, "workeroutput", {}).get("mixpanel", [])
