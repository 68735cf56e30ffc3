"""The tracking plan: which events a project sends, with which properties of which types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Literal, get_args

from pytest_mixpanel.core.frozen import frozen

PropertyType = Literal["string", "number", "boolean", "datetime", "list", "object"]
PROPERTY_TYPES: tuple[str, ...] = get_args(PropertyType)

AUTOMATIC = ("$*", "mp_*", "distinct_id", "time", "token")
"""What the vendor's libraries and ingestion add by themselves, as patterns."""


@frozen
class PlannedProperty:
    """A property of the plan; ``type`` is ``None`` where the plan does not say.

    ``present`` is the least share of the events that must carry it, ``None`` where none must.
    """

    name: str
    type: PropertyType | None = None
    present: float | None = None
    description: str | None = None


@frozen
class PlannedEvent:
    """An event of the plan. An ``optional`` one may go unseen; a ``dropped`` one does not arrive."""

    name: str
    properties: Mapping[str, PlannedProperty] = field(default_factory=lambda: MappingProxyType({}))
    description: str | None = None
    owner: str | None = None
    optional: bool = False
    dropped: bool = False


@frozen
class Plan:
    """A tracking plan. ``common`` properties may come with any event; ``ignore`` holds patterns of names."""

    events: Mapping[str, PlannedEvent]
    common: Mapping[str, PlannedProperty] = field(default_factory=lambda: MappingProxyType({}))
    ignored_events: tuple[str, ...] = ("$*",)
    ignored_properties: tuple[str, ...] = AUTOMATIC

    def ignores_event(self, name: str) -> bool:
        return name not in self.events and _matches(name, self.ignored_events)

    def ignores_property(self, event: str, name: str) -> bool:
        return self.property(event, name) is None and _matches(name, self.ignored_properties)

    def property(self, event: str, name: str) -> PlannedProperty | None:
        """The property as planned for ``event``, or for all events."""
        planned = self.events.get(event)
        own = planned.properties.get(name) if planned else None
        return own or self.common.get(name)

    def limited_to(self, patterns: tuple[str, ...]) -> Plan:
        """The plan of the events whose names match one of ``patterns``."""
        return replace(self, events={n: event for n, event in self.events.items() if _matches(n, patterns)})


def merged(first: Plan, second: Plan) -> Plan:
    """What either plans; where both speak of an event, the properties of ``first`` win."""
    events = dict(second.events)
    for name, event in first.events.items():
        other = events.get(name)
        known = {**other.properties, **event.properties} if other else event.properties
        events[name] = replace(event, properties=known)
    return replace(first, events=events, common={**second.common, **first.common})


def _matches(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
