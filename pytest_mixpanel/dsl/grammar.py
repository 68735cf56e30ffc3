"""What a kind of check adds to the language: its subject, its metrics, its rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Any, Literal

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.dsl.conditions import Metric
from pytest_mixpanel.dsl.shapes import Field, Shape
from pytest_mixpanel.dsl.spec import Direction
from pytest_mixpanel.dsl.units import QuantityUnit

MetricUnit = Literal["rate", "count", "value", "ratio", "duration"]

LIMITS: dict[MetricUnit, tuple[QuantityUnit, str]] = {
    "rate": ("level", "18%"),
    "count": ("count", "500"),
    "value": ("count", "34.9"),
    "ratio": ("ratio", "1.4x"),
    "duration": ("duration", "90m"),
}
"""The unit that a limit on a metric is written in, with an example."""


@frozen
class MetricRule:
    """A metric that conditions may name; ``argument`` and ``index`` tell what it takes, if anything.

    ``conversion(step 2)``: argument ``"step N"``. ``day 7``: index ``True``.
    """

    unit: MetricUnit
    about: str = ""
    argument: str | None = None
    needs_argument: bool = False
    index: bool = False


@frozen
class Grammar:
    """One kind's part of the language.

    ``changes`` are the directions it can compare (``max_drop`` …) with the units a margin may have,
    ``rules`` its own keys that say what is wrong, ``is_complete`` whether it judges without any of them;
    ``segmented`` whether it takes ``segments``. ``objection`` says why a metric, though known, makes no sense
    for a subject (``conversion(step 4)`` of three steps).
    """

    kind: str
    about: str
    subject: Shape
    metrics: Mapping[str, MetricRule] = field(default_factory=lambda: MappingProxyType({}))
    changes: Mapping[Direction, tuple[QuantityUnit, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    rules: Mapping[str, Field] = field(default_factory=lambda: MappingProxyType({}))
    is_complete: bool = False
    segmented: bool = False
    objection: Callable[[Any, Metric], str | None] | None = None

    def metric(self, metric: Metric) -> MetricRule | None:
        return self.metrics.get(metric.name)

    @property
    def spelled(self) -> list[str]:
        """The metrics as they are written, for messages: ``conversion``, ``day N``."""
        return [f"{name} N" if rule.index else name for name, rule in self.metrics.items()]


Grammars = Mapping[str, Grammar]
