"""Anchors of a flow: ``FlowStep("Login", forward=3)``."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.query.inputs.filters import Filter
from pytest_mixpanel.query.inputs.require import require_event
from pytest_mixpanel.query.inputs.vocabulary import FiltersCombinator, FlowSessionEvent

MOST_COLUMNS = 5
SESSION_EVENTS = {"start": "$session_start", "end": "$session_end"}


@frozen
class FlowStep:
    """An anchor with the columns after and before it; ``None`` takes those of the call.

    ``session_event`` says that the anchor is where sessions start or end.
    Raises ``ParamValidationError`` for a blank event, for columns outside 0 to 5, and for a session event
    that is not the anchor.
    """

    event: str
    forward: int | None = None
    reverse: int | None = None
    label: str | None = None
    filters: Sequence[Filter] | None = None
    filters_combinator: FiltersCombinator = "all"
    session_event: FlowSessionEvent | None = None

    def __post_init__(self) -> None:
        require_event(self.event)
        check_columns("forward", self.forward, "FL3_FORWARD_RANGE")
        check_columns("reverse", self.reverse, "FL4_REVERSE_RANGE")
        if self.session_event is not None and self.event != SESSION_EVENTS.get(self.session_event):
            raise ParamValidationError(
                f"session_event={self.session_event!r} needs the event "
                f"{SESSION_EVENTS.get(self.session_event)!r}, not {self.event!r}",
                code="FS1_SESSION_EVENT_MISMATCH",
            )


def check_columns(name: str, columns: int | None, code: str) -> None:
    """Raise for a number of columns outside 0 to 5; other types are left to the checks of a call."""
    if isinstance(columns, int) and not 0 <= columns <= MOST_COLUMNS:
        raise ParamValidationError(f"{name} is 0 to {MOST_COLUMNS} columns, not {columns}", code=code)
