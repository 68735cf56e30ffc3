"""Custom events: one name for several events."""

from __future__ import annotations

from typing import Any

from pydantic import Field, field_validator

from pytest_mixpanel.api.entities.definitions import (
    EventDefinition as EventDefinition,
    UpdateEventDefinitionParams as UpdateEventDefinitionParams,
)
from pytest_mixpanel.api.model import Entity, Params


class CustomEventAlternative(Entity):
    """An event that counts as the custom event."""

    event: str = Field(min_length=1)


class CustomEvent(Entity):
    """A custom event and the events that count as it."""

    id: int
    name: str
    alternatives: list[CustomEventAlternative] = Field(default_factory=list)


class CreateCustomEventParams(Params):
    """A new custom event: its name, and the names of the events that count as it."""

    name: str = Field(min_length=1)
    alternatives: list[str] = Field(min_length=1)

    @field_validator("alternatives")
    @classmethod
    def _are_names(cls, names: list[str]) -> list[str]:
        if any(not name.strip() for name in names):
            raise ValueError("an event's name is empty")
        if len(set(names)) < len(names):
            raise ValueError("an event is named twice")
        return names

    def wire(self) -> dict[str, Any]:
        return {"name": self.name, "alternatives": [{"event": name} for name in self.alternatives]}
