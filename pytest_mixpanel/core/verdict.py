"""Verdicts are values: what was decided, on which numbers, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from pytest_mixpanel.core.frozen import frozen

Unit = Literal["rate", "pp", "rel", "ratio", "tvd", "count", "value"]


class Outcome(StrEnum):
    """What a check came to. Nothing that was not measured is ever ``PASS``."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"
    BLOCKED = "blocked"
    WAIVED = "waived"


@frozen
class Interval:
    """A confidence interval: ``lo`` and ``hi`` in the unit of the estimate, ``conf`` as a fraction."""

    lo: float
    hi: float
    conf: float
    method: str


@frozen
class Verdict:
    """The decision on one check.

    ``estimate`` and ``interval`` are fractions for rates and their differences (0.169, not 16.9), plain
    numbers otherwise; ``reason`` is a slug such as ``underpowered`` and is set whenever the outcome is
    not a plain pass; ``n`` names the counts the decision rests on (``entrants``, ``conversions``, …).
    """

    outcome: Outcome
    reason: str | None = None
    estimate: float | None = None
    unit: Unit = "rate"
    interval: Interval | None = None
    baseline: float | None = None
    margin: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    mde: float | None = None
    n: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    notes: tuple[str, ...] = ()
