"""The command that runs a check again, to be copied from its message."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from os.path import relpath
from typing import TYPE_CHECKING

import pytest

from pytest_mixpanel.plugin.options import SETTINGS, Setting, unsaid
from pytest_mixpanel.plugin.state import state_of

if TYPE_CHECKING:
    from pytest_mixpanel.runner.result import CheckResult

PYTEST = {"inifilename": "--config-file", "rootdir": "--rootdir"}
"""Options of pytest's own that say where settings are found, by their names in its configuration."""

LEFT_OUT = {"baselines", "reason", "report", "record", "plan", "select", "budget"}
"""Settings that no check hangs on: what is written, what is shown, which checks run, how long it may take."""


def with_command(result: CheckResult, item: pytest.Item) -> CheckResult:
    """The result with the command that runs its test again, as this run did, at the end of its message."""
    from pytest_mixpanel.core.explanation import Command

    words = ("pytest", *state_of(item.config).repeated, _named(item))
    blocks = (*result.explanation.blocks, Command("again", words))
    return replace(result, explanation=replace(result.explanation, blocks=blocks))


def repeated(config: pytest.Config) -> tuple[str, ...]:
    """What was typed and may decide what checks come to: where the ini file is, and settings of ours.

    What holds without being typed is left out. Only the controller of a distributed run knows what was typed.
    """
    return (*_configuration(config), *_settings(config))


def _configuration(config: pytest.Config) -> Iterator[str]:
    for name, option in PYTEST.items():
        if (value := config.getoption(name, default=None)) is not None:
            yield f"{option}={value}"
    for assignment in config.getoption("override_ini", default=None) or ():
        if assignment.startswith("mixpanel_"):
            yield f"--override-ini={assignment}"


def _settings(config: pytest.Config) -> Iterator[str]:
    for setting in SETTINGS:
        value = config.getoption(setting.dest, default=None)
        if value is None or setting.name in LEFT_OUT or not _is_typed(config, setting):
            continue
        if (values := _many(value)) != _unsaid(config, setting):
            yield from (setting.option if one is True else f"{setting.option}={one}" for one in values)


def _unsaid(config: pytest.Config, setting: Setting) -> tuple[object, ...]:
    try:
        return _many(unsaid(setting, config).value)
    except pytest.UsageError:  # what is typed stands before a bad value, which nobody reads
        return ()


def _many(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _is_typed(config: pytest.Config, setting: Setting) -> bool:
    """Whether the command line has it, itself or in a file of arguments: ``addopts`` comes again unasked."""
    typed = config.invocation_params.args
    return any(word == setting.option or word.startswith((f"{setting.option}=", "@")) for word in typed)


def _named(item: pytest.Item) -> str:
    """The test as its name is typed where pytest was started."""
    _, separator, name = item.nodeid.partition("::")
    try:
        path = relpath(item.path, item.config.invocation_params.dir)
    except ValueError:  # another drive
        path = str(item.path)
    return path.replace("\\", "/") + separator + name
