"""Who did it: identifiers → canonical users, over the whole history (semantics E-27 to E-32)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.importing.clusters import DEVICE, canonical_ids
from pytest_mixpanel.engine.settings import Identity
from pytest_mixpanel.engine.store.assemble import counted, looked_up
from pytest_mixpanel.engine.store.columns import UNDEFINED, CodedColumn, Column, NumberColumn
from pytest_mixpanel.engine.visibility import IDENTITY_EVENTS

AT_ONCE = 1 << 20
"""Events that are looked at together."""

Codes = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True)
class Owners:
    """A code for every event, and the users they stand for; ``""`` is nobody.

    ``canonical``: identifiers that were joined → the one they are known by.
    """

    codes: Codes
    names: list[str]
    canonical: Mapping[str, str] = field(default_factory=dict)

    def profiles(self, given: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
        """Profiles under canonical identifiers; of several joined ones the canonical one's values count."""
        if not self.canonical:
            return given
        joined: dict[str, dict[str, Any]] = {}
        named = [(self.canonical.get(each["$distinct_id"], each["$distinct_id"]), each) for each in given]
        for name, profile in sorted(named, key=lambda pair: pair[0] != pair[1]["$distinct_id"]):
            joined[name] = {**profile, **joined.get(name, {}), "$distinct_id": name}
        return list(joined.values())


@dataclass(frozen=True, slots=True)
class Atoms:
    """What always belongs to one user: a code for every event, and names.

    ``moves``: which of them links may give to a user of another name.
    """

    codes: Codes
    names: list[str]
    moves: NDArray[np.bool_]

    @property
    def moving(self) -> list[str]:
        """Names that links may give to a user of another name."""
        return [name for name, moves in zip(self.names, self.moves.tolist(), strict=True) if moves]

    @property
    def borne(self) -> NDArray[np.bool_]:
        """Which of the names an event bears."""
        return counted(self.codes, len(self.names)) > 0

    def owners(self, known: Mapping[str, str]) -> Owners:
        """The users, where ``known`` says whose a name is."""
        table, names = self.users(known)
        return Owners(looked_up(table, self.codes), names)

    def users(self, known: Mapping[str, str]) -> tuple[NDArray[np.int32], list[str]]:
        """Which user each name is of, and who they are; names that nobody bears are left out."""
        place: dict[str, int] = {}
        told = zip(self.named(known), self.borne.tolist(), strict=True)
        table = [place.setdefault(name, len(place)) if borne else UNDEFINED for name, borne in told]
        return np.array(table, np.int32), list(place)

    def named(self, known: Mapping[str, str]) -> list[str]:
        """Whose each of the names is."""
        moved = zip(self.names, self.moves.tolist(), strict=True)
        return [known.get(name, name) if moves else name for name, moves in moved]


class Link(NamedTuple):
    """Two identifiers that an event joins; ``order`` is the number under which the event came in."""

    time: int
    order: int
    kind: str
    one: str
    other: str


class Links(NamedTuple):
    """Many links, by what they tell: they are as many as users are, and most of them are not looked at."""

    time: Sequence[int]
    order: Sequence[int]
    kind: Sequence[str]
    one: Sequence[str]
    other: Sequence[str]

    @classmethod
    def of(cls, links: Iterable[Link]) -> Links:
        columns = [*map(list, zip(*links, strict=True))]
        return cls(*columns) if columns else cls([], [], [], [], [])

    def about(self, names: Container[str]) -> Links:
        """Those one of whose identifiers is among these."""
        pairs = zip(self.one, self.other, strict=True)
        chosen = [one in names or other in names for one, other in pairs]
        told = zip(*self, strict=True)
        return Links.of(Link(*link) for link in compress(told, chosen))


def owners(
    identity: Identity,
    user: Codes,
    users: Sequence[str],
    event: Codes,
    event_names: Sequence[str],
    time: NDArray[np.int64],
    columns: Mapping[str, Column],
) -> Owners:
    """The canonical user of every event, in the order the events came in."""
    if identity == "legacy":
        return Owners(user, list(users))
    order = np.arange(len(user))
    joined = known_ids(
        identity, links(identity, user, users, event, event_names, time, columns, order), users
    )
    found = atoms(identity, user, users, columns).owners(joined)
    return replace(found, canonical=joined) if identity == "original" else found


def atoms(identity: Identity, user: Codes, users: Sequence[str], columns: Mapping[str, Column]) -> Atoms:
    """Under which name every event may be joined with others."""
    if identity != "simplified":
        return Atoms(user, list(users), np.full(len(users), identity == "original"))
    known, devices = _texts(columns.get("$user_id"), len(user)), _texts(columns.get("$device_id"), len(user))
    names = [*users, *known[1], *(f"{DEVICE}{device}" for device in devices[1])]
    owner = np.array(user, np.int32)
    first_user, first_device = len(users), len(users) + len(known[1])
    for first, codes in ((first_device, devices[0]), (first_user, known[0])):
        np.copyto(owner, codes + np.int32(first), where=codes >= 0)
    return Atoms(owner, names, np.arange(len(names)) >= first_device)


def links(
    identity: Identity,
    user: Codes,
    users: Sequence[str],
    event: Codes,
    event_names: Sequence[str],
    time: NDArray[np.int64],
    columns: Mapping[str, Column],
    order: NDArray[np.int64],
    starts: NDArray[np.int64] | None = None,
) -> list[Link]:
    """What events say about whose identifiers belong together.

    Of what says the same of a device only the first is told, of every file where ``starts`` says at which
    numbers these begin.
    """
    if identity == "simplified":
        return _devices(time, columns, order, starts)
    if identity == "original":
        return list(_joins(user, users, event, event_names, time, columns, order))
    return []


def known_ids(identity: Identity, found: Iterable[Link], seen: Sequence[str]) -> dict[str, str]:
    """Names of atoms → the user they belong to, where that is another; ``seen``: identifiers as they came."""
    by_time = sorted(found, key=lambda link: (link.time, link.order))
    if identity == "original":
        return canonical_ids(seen, ((link.kind, link.one, link.other) for link in by_time))
    known: dict[str, str] = {}
    for link in by_time:  # a device belongs to the user of the first event that carries both
        known.setdefault(link.one, link.other)
    return known


def _devices(
    time: NDArray[np.int64],
    columns: Mapping[str, Column],
    order: NDArray[np.int64],
    starts: NDArray[np.int64] | None,
) -> list[Link]:
    """The first event of every device that carries a user, too."""
    known, devices = _texts(columns.get("$user_id"), len(time)), _texts(columns.get("$device_id"), len(time))

    def first_of(rows: NDArray[np.int64]) -> NDArray[np.int64]:
        rows = rows[np.lexsort((order[rows], time[rows]))]
        key = devices[0][rows].astype(np.int64)
        if starts is not None:
            key += len(devices[1]) * np.searchsorted(starts, order[rows], side="right")
        return rows[np.sort(np.unique(key, return_index=True)[1])]

    found = [np.empty(0, np.int64)]
    for low in range(0, len(time), AT_ONCE):
        some = slice(low, low + AT_ONCE)
        found.append(first_of(low + np.flatnonzero((known[0][some] >= 0) & (devices[0][some] >= 0))))
    first = first_of(np.concatenate(found))
    return [
        Link(at, number, "$device_id", f"{DEVICE}{devices[1][device]}", known[1][whose])
        for at, number, device, whose in zip(
            time[first].tolist(),
            order[first].tolist(),
            devices[0][first].tolist(),
            known[0][first].tolist(),
            strict=True,
        )
    ]


def _texts(column: Column | None, rows: int) -> tuple[Codes, list[str]]:
    """Codes of the identifiers in a column, ``UNDEFINED`` where there is none."""
    if column is None:
        return np.full(rows, UNDEFINED, np.int32), []
    if isinstance(column, NumberColumn):
        numbers, inverse = np.unique(column.numbers, return_inverse=True)
        whole = [str(int(number)) if number == number else "" for number in numbers.tolist()]
        return np.where(np.isnan(column.numbers), UNDEFINED, inverse).astype(np.int32), whole
    usable = [value not in (None, "") for value in column.values]
    place = np.array([*np.where(usable, np.arange(len(usable)), UNDEFINED), UNDEFINED], np.int32)
    return place[column.codes], [str(value) for value in column.values]


def _joins(
    user: Codes,
    users: Sequence[str],
    event: Codes,
    event_names: Sequence[str],
    time: NDArray[np.int64],
    columns: Mapping[str, Column],
    order: NDArray[np.int64],
) -> Iterator[Link]:
    """What identity events ask for."""
    kinds = [name in IDENTITY_EVENTS for name in event_names]
    rows = np.flatnonzero(np.array(kinds, bool)[event]) if len(event) else np.empty(0, np.int64)
    said = [
        _told(columns.get(name), rows) for name in ("$anon_id", "$identified_id", "alias", "$distinct_ids")
    ]
    names = [event_names[code] for code in event[rows].tolist()]
    whose = [users[code] for code in user[rows].tolist()]
    places = zip(time[rows].tolist(), order[rows].tolist(), strict=True)
    for (at, number), kind, who, anonymous, identified, alias, several in zip(
        places, names, whose, *said, strict=True
    ):
        if kind == "$identify":
            pair: Any = (anonymous, identified or who)
        elif kind == "$create_alias":
            pair = (alias, who)
        else:
            pair = several
        if isinstance(pair, list | tuple) and len(pair) == 2 and all(isinstance(i, str) and i for i in pair):
            yield Link(at, number, kind, pair[0], pair[1])


def _told(column: Column | None, rows: NDArray[np.int64]) -> list[Any]:
    """The value of a column in each of some rows, ``None`` where there is none."""
    if not isinstance(column, CodedColumn):
        return [None] * len(rows)
    codes = column.codes[rows]
    distinct, which = np.unique(codes, return_inverse=True)
    values = [None if code == UNDEFINED else column.values[code] for code in distinct.tolist()]
    return [values[at] for at in which.tolist()]
