"""Several segments as one store: nothing is merged before it is asked for, and then by parts.

A segment is never rewritten when days are added, so the events of a user lie in several of them. A query
walks users, part by part (``parts.py``); a part knows which rows of each segment are its users', a kernel
says in which order they belong, and a column of the part is made of the segments' stretches of it when it
is first asked for. That is a pass over the part in the core's cache: cheap beside a query, though not
nothing beside the fastest kernels. So what was merged is kept for the next query, up to ``KEPT_BYTES``:
projects of some ten million events are merged once a process, larger ones are streamed, and nothing as
long as the store is made either way. The dictionaries of a column are united at its first use.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.kernels.merging import merge_runs
from pytest_mixpanel.engine.store.assemble import code_type
from pytest_mixpanel.engine.store.columns import Column, LazyColumns, rows_of_all, some_rows
from pytest_mixpanel.engine.store.scratch import scratch
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.engine.store.unify import Unified, entries_of, unified

KEPT_BYTES = 256 * 2**20
PART_EVENTS = 1 << 19
"""Events of a part where the whole of a column is asked for."""

Places = NDArray[np.int64]
NONE = np.empty(0, np.int64)


@dataclass(frozen=True)
class Source:
    """A segment in a store: ``place`` says which of the store's users each of its users is.

    A place of −1 is of a user whose events are all hidden. ``hidden``: rows, ascending, that do not count.
    ``order``: the number under which each row came in.
    """

    store: Store
    place: Places
    order: Callable[[], NDArray[Any]]
    hidden: Places = field(default_factory=lambda: NONE)

    @cached_property
    def by_place(self) -> Places | None:
        """The segment's users by their place; ``None`` where they are so already."""
        if np.all(self.place[1:] >= self.place[:-1]) and np.all(self.place[:1] >= 0):
            return None
        return np.argsort(self.place, kind="stable")

    @cached_property
    def places(self) -> Places:
        """The places, ascending."""
        return self.place if self.by_place is None else self.place[self.by_place]

    @cached_property
    def counts(self) -> Places:
        """Events of every user, at last nobody's, without the hidden ones."""
        offsets = np.asarray(self.store.offsets)
        counts = np.diff(np.append(offsets, len(self.store)))
        owner = np.searchsorted(offsets, self.hidden, side="right") - 1
        return counts - np.bincount(owner, minlength=len(counts))


@dataclass(frozen=True)
class Piece:
    """The rows of a source in a part, and the runs in them: owners within the part, first and end."""

    source: Source
    rows: slice | Places
    owner: Places
    start: Places
    end: Places

    @property
    def count(self) -> int:
        return self.rows.stop - self.rows.start if isinstance(self.rows, slice) else len(self.rows)

    def hidden(self) -> NDArray[np.bool_]:
        """Which of the rows do not count."""
        hidden = self.source.hidden
        if not isinstance(self.rows, slice):
            return np.isin(self.rows, hidden)
        mask = np.zeros(self.count, bool)
        low, high = np.searchsorted(hidden, [self.rows.start, self.rows.stop])
        mask[hidden[low:high] - self.rows.start] = True
        return mask


class Merge:
    """What all parts of a merged store share."""

    def __init__(self, sources: Sequence[Source], users: int) -> None:
        self.sources, self.users = sources, users
        names: dict[str, int] = {}
        tables = [[names.setdefault(name, len(names)) for name in each.store.event_names] for each in sources]
        self.event_names = tuple(names)
        self._events = [np.array(table, code_type(len(names))) for table in tables]
        self._unified: dict[str, Unified] = {}
        self._alone = threading.Lock()
        self._kept: dict[Any, Any] = {}
        self._room = KEPT_BYTES

    @cached_property
    def offsets(self) -> Places:
        """Of all users, and the number of all events at last, nobody's included."""
        counts = np.zeros(self.users + 1)
        for source in self.sources:
            known = source.place >= 0
            counts[: self.users] += np.bincount(
                source.place[known], source.counts[:-1][known], minlength=self.users
            )
            counts[-1] += source.counts[-1]
        return np.append(0, np.cumsum(counts)).astype(np.int64)

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for source in self.sources for name in source.store.columns))

    def unified(self, name: str) -> Unified:
        with self._alone:
            if name not in self._unified:
                self._unified[name] = unified([source.store.columns.get(name) for source in self.sources])
            return self._unified[name]

    def kept(self, key: Any, make: Callable[[], NDArray[Any]]) -> NDArray[Any]:
        """What was made before, while there is room for it."""
        found: NDArray[Any] | None = self._kept.get(key)
        if found is None:
            found = make()
            if found.nbytes <= self._room and self._kept.setdefault(key, found) is found:
                self._room -= found.nbytes
        return found

    def event(self, source: int, codes: NDArray[Any]) -> NDArray[Any]:
        table = self._events[source]
        return codes if codes.dtype == table.dtype and _counts_up(table) else table[codes]

    def pieces(self, low: int, high: int) -> Iterator[Piece]:
        """The rows of users ``low`` to ``high``; nobody's are the last part's."""
        base = 0
        for source in self.sources:
            a, b = np.searchsorted(source.places, [low, high]).tolist()
            offsets, nobody = np.asarray(source.store.offsets), high == self.users
            chosen = slice(a, b) if source.by_place is None else source.by_place[a:b]
            first, end = offsets[:-1][chosen], offsets[1:][chosen]
            owner, size = source.places[a:b] - low, end - first
            start, extra = np.cumsum(size) - size + base, len(source.store) - int(offsets[-1])
            count = int(size.sum())
            rows: slice | Places
            if source.by_place is None:
                rows = slice(int(offsets[a]), len(source.store) if nobody else int(offsets[b]))
            else:
                rows = np.repeat(first + base - start, size) + np.arange(count)
                if nobody:
                    rows = np.append(rows, np.arange(offsets[-1], len(source.store)))
            if nobody and extra:
                owner, size = np.append(owner, high - low), np.append(size, extra)
                start = np.append(start, base + count)
            some = size > 0
            piece = Piece(source, rows, owner[some], start[some], (start + size)[some])
            base += piece.count
            yield piece


def _counts_up(table: NDArray[Any]) -> bool:
    return bool(np.array_equal(table, np.arange(len(table))))


class MergedPart:
    """The events of some users, put together from all sources."""

    def __init__(self, merge: Merge, low: int, high: int) -> None:
        self.merge, self.low, self.high = merge, low, high
        self._pieces: list[Piece] | None = None
        self._order: Places | None = None

    @property
    def pieces(self) -> list[Piece]:
        if self._pieces is None:
            self._pieces = list(self.merge.pieces(self.low, self.high))
        return self._pieces

    def time(self) -> NDArray[np.int64]:
        return self._made("time", np.int64, lambda at, piece: piece.source.store.time[piece.rows])

    def event(self) -> NDArray[Any]:
        return self._made(
            "event",
            code_type(len(self.merge.event_names)),
            lambda at, piece: self.merge.event(at, piece.source.store.event[piece.rows]),
        )

    def column(self, name: str) -> Column:
        common = self.merge.unified(name)

        def entries(at: int, piece: Piece) -> NDArray[Any]:
            columns = piece.source.store.columns
            some = entries_of(some_rows(columns, name, piece.rows)) if name in columns else None
            return common.piece(at, some, piece.count)

        return common.column(self._made(("column", name), common.kind, entries))

    def _made(
        self, what: Any, kind: type[Any], entries: Callable[[int, Piece], NDArray[Any]]
    ) -> NDArray[Any]:
        def make() -> NDArray[Any]:
            parts = [entries(at, piece) for at, piece in enumerate(self.pieces)]
            count = sum(map(len, parts))
            order, whole = self.order, np.concatenate(parts, out=scratch("merged entries", count, kind))
            found: NDArray[Any] = whole[order]
            return found

        return self.merge.kept((self.low, self.high, what), make)

    @property
    def order(self) -> Places:
        """Where each event lies in the sources' rows, one source after the other."""
        if self._order is None:
            self._order = self._ordered()
        return self._order

    def _ordered(self) -> Places:
        pieces = self.pieces
        owner, start, end = (
            np.concatenate([getattr(piece, name) for piece in pieces]) for name in ("owner", "start", "end")
        )
        narrow = owner.astype(np.uint16) if self.high - self.low < 2**16 else owner  # sorted by its digits
        runs = np.argsort(narrow, kind="stable")
        count = sum(piece.count for piece in pieces)
        times = [piece.source.store.time[piece.rows] for piece in pieces]
        time = np.concatenate(times, out=scratch("merged times", count))
        tie, order = NONE, np.empty(count, np.int64)
        if any(np.any(piece.owner[1:] == piece.owner[:-1]) for piece in pieces):
            # Joined users have several runs in one segment, in which what came in first goes first.
            tie = np.concatenate(
                [
                    piece.source.order()[piece.rows].astype(np.int64) + (at << 40)
                    for at, piece in enumerate(pieces)
                ]
            )
        head = scratch("merged heads", len(runs))
        merge_runs(owner[runs], start[runs], end[runs], time, tie, head, order)
        if any(len(piece.source.hidden) for piece in pieces):
            hidden = np.concatenate([piece.hidden() for piece in pieces])
            order = order[~hidden[order]]
        return order


@dataclass(frozen=True, slots=True)
class Extent:
    """Some users of a merge: what their store hands to its columns, so that these do not keep it alive.

    ``offsets`` are theirs alone; ``own`` is the part they are, where they are one.
    """

    merge: Merge
    low: int
    high: int
    offsets: NDArray[np.int64]
    own: MergedPart | None = None

    def __len__(self) -> int:
        end = -1 if self.high == self.merge.users else self.high
        return int(self.merge.offsets[end] - self.merge.offsets[self.low])

    def bounds(self, events: int) -> list[int]:
        """Users at which parts of about so many events begin, and the number of users."""
        marks, users = np.arange(1, -(-len(self) // events)) * events, len(self.offsets) - 1
        cuts = np.searchsorted(self.offsets, marks).tolist()
        inner = {min(bound, users) for bound in cuts} - {0, users}
        return [0, *sorted(inner), users]

    def parts(self) -> list[MergedPart]:
        """Parts of these users, small enough for a core's cache."""
        if self.own is not None:
            return [self.own]
        bounds = pairwise(self.bounds(PART_EVENTS))
        return [MergedPart(self.merge, self.low + a, self.low + b) for a, b in bounds]

    def column(self, name: str) -> Column:
        pieces = [entries_of(part.column(name)) for part in self.parts()]
        return self.merge.unified(name).column(_joined(pieces))


class MergedStore(Store):
    """A store of several segments, or some of its users. What ``replace`` makes of it is a plain store.

    ``time`` and ``event`` are left unset until they are asked for.
    """

    __slots__ = ("those",)
    those: Extent

    def __new__(cls, *_: Any, **given: Any) -> Any:
        """``dataclasses.replace`` gives every field by name, and gets a plain store of them."""
        return Store(**given) if given else object.__new__(cls)

    def __init__(
        self, merge: Merge, whole: Store, low: int, high: int, own: MergedPart | None = None
    ) -> None:
        for each in fields(Store):
            if each.name not in ("time", "event"):
                object.__setattr__(self, each.name, getattr(whole, each.name))
        offsets = merge.offsets[low : high + 1] - merge.offsets[low]
        those = Extent(merge, low, high, offsets, own)
        object.__setattr__(self, "those", those)
        object.__setattr__(self, "event_names", merge.event_names)
        object.__setattr__(self, "offsets", offsets)
        object.__setattr__(self, "columns", LazyColumns(merge.columns, those.column))

    def __getattr__(self, name: str) -> Any:
        """What is not there yet."""
        if name not in ("time", "event"):
            raise AttributeError(name)
        made = _joined([getattr(part, name)() for part in self.those.parts()])
        object.__setattr__(self, name, made)
        return made

    def __len__(self) -> int:
        return len(self.those)

    def bounds(self, events: int) -> list[int]:
        """Users at which parts of about so many events begin, and the number of users."""
        return self.those.bounds(events)

    def part(self, low: int, high: int, decided: dict[Any, Any]) -> Store:
        """Some users as a store; ``decided`` is shared by the parts of one query."""
        merge, span = self.those.merge, (self.those.low + low, self.those.low + high)
        part = MergedStore(merge, self, *span, MergedPart(merge, *span))
        object.__setattr__(part, "users", self.users[low:high])
        object.__setattr__(part, "profiles", rows_of_all(self.profiles, slice(low, high)))
        object.__setattr__(part, "decided", decided)
        return part


def _joined(pieces: list[NDArray[Any]]) -> NDArray[Any]:
    return pieces[0] if len(pieces) == 1 else np.concatenate(pieces)
