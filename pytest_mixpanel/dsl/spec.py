"""One check as a value, whichever way it was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from os import PathLike
from types import MappingProxyType
from typing import Any, Literal

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.time import Duration
from pytest_mixpanel.dsl.conditions import Condition
from pytest_mixpanel.dsl.units import Quantity
from pytest_mixpanel.query.inputs.filters import Filter

Level = Literal["fail", "warn"]
Direction = Literal["drop", "rise", "shift"]


@frozen
class Rule:
    """A level condition; ``text`` as written, ``line`` where it stands in its file (0: in no file)."""

    level: Level
    text: str
    condition: Condition
    line: int = field(default=0, compare=False)


@frozen
class Compare:
    """A comparison with the past and the largest change tolerated in one direction."""

    to: Literal["previous_period", "snapshot"]
    direction: Direction
    margin: Quantity
    line: int = field(default=0, compare=False)

    @property
    def rule(self) -> str:
        """``max_drop: 10%rel``."""
        return f"max_{self.direction}: {self.margin}"


@frozen
class Segments:
    """Look into the segments of ``by`` with at least ``min_n`` entrants each."""

    by: str
    min_n: int = 100


@frozen
class CheckSpec:
    """What to measure, what is wrong, and whom it concerns.

    ``subject`` is the kind's own dataclass, ``extra`` the kind's own rules (``drift``, ``expectations``).
    ``window`` holds the days that are judged; ``path`` and ``line`` say where the check was written and do
    not make two checks different. ``prerequisites`` are the checks that ``requires`` names.
    """

    id: str
    kind: str
    subject: Any
    rules: tuple[Rule, ...] = ()
    compare: Compare | None = None
    segments: Segments | None = None
    window: Duration | None = None
    delay: Duration | None = None
    where: tuple[Filter, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    requires: tuple[str, ...] = ()
    severity: Literal["fail", "warn"] = "fail"
    on_inconclusive: Literal["inconclusive", "warn", "pass", "fail"] = "inconclusive"
    title: str | None = None
    description: str | None = None
    suite: str | None = None
    owner: str | None = None
    tags: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    path: str | PathLike[str] = field(default="", compare=False)
    line: int = field(default=0, compare=False)
    prerequisites: tuple[CheckSpec, ...] = field(default=(), compare=False, repr=False)

    @property
    def name(self) -> str:
        """``checkout::purchase-floor``."""
        return f"{self.suite}::{self.id}" if self.suite else self.id
