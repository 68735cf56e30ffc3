"""The settings of a run: each a command-line option, an environment variable and an ini key.

A value is looked for in that order, then the default applies; where it came from is remembered and
shown. Nothing here reads a secret: those have no option.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pytest

Shape = Literal["text", "flag", "list"]

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off", ""}


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. ``name`` is the option without its prefix; ``choices`` closes the values."""

    name: str
    help: str
    metavar: str = "VALUE"
    default: str | None = None
    choices: tuple[str, ...] = ()
    shape: Shape = "text"

    @property
    def option(self) -> str:
        return f"--mixpanel-{self.name}"

    @property
    def dest(self) -> str:
        return f"mixpanel_{self.name.replace('-', '_')}"

    @property
    def variable(self) -> str:
        return self.dest.upper()


SETTINGS = (
    Setting(
        "project",
        "where the data lives: demo, a project number (live), or a path to exported events",
        "ADDRESS",
    ),
    Setting(
        "allow-writes",
        "let tests change a live project: its dashboards, cohorts, definitions; a local one can always be "
        "changed unless this is false",
        shape="flag",
    ),
    Setting("region", "data residency of a live project", choices=("us", "eu", "in")),
    Setting("account", "the account that asks a live project, by its name in ~/.mp/config.toml", "NAME"),
    Setting("workspace", "the workspace (data view) of a live project, by its id", "ID"),
    Setting("target", "account, project and workspace at once: a target of ~/.mp/config.toml", "NAME"),
    Setting(
        "time-zone",
        "whose days are counted, as Europe/Berlin, where the project's are not told: exported events, or an "
        "account that may not see the project's settings",
        "ZONE",
    ),
    Setting(
        "baselines",
        "committed baselines: compare with them (check), write missing ones (create), rewrite those of the "
        "checks that ran (update), remove those no file names (prune)",
        default="check",
        choices=("check", "create", "update", "prune"),
    ),
    Setting("reason", "why baselines are accepted, kept in the files that create and update write", "TEXT"),
    Setting("plan", "show the queries that would run and what they cost; run nothing", shape="flag"),
    Setting(
        "fail-on",
        "verdicts that fail the run, each with those before it: fail and error, inconclusive, warn; or never",
        default="fail",
        choices=("fail", "inconclusive", "warn", "never"),
    ),
    Setting(
        "report", "write a report; .html, .md, .jsonl or .json (may be given again)", "PATH", shape="list"
    ),
    Setting("record", "keep the questions of the run and their answers in a file", "PATH"),
    Setting("replay", "answer from such a file alone: no account, no network", "PATH"),
    Setting(
        "budget",
        "queries of a live project in a time, for all that runs on this machine together; unsaid, 60/h",
        "N/h",
    ),
    Setting(
        "cache",
        "the folder for answers of live projects and stores of exported events; off keeps no answers",
        "DIR",
    ),
    Setting("now", "the clock of the run, as 2026-08-28 or 2026-08-28T06:00:00+02:00", "TIME"),
    Setting("var", "a variable of the checks files (may be given again)", "NAME=VALUE", shape="list"),
    Setting("select", "run the checks that match, as 'tag:tier1 and not owner:growth*'", "EXPR"),
)

VARIABLE_PREFIX = "MIXPANEL_VAR_"


CHECKS_FILES = ("*.checks.yaml", "*.checks.yml")
"""What checks files are called where the ini key ``mixpanel_files`` does not say otherwise."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a setting came to, and ``origin``: where it was said (``default`` when nowhere)."""

    value: str | bool | tuple[str, ...] | None
    origin: str


def add_options(parser: pytest.Parser) -> None:
    """Declare every setting as an option of one group and as an ini key."""
    group = parser.getgroup("mixpanel", "Mixpanel checks")
    for setting in SETTINGS:
        twins = f" [env {setting.variable}, ini {setting.dest}]"
        text = setting.help + twins + (f" (default: {setting.default})" if setting.default else "")
        group.addoption(setting.option, dest=setting.dest, default=None, help=text, **_argument(setting))
        kind: Literal["linelist", "string"] = "linelist" if setting.shape == "list" else "string"
        parser.addini(setting.dest, f"like {setting.option}", type=kind, default=None)
    parser.addini(
        "mixpanel_files",
        "patterns of the file names that are read as checks",
        type="args",
        default=list(CHECKS_FILES),
    )


def _argument(setting: Setting) -> dict[str, Any]:
    if setting.shape == "flag":
        return {"action": "store_true"}
    if setting.choices:
        return {"choices": setting.choices}
    return {"action": "append" if setting.shape == "list" else "store", "metavar": setting.metavar}


class Options:
    """The settings of this run, resolved once."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = values

    @classmethod
    def resolve(cls, config: pytest.Config, environment: Mapping[str, str] = os.environ) -> Options:
        """Resolve every setting; raises ``pytest.UsageError`` that names the place of a bad value."""
        return cls({setting.name: _resolve(setting, config, environment) for setting in SETTINGS})

    @staticmethod
    def resolve_one(config: pytest.Config, name: str, environment: Mapping[str, str] = os.environ) -> Value:
        """One setting, where the others are not wanted yet."""
        (setting,) = (setting for setting in SETTINGS if setting.name == name)
        return _resolve(setting, config, environment)

    def text(self, name: str) -> str | None:
        value = self._values[name].value
        return value if isinstance(value, str) else None

    def flag(self, name: str) -> bool:
        return self._values[name].value is True

    def many(self, name: str) -> tuple[str, ...]:
        value = self._values[name].value
        return value if isinstance(value, tuple) else ()

    def origin(self, name: str) -> str:
        return self._values[name].origin

    def given(self) -> Iterator[tuple[str, str, str]]:
        """Name, value as text, and origin of everything that was said somewhere."""
        for name, value in self._values.items():
            if value.origin != "default":
                shown = " ".join(value.value) if isinstance(value.value, tuple) else value.value
                yield name, "yes" if shown is True else str(shown), value.origin


def _resolve(setting: Setting, config: pytest.Config, environment: Mapping[str, str]) -> Value:
    given = config.getoption(setting.dest, default=None)
    if given is not None:
        return Value(tuple(given) if isinstance(given, list) else given, f"option {setting.option}")
    return unsaid(setting, config, environment)


def unsaid(setting: Setting, config: pytest.Config, environment: Mapping[str, str] = os.environ) -> Value:
    """What a setting comes to where no option says it; raises ``pytest.UsageError`` for a bad value."""
    if setting.variable in environment:
        origin = f"environment {setting.variable}"
        return Value(_read(setting, environment[setting.variable], origin), origin)
    written = config.getini(setting.dest)
    if written:
        origin = f"ini {setting.dest}"
        return Value(_read(setting, written, origin), origin)
    return Value(setting.default, "default")


def _read(setting: Setting, raw: str | list[str], origin: str) -> str | bool | tuple[str, ...] | None:
    if setting.shape == "list":
        lines = raw.splitlines() if isinstance(raw, str) else raw
        return tuple(line.strip() for line in lines if line.strip())
    text = str(raw).strip()
    if setting.shape == "flag":
        if text.lower() not in _TRUE | _FALSE:
            raise pytest.UsageError(f"{origin}: {text!r} is neither true nor false")
        return text.lower() in _TRUE
    if setting.choices and text not in setting.choices:
        raise pytest.UsageError(f"{origin}: {text!r} is not one of {', '.join(setting.choices)}")
    return text or setting.default


def variables(options: Options, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The values for variables of checks files: ``MIXPANEL_VAR_NAME``, over it ``--mixpanel-var NAME=VALUE``.

    Raises ``pytest.UsageError`` for an assignment without a name.
    """
    found = {
        key.removeprefix(VARIABLE_PREFIX).lower(): value
        for key, value in environment.items()
        if key.startswith(VARIABLE_PREFIX) and key != VARIABLE_PREFIX
    }
    for assignment in options.many("var"):
        name, equals, value = assignment.partition("=")
        if not (equals and name.strip()):
            raise pytest.UsageError(f"{options.origin('var')}: write NAME=VALUE, not {assignment!r}")
        found[name.strip()] = value
    return found
