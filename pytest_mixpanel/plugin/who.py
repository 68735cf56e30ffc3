"""Who asks and of what, as the settings of a run say it: the arguments of its ``Workspace``."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_mixpanel.plugin.options import Options

NAMED_BY_TARGET = ("account", "project", "workspace")
AXES = (*NAMED_BY_TARGET, "region")
RANKS = {"option": 0, "environment": 1, "ini": 2, "default": 3}


def session_arguments(options: Options) -> dict[str, Any]:
    """The arguments that make a session.

    What an option or a ``MIXPANEL_*`` variable says counts more than the client's own variables, ``MP_*``;
    those count more than the ini file.
    """
    from pytest_mixpanel.workspace.sessions.environment import Environment

    said = said_axes(options)
    strong = {axis for axis in said if _rank(options, axis) < RANKS["ini"]}
    if "target" in strong:
        strong |= set(NAMED_BY_TARGET)
    return {**said, "environment": Environment().without(strong - {"target"})}


def said_axes(options: Options) -> dict[str, str | int]:
    """The axes of a session that count, and what they say; raises ``pytest.UsageError``.

    A project on this machine needs no other. A target and what it names exclude each other where both are
    said in one place; else the stronger place counts.
    """
    said = [axis for axis in AXES if options.text(axis) is not None]
    if options.text("target") is not None:
        said = _beside_target(options, said)
    project = options.text("project") if "project" in said else None
    if project is not None and not project.isdecimal():
        return {"project": project}
    found: dict[str, str | int] = {axis: options.text(axis) or "" for axis in said}
    if "workspace" in found:
        found["workspace"] = _number(options)
    return found


def _beside_target(options: Options, said: list[str]) -> list[str]:
    """The axes that count where there is a target: it, unless what it names is said more strongly."""
    target = _rank(options, "target")
    named = [axis for axis in said if axis in NAMED_BY_TARGET and _rank(options, axis) <= target]
    others = [axis for axis in said if axis not in NAMED_BY_TARGET]
    if not named:
        return ["target", *others]
    is_local = "project" in named and not (options.text("project") or "").isdecimal()
    beside = [axis for axis in named if _rank(options, axis) == target]
    if beside and not is_local:
        raise pytest.UsageError(
            f"{options.origin('target')} and {options.origin(beside[0])}: a target names account, project "
            "and workspace at once; leave out one of the two"
        )
    return [*named, *others]


def _rank(options: Options, name: str) -> int:
    return RANKS[options.origin(name).split()[0]]


def _number(options: Options) -> int:
    text = options.text("workspace") or ""
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise pytest.UsageError(f"{options.origin('workspace')}: {text!r} is no workspace id, such as 77")
    return int(text)
