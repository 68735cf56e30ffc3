"""An event as a check names it: ``Purchase``, or ``{event: Purchase, where: {order_total: "> 0"}}``."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_mixpanel.dsl.filters import Where
from pytest_mixpanel.dsl.shapes import Field, Record, Text
from pytest_mixpanel.query.inputs.filters import Filter


@dataclass(frozen=True, slots=True)
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
