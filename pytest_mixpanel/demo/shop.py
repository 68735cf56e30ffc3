"""The demo project as a value: events in columns, profiles, and the Lexicon."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.demo import incident
from pytest_mixpanel.demo.days import TIME_ZONE, rhythm
from pytest_mixpanel.demo.journeys import EVENTS, journeys
from pytest_mixpanel.demo.people import people
from pytest_mixpanel.demo.profiles import profiles
from pytest_mixpanel.demo.properties import columns
from pytest_mixpanel.demo.visits import visits
from pytest_mixpanel.demo.vocabulary import lexicon
from pytest_mixpanel.engine.store.columns import CodedColumn, Column, NumberColumn

Variant = Literal["shop", "incident"]
SEED = 5
"""A draw in which no segment of the healthy shop stands out by chance."""
VERSION = 2
"""Raised with every change of what is generated; part of the cache's key."""


@dataclass(frozen=True, slots=True)
class Shop:
    """A generated project.

    Events are sorted by user, then time: ``event`` (codes into ``event_names``), ``time`` (ms UTC),
    ``user`` (index into ``users``, the distinct ids), and ``columns`` by property name over all events.
    ``profiles`` has one entry per user, ``lexicon`` the entries of the schema registry.
    """

    event: NDArray[np.uint8]
    event_names: tuple[str, ...]
    time: NDArray[np.int64]
    user: NDArray[np.int64]
    users: tuple[str, ...]
    columns: Mapping[str, Column]
    profiles: Sequence[Mapping[str, Any]]
    lexicon: Sequence[Mapping[str, Any]]
    time_zone: str = TIME_ZONE

    def __len__(self) -> int:
        return len(self.event)


def generate(variant: Variant = "shop", seed: int = SEED) -> Shop:
    """The shop, or the shop with the incident: about a million events of 20,000 users, in about a second.

    Deterministic in ``seed``; both variants share every draw. ``incident`` says what is planted.
    """
    streams = iter(np.random.default_rng(child) for child in np.random.SeedSequence(seed).spawn(5))
    days = rhythm(next(streams))
    everyone = people(next(streams))
    came = visits(everyone, days, next(streams))
    events = journeys(everyone, came, days, next(streams))
    properties = columns(everyone, events, next(streams))
    struck = variant == "incident"
    if struck:
        properties = incident.without_lost_property(properties, events)
    kept = ~incident.failed_purchases(events) if struck else ~everyone.campaign[events.user]
    events, properties = events.only(kept), {name: _only(c, kept) for name, c in properties.items()}
    codes, names = incident.renamed(events, EVENTS) if struck else (events.event, EVENTS)
    members = everyone if struck else everyone.only(~everyone.campaign)
    return Shop(
        event=codes,
        event_names=names,
        time=events.time,
        user=events.user,
        users=members.ids,
        columns=properties,
        profiles=profiles(members, events, properties["revenue"], seed),
        lexicon=lexicon(),
    )


def export_lines(shop: Shop) -> Iterator[str]:
    """The events as the raw export API gives them, one JSON object a line, by user and time."""
    names = list(shop.columns)
    values = [_values(column) for column in shop.columns.values()]
    for row in range(len(shop)):
        properties: dict[str, Any] = {
            "time": int(shop.time[row]) // 1000,
            "distinct_id": shop.users[shop.user[row]],
            "$insert_id": f"demo-{row:07d}",
        }
        for name, column in zip(names, values, strict=True):
            value = column[row]
            if value is not None:
                properties[name] = value
        yield json.dumps({"event": shop.event_names[shop.event[row]], "properties": properties})


def _values(column: Column) -> list[Any]:
    """A column as JSON values, ``None`` where absent (the shop has no JSON nulls)."""
    if isinstance(column, NumberColumn):
        return [None if value != value else value for value in column.numbers.tolist()]
    return [None if code < 0 else column.values[code] for code in column.codes.tolist()]


def _only(column: Column, kept: NDArray[np.bool_]) -> Column:
    if isinstance(column, NumberColumn):
        return NumberColumn(column.numbers[kept])
    return CodedColumn(column.codes[kept], column.values)
