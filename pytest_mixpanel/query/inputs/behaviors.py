"""What users do, as one thing that can be measured: some events, a funnel, a retention."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.query.inputs.events import Exclusion, FunnelStep, HoldingConstant, RetentionEvent
from pytest_mixpanel.query.inputs.references import CustomEventRef
from pytest_mixpanel.query.inputs.require import require, require_event
from pytest_mixpanel.query.inputs.vocabulary import (
    ConversionWindowUnit,
    FunnelOrder,
    FunnelReentryMode,
    RetentionAlignment,
    RetentionUnboundedMode,
    TimeUnit,
)

Holding = str | HoldingConstant | Sequence[str | HoldingConstant] | None


@frozen
class SimpleBehavior:
    """Any of several events, counted as one, under ``name`` or their names joined by *or*.

    Raises ``ParamValidationError`` without an event and for a blank one.
    """

    events: Sequence[str | CustomEventRef | FunnelStep]
    name: str | None = None

    def __post_init__(self) -> None:
        require(len(self.events) > 0, "a behavior needs one event or more", "BH1_STEP_COUNT")
        require_names(self.events)

    @property
    def label(self) -> str:
        """The name it goes by."""
        return self.name or " or ".join(_label(event) for event in self.events)


@frozen
class FunnelBehavior:
    """A funnel as something to measure; the fields are the arguments of ``query_funnel``.

    Raises ``ParamValidationError`` for fewer than two steps and for a blank one; a query checks the rest.
    """

    steps: Sequence[str | FunnelStep]
    conversion_window: int = 14
    conversion_window_unit: ConversionWindowUnit = "day"
    order: FunnelOrder = "loose"
    exclusions: Sequence[str | Exclusion] | None = None
    holding_constant: Holding = None
    reentry_mode: FunnelReentryMode | None = None

    def __post_init__(self) -> None:
        require(len(self.steps) > 1, "a funnel needs two steps or more", "BH1_STEP_COUNT")
        require_names(self.steps)


@frozen
class RetentionBehavior:
    """Coming back as something to measure; the fields are the arguments of ``query_retention``.

    Raises ``ParamValidationError`` for a blank event; a query checks the rest.
    """

    born_event: str | RetentionEvent
    return_event: str | RetentionEvent
    retention_unit: TimeUnit = "week"
    alignment: RetentionAlignment = "birth"
    bucket_sizes: Sequence[int] | None = None
    unbounded_mode: RetentionUnboundedMode | None = None

    def __post_init__(self) -> None:
        require_names((self.born_event, self.return_event))


def require_names(events: Sequence[Any]) -> None:
    """Raise for a text that is no event's name; other values are events already, or checked by a query."""
    for event in _texts(events):
        require_event(event, "BH2_EMPTY_EVENT")


def _texts(events: Sequence[Any]) -> Iterator[str]:
    return (event for event in events if isinstance(event, str))


def _label(event: str | CustomEventRef | FunnelStep) -> str:
    if isinstance(event, FunnelStep):
        return event.label or event.event
    return event.name if isinstance(event, CustomEventRef) else event
