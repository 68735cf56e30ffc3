"""What a run of the plugin keeps, under typed keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_mixpanel.plugin.options import Options

if TYPE_CHECKING:
    from pytest_mixpanel.runner.result import CheckResult
    from pytest_mixpanel.runner.session import CheckSession
    from pytest_mixpanel.workspace import Workspace


@dataclass
class State:
    """One run in one process. The clock and ``variables`` are the controller's in every worker.

    ``facts`` are those of every process that ran checks (``opening.facts_of``). ``reported`` holds the
    results of each test by node id, as JSON, in the order the tests ended, ``failed`` the node ids of those
    that failed; ``strangers_failed`` counts the failures of tests and collectors that are no checks.
    ``broken``: checks files that cannot be read.
    ``told_unopened`` is the check that has said why the project cannot be opened. ``draft`` is the file that
    all processes record to. ``repeated`` are the options with which a test is run again. ``passed_over`` are
    YAML files that are not called as checks files are.
    """

    options: Options
    sent_now: str | None
    variables: Mapping[str, str]
    is_worker: bool
    workspace: Workspace | None = None
    session: CheckSession | None = None
    facts: list[dict[str, Any]] = field(default_factory=list)
    reported: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    strangers_failed: int = 0
    broken: set[str] = field(default_factory=set)
    passed_over: list[Path] = field(default_factory=list)
    told_unopened: str | None = None
    draft: str | None = None
    repeated: tuple[str, ...] = ()
    notes: list[tuple[str, str]] = field(default_factory=list)

    @cached_property
    def now(self) -> str | None:
        """The run's clock, read once; see ``opening.clock``."""
        if self.is_worker:
            return self.sent_now
        from pytest_mixpanel.plugin.opening import clock

        return clock(self.options)


STATE = pytest.StashKey[State]()
RESULTS: pytest.StashKey[list[CheckResult]] = pytest.StashKey()
"""On an item: what its checks came to, in the order they ran."""


def state_of(config: pytest.Config) -> State:
    return config.stash[STATE]
