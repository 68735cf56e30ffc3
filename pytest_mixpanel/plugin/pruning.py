"""``--mixpanel-baselines=prune``: remove the snapshots that no check names any more."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_mixpanel.plugin.collect import BrokenFile, Check
from pytest_mixpanel.plugin.state import State

_NARROWING = ("keyword", "markexpr", "deselect", "lf", "stepwise")


def prune(config: pytest.Config, items: list[pytest.Item], state: State) -> None:
    """Remove, under the folders that were asked for, what none of their checks names.

    Raises ``pytest.UsageError`` where not all checks of the folders are at hand: then a snapshot that
    looks forgotten may only be out of sight.
    """
    folders = [config.invocation_params.dir / argument for argument in config.args]
    if not all(folder.is_dir() for folder in folders):
        raise pytest.UsageError("--mixpanel-baselines=prune looks at whole folders; name the folder")
    said = [name for name in _NARROWING if config.getoption(name, default=None)]
    if said or state.options.text("select"):
        raise pytest.UsageError("--mixpanel-baselines=prune needs all checks; take the selection away")
    if broken := [item for item in items if isinstance(item, BrokenFile)]:
        paths = ", ".join(item.path.name for item in broken)
        raise pytest.UsageError(f"--mixpanel-baselines=prune needs all checks; mend {paths} first")
    from pytest_mixpanel.runner.accepting import prune as remove

    removed = remove([Path(f) for f in folders], [item.spec for item in items if isinstance(item, Check)])
    names = ", ".join(path.name for path in removed)
    state.notes.append(("baselines", f"{len(removed)} removed{f': {names}' if names else ''}"))
