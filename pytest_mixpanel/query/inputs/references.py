"""References to what a project keeps: custom events and saved behaviors, by number."""

from __future__ import annotations

from typing import Any, Literal

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.query.inputs.require import require, require_id

BehaviorKind = Literal["simple", "funnel", "retention"]


@frozen
class CustomEventRef:
    """A custom event of the project. Raises ``ParamValidationError`` for an id that is none."""

    id: int

    def __post_init__(self) -> None:
        require_id(self.id, "a custom event", "CE1_INVALID_ID")

    @property
    def name(self) -> str:
        """The name by which the wire knows it."""
        return f"$custom_event:{self.id}"


@frozen
class BehaviorRef:
    """A behavior saved in the project: some events, a funnel or a retention.

    Raises ``ParamValidationError`` for an id or a kind that is none.
    """

    id: int
    type: BehaviorKind

    def __post_init__(self) -> None:
        require_id(self.id, "a behavior", "BR1_INVALID_ID")
        require(
            self.type in ("simple", "funnel", "retention"),
            f"a behavior is simple, funnel or retention, not {self.type!r}",
            "BR2_INVALID_TYPE",
        )

    def to_json(self) -> dict[str, Any]:
        """The ``behavior`` of a show clause; the service puts the saved one in its place."""
        return {"type": self.type, "id": self.id}


def require_kind(given: Any, kind: BehaviorKind, where: str) -> None:
    """Raise unless a reference is to a behavior of this kind; other values pass."""
    require(
        not isinstance(given, BehaviorRef) or given.type == kind,
        f"{where} needs a {kind} behavior, not {given!r}",
        "BH5_BEHAVIOR_REF_TYPE",
    )
