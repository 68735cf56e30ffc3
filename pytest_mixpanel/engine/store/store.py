"""A project's events in columns, sorted by user and time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.kernels.owners import count_before
from pytest_mixpanel.engine.settings import DEFAULTS, Settings
from pytest_mixpanel.engine.store.columns import Column

T = TypeVar("T")

INSERT_ID = "$insert_id"
BARE_PROFILE = "$bare_profile"
"""Of profiles: true of those that hold nothing, which are profiles all the same."""


@frozen
class Store:
    """Everything a query can be asked of.

    The events of user u are ``offsets[u]`` to ``offsets[u+1]``, by time, ties in the order they came in.
    Events without a user (an empty distinct_id) follow after the last offset: they count in totals and
    belong to nobody. ``columns`` holds one entry per event, ``profiles`` one per user; a user may have a
    profile and no events. ``time`` is in milliseconds UTC. ``groups``: the id of a kind of group → the
    profiles of its groups. ``decided`` keeps what one query decided of the distinct values of a column, for
    all parts of the store.
    """

    event_names: tuple[str, ...]
    users: Sequence[str]
    offsets: NDArray[np.int64]
    time: NDArray[np.int64]
    event: NDArray[np.unsignedinteger[Any]]
    columns: Mapping[str, Column]
    profiles: Mapping[str, Column] = field(default_factory=dict)
    lexicon: Sequence[Mapping[str, Any]] = ()
    time_zone: str = "UTC"
    fingerprint: str = ""
    settings: Settings = DEFAULTS
    groups: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    decided: dict[Any, Any] | None = field(default=None, compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.event)

    @property
    def n_users(self) -> int:
        """Users with a name, whether they did anything or not."""
        return len(self.offsets) - 1

    def once(self, key: Any, values: Any, decide: Callable[[], T]) -> T:
        """What ``decide`` says of some values, asked once for each key and query."""
        if self.decided is None:
            return decide()
        kept = self.decided.get((key, id(values)))
        if kept is None:  # the values are kept beside, so that no others can take their id
            kept = self.decided[key, id(values)] = (decide(), values)
        found: T = kept[0]
        return found

    def extent(self) -> tuple[int, int]:
        """The earliest and the latest time of all users' events; 0 and 0 where there are none."""
        starts, ends = self.offsets[:-1], self.offsets[1:]
        some = starts < ends
        if not some.all():
            starts, ends = starts[some], ends[some]
        if not len(starts):
            return 0, 0
        earliest, latest = np.take(self.time, starts).min(), np.take(self.time, ends - 1).max()
        return int(earliest), int(latest)

    def event_code(self, name: str) -> int | None:
        """The code of an event's name, merged or not; ``None`` where the project has no such event."""
        name = self.settings.merged_events.get(name, name)
        return self.event_names.index(name) if name in self.event_names else None

    def owners(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """The user's index of the events at some places, which ascend; −1 for nobody's."""
        before = np.empty(len(self.offsets), np.int64)
        count_before(np.ascontiguousarray(at), self.offsets, before)
        owned = np.repeat(np.arange(self.n_users), np.diff(before))
        return owned if len(owned) == len(at) else np.append(owned, np.full(len(at) - len(owned), -1))

    def user_of_event(self) -> NDArray[np.int64]:
        """The user's index of every event, −1 for nobody's."""
        owner = np.full(len(self), -1, np.int64)
        counts = np.diff(self.offsets)
        owner[: self.offsets[-1]] = np.repeat(np.arange(self.n_users), counts)
        return owner
