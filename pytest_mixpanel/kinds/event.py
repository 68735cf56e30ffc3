"""An event as a check names it: ``Purchase``, or ``{event: Purchase, where: {order_total: "> 0"}}``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.dsl.filters import Where
from pytest_mixpanel.dsl.shapes import Field, Record, Text
from pytest_mixpanel.query.inputs.filters import Filter

if TYPE_CHECKING:
    from pytest_mixpanel.dsl.spec import CheckSpec


@frozen
class Event:
    """An event and the conditions under which it counts."""

    event: str
    where: tuple[Filter, ...] = ()

    def __str__(self) -> str:
        return self.event


EVENT = Record(
    Event,
    {
        "event": Field(Text("the name of an event"), "the event's name", required=True),
        "where": Field(Where(), "which of them count"),
    },
    "an event",
    short="event",
)


def named_properties(
    spec: CheckSpec, events: Iterable[Event], by: str | None = None
) -> Mapping[str, tuple[str, ...]]:
    """The properties that a check names, in filters and as a breakdown, with the events they are asked of."""
    listed = tuple(events)
    everywhere = tuple(event.event for event in listed)
    found: dict[str, tuple[str, ...]] = dict.fromkeys(_filtered(spec.where), everywhere)
    if by is not None:
        found[by] = everywhere
    for event in listed:
        for name in _filtered(event.where):
            found[name] = (*found.get(name, ()), event.event)
    return found


def _filtered(filters: Iterable[Filter]) -> Iterable[str]:
    return (str(condition.to_json()["value"]) for condition in filters)
