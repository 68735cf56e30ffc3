"""Flows: what users did before and after an anchor, as a graph, as top paths or as a tree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.calendar import Buckets, local_moment
from pytest_mixpanel.engine.flows.paths import NOT_SEEN, Paths, distinct_paths, together
from pytest_mixpanel.engine.flows.shapes import graph, split, top_paths
from pytest_mixpanel.engine.flows.streams import Stream, stream_of
from pytest_mixpanel.engine.flows.trees import trees
from pytest_mixpanel.engine.kernels.paths import trace_paths
from pytest_mixpanel.engine.segments.breakdowns import combined_segments
from pytest_mixpanel.engine.selection.seen import seen_by
from pytest_mixpanel.engine.store.parts import over_parts
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.query.plan.flows import FlowPlan

ENTERING = {"unique": 0, "total": 1, "session": 2}


@frozen
class _Layout:
    """Columns from left to right: reverse steps, the anchor, forward steps, of each anchor in turn."""

    anchors: tuple[int, ...]
    kinds: tuple[str, ...]


@frozen
class _Found:
    """The paths of all entries, and those of each segment."""

    whole: Paths
    segments: dict[str, Paths]


def answer_flow(plan: FlowPlan, store: Store, now: datetime) -> dict[str, Any]:
    """The answer to a flow, in the shape of Mixpanel's; counts are texts there."""
    rows = Buckets.of(plan.range, local_moment(now, store.time_zone).date(), store)
    layout = _layout(plan)
    parts = over_parts(store, lambda part: _found(plan, part.store, rows, layout, now))
    paths = together([part.whole for part in parts])
    segments = _by_segment(parts)
    answer: dict[str, Any] = {
        "computed_at": now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "metadata": {"min_sampling_factor": 1.0},
        "breakdowns": split({name: int(each.counts.sum()) for name, each in segments.items()}),
        "overallConversionRate": _conversion(paths, layout),
    }
    if plan.shape == "list":
        return answer | {"flows": top_paths(paths, segments)}
    if plan.shape == "tree":
        return answer | {"trees": trees(paths, layout.anchors[0], plan.cardinality, segments)}
    return answer | {"steps": graph(paths, plan.cardinality, segments)}


def _by_segment(parts: Sequence[_Found]) -> dict[str, Paths]:
    """Segments with entries, the largest first."""
    names = dict.fromkeys(name for part in parts for name in part.segments)
    found = {
        name: together([part.segments[name] for part in parts if name in part.segments]) for name in names
    }
    ranked = sorted(found, key=lambda name: (-int(found[name].counts.sum()), name))
    return {name: found[name] for name in ranked}


def _layout(plan: FlowPlan) -> _Layout:
    kinds: list[str] = []
    anchors: list[int] = []
    for anchor in plan.anchors:
        kinds += ["REVERSE"] * anchor.reverse
        anchors.append(len(kinds))
        kinds += ["ANCHOR"] + ["FORWARD"] * anchor.forward
    return _Layout(tuple(anchors), tuple(kinds))


def _traced(plan: FlowPlan, stream: Stream, layout: _Layout) -> NDArray[np.int64]:
    """A row per entry, a cell per column: a record of the stream, −1 for nothing, −2 after the drop-off."""
    entries = int(np.count_nonzero((stream.matches & np.uint64(1) != 0)[stream.kind]))
    record = np.empty((entries + 1, len(layout.kinds)), np.int64)
    excluded = np.array([name in plan.exclusions for name in stream.names], np.uint8)
    found = trace_paths(
        stream.offsets,
        stream.time,
        stream.kind,
        stream.matches,
        stream.session,
        excluded[stream.code] if excluded.any() else excluded[:0],
        np.array([anchor.forward for anchor in plan.anchors], np.int32),
        np.array([anchor.reverse for anchor in plan.anchors], np.int32),
        np.array(layout.anchors, np.int32),
        plan.window_ms or 0,
        plan.sessions if plan.window_ms is None else 0,
        ENTERING[plan.counting],
        record,
    )
    return record[:found]


def _found(plan: FlowPlan, store: Store, rows: Buckets, layout: _Layout, now: datetime) -> _Found:
    """The paths in a part of the store."""
    store = seen_by(store, plan, now)
    stream = stream_of(plan, store, rows, now)
    record = _traced(plan, stream, layout)
    entries = _paths(plan, stream, layout, record)
    if not plan.segments:
        return _Found(entries, {})
    segments = combined_segments(store, plan.segments, now)
    anchor = stream.at[record[:, layout.anchors[0]]] if len(record) else np.empty(0, np.int64)
    codes = segments.codes[anchor]
    groups = segments.by_name(np.unique(codes).tolist())
    return _Found(
        entries,
        {name: _paths(plan, stream, layout, record[np.isin(codes, group)]) for name, group in groups.items()},
    )


def _paths(plan: FlowPlan, stream: Stream, layout: _Layout, record: NDArray[np.int64]) -> Paths:
    """Distinct paths of some entries; trees also want to know when each record was."""
    at = np.maximum(record, 0)
    cells = np.where(record >= 0, stream.shown[at] if len(stream.shown) else record, record)
    for anchor, column in zip(plan.anchors, layout.anchors, strict=True):
        own = stream.code[at[:, column]] if len(stream.code) else record[:, column]
        if anchor.selection.others:
            own = np.full(len(record), stream.names.index(anchor.selection.name))
        cells[:, column] = np.where(record[:, column] >= 0, own, record[:, column])
    times = None
    if plan.shape == "tree":
        times = np.where(record >= 0, stream.time[at] if len(stream.time) else record, NOT_SEEN)
    made = [anchor.selection for anchor in plan.anchors if anchor.selection.others]
    custom = frozenset(one.name for one in (*made, *plan.merged))
    once = np.ones(len(cells), np.int64)
    return distinct_paths(Paths(stream.names, layout.kinds, cells, once, times, custom))


def _conversion(paths: Paths, layout: _Layout) -> float:
    """The share of entries that reach the last anchor (semantics W-19)."""
    entries = int(paths.counts.sum())
    reached = int(paths.counts[paths.cells[:, layout.anchors[-1]] >= 0].sum())
    return reached / entries if entries else 0.0
