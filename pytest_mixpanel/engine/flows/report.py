"""Flows: what users did before and after an anchor, as a graph, as top paths or as a tree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.calendar import Buckets, local_moment
from pytest_mixpanel.engine.flows.moves import Moves, all_moves, moves_of
from pytest_mixpanel.engine.flows.paths import NOT_SEEN, Paths, all_paths, distinct_paths
from pytest_mixpanel.engine.flows.shapes import graph, split, top_paths
from pytest_mixpanel.engine.flows.streams import Stream, stream_of
from pytest_mixpanel.engine.flows.trees import trees
from pytest_mixpanel.engine.kernels.paths import trace_paths
from pytest_mixpanel.engine.kernels.places import find_places
from pytest_mixpanel.engine.segments.breakdowns import combined_segments
from pytest_mixpanel.engine.selection.seen import seen_by
from pytest_mixpanel.engine.store.parts import over_parts
from pytest_mixpanel.engine.store.scratch import scratch
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan.flows import FlowPlan

ENTERING = {"unique": 0, "total": 1, "session": 2}


@frozen
class _Layout:
    """Columns from left to right: reverse steps, the anchor, forward steps, of each anchor in turn."""

    anchors: tuple[int, ...]
    kinds: tuple[str, ...]


@frozen
class _Entries:
    """How many there are, how many of them reach the last anchor, and what they show."""

    count: int
    reached: int
    shown: Paths | Moves


@frozen
class _Found:
    """All entries, and those of each segment."""

    whole: _Entries
    segments: dict[str, _Entries]


def answer_flow(plan: FlowPlan, store: Store, now: datetime) -> dict[str, Any]:
    """The answer to a flow, in the shape of Mixpanel's; counts are texts there."""
    rows = Buckets.of(plan.range, local_moment(now, store.time_zone).date(), store)
    layout = _layout(plan)
    parts = over_parts(store, lambda part: _found(plan, part.store, rows, layout, now))
    entries = _together([part.whole for part in parts])
    segments = _by_segment(parts)
    answer: dict[str, Any] = {
        "computed_at": now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "metadata": {"min_sampling_factor": 1.0},
        "breakdowns": split({name: each.count for name, each in segments.items()}),
        # The share of entries that reach the last anchor (semantics W-19).
        "overallConversionRate": entries.reached / entries.count if entries.count else 0.0,
    }
    return answer | _shaped(
        plan, layout, entries.shown, {name: each.shown for name, each in segments.items()}
    )


def _shaped(plan: FlowPlan, layout: _Layout, shown: Any, segments: Mapping[str, Any]) -> dict[str, Any]:
    """``Moves`` as a graph, ``Paths`` as a list or a tree."""
    if plan.shape == "list":
        return {"flows": top_paths(shown, segments)}
    if plan.shape == "tree":
        return {"trees": trees(shown, layout.anchors[0], plan.cardinality, segments)}
    made = (anchor.selection for anchor in plan.anchors if anchor.selection.others)
    custom = frozenset(one.name for one in (*made, *plan.merged))
    return {"steps": graph(shown, plan.cardinality, custom, segments)}


def _together(parts: Sequence[_Entries]) -> _Entries:
    """The entries of all parts."""
    count, reached = (sum(getattr(part, name) for part in parts) for name in ("count", "reached"))
    shown: list[Any] = [part.shown for part in parts]
    return _Entries(count, reached, (all_moves if isinstance(shown[0], Moves) else all_paths)(shown))


def _by_segment(parts: Sequence[_Found]) -> dict[str, _Entries]:
    """Segments with entries, the largest first."""
    names = dict.fromkeys(name for part in parts for name in part.segments)
    found = {
        name: _together([part.segments[name] for part in parts if name in part.segments]) for name in names
    }
    return {name: found[name] for name in sorted(found, key=lambda name: (-found[name].count, name))}


def _layout(plan: FlowPlan) -> _Layout:
    kinds: list[str] = []
    anchors: list[int] = []
    for anchor in plan.anchors:
        kinds += ["REVERSE"] * anchor.reverse
        anchors.append(len(kinds))
        kinds += ["ANCHOR"] + ["FORWARD"] * anchor.forward
    return _Layout(tuple(anchors), tuple(kinds))


def _traced(plan: FlowPlan, stream: Stream, layout: _Layout) -> NDArray[np.int64]:
    """By column and entry a record of the stream, −1 for nothing, −2 after the drop-off.

    In working space, until more are asked for.
    """
    entering = (stream.matches & np.uint64(1)).astype(np.uint8)
    entries = scratch("places", len(stream))
    entries = entries[: find_places(np.ascontiguousarray(stream.kind), entering, entries)]
    record = scratch("paths", (len(layout.kinds), len(entries) + 1))
    excluded = np.array([name in plan.exclusions for name in stream.names], np.uint8)
    found = trace_paths(
        stream.offsets,
        stream.time,
        stream.kind,
        stream.matches,
        stream.session,
        entries,
        excluded[stream.code] if excluded.any() else excluded[:0],
        np.array([anchor.forward for anchor in plan.anchors], np.int32),
        np.array([anchor.reverse for anchor in plan.anchors], np.int32),
        np.array(layout.anchors, np.int32),
        plan.window_ms or 0,
        plan.sessions if plan.window_ms is None else 0,
        ENTERING[plan.counting],
        record,
    )
    return record[:, :found]


def _found(plan: FlowPlan, store: Store, rows: Buckets, layout: _Layout, now: datetime) -> _Found:
    """The paths in a part of the store."""
    store = seen_by(store, plan, now)
    stream = stream_of(plan, store, rows, now)
    record = _traced(plan, stream, layout)
    entries = _entries(plan, stream, layout, record)
    if not plan.segments:
        return _Found(entries, {})
    anchor = stream.at[record[layout.anchors[0]]]
    segments = combined_segments(store, plan.segments, now)
    codes = segments.codes[anchor]
    groups = segments.by_name(np.unique(codes).tolist())
    return _Found(
        entries,
        {
            name: _entries(plan, stream, layout, record[:, np.isin(codes, group)])
            for name, group in groups.items()
        },
    )


def _entries(plan: FlowPlan, stream: Stream, layout: _Layout, record: NDArray[np.int64]) -> _Entries:
    """What some entries show; trees also want to know when each record was."""
    cells = [_codes(plan, stream, layout, number, column) for number, column in enumerate(record)]
    count, reached = record.shape[1], int(np.count_nonzero(record[layout.anchors[-1]] >= 0))
    if plan.shape not in ("list", "tree"):
        return _Entries(count, reached, moves_of(stream.names, layout.kinds, cells))
    times = None
    if plan.shape == "tree":
        times = np.stack([_taken(stream.time, column, NOT_SEEN) for column in record], axis=1)
    paths = Paths(stream.names, layout.kinds, np.stack(cells, axis=1), np.ones(count, np.int64), times)
    return _Entries(count, reached, distinct_paths(paths))


def _codes(
    plan: FlowPlan, stream: Stream, layout: _Layout, number: int, record: NDArray[np.int64]
) -> NDArray[np.int64]:
    """What every entry shows in a column: the code of an event, or a mark."""
    if number not in layout.anchors:
        return _taken(stream.shown, record, record)
    selection = plan.anchors[layout.anchors.index(number)].selection
    if not selection.others:
        return _taken(stream.code, record, record)
    return np.where(record >= 0, stream.names.index(selection.name), record)


def _taken(values: NDArray[Any], record: NDArray[np.int64], marks: Any) -> NDArray[np.int64]:
    """The values of some records, and the marks of where there is none."""
    return np.where(record >= 0, np.take(values, record, mode="clip"), marks)
