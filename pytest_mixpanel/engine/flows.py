"""Flows: what users did before and after an anchor, as a graph, as top paths or as a tree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.calendar import Buckets, local_moment
from pytest_mixpanel.engine.flow_shapes import Paths, graph, top_paths, trees
from pytest_mixpanel.engine.kernels.paths import trace_paths
from pytest_mixpanel.engine.seen import seen_by
from pytest_mixpanel.engine.store.parts import over_parts
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.engine.streams import Stream, stream_of
from pytest_mixpanel.query.plan_flows import FlowPlan

ENTERING = {"unique": 0, "total": 1, "session": 2}


@dataclass(frozen=True, slots=True)
class _Layout:
    """Columns from left to right: reverse steps, the anchor, forward steps, of each anchor in turn."""

    anchors: tuple[int, ...]
    kinds: tuple[str, ...]


def answer_flow(plan: FlowPlan, store: Store, now: datetime) -> dict[str, Any]:
    """The answer to a flow, in the shape of Mixpanel's; counts are texts there."""
    rows = Buckets.of(plan.range, local_moment(now, store.time_zone).date(), store)
    layout = _layout(plan)
    paths = _together(over_parts(store, lambda part: _found(plan, part.store, rows, layout, now)))
    answer: dict[str, Any] = {
        "computed_at": now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "metadata": {"min_sampling_factor": 1.0},
        "breakdowns": [],
        "overallConversionRate": _conversion(paths, layout),
    }
    if plan.shape == "list":
        return answer | {"flows": top_paths(paths)}
    if plan.shape == "tree":
        return answer | {"trees": trees(paths, layout.anchors[0], plan.cardinality)}
    return answer | {"steps": graph(paths, plan.cardinality)}


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
    entries = int((stream.matches & np.uint64(1) != 0).sum())
    record = np.empty((entries + 1, len(layout.kinds)), np.int64)
    excluded = np.array([name in plan.exclusions for name in stream.names], np.uint8)
    found = trace_paths(
        stream.user,
        stream.time,
        stream.matches,
        stream.session,
        excluded[stream.code],
        np.array([anchor.forward for anchor in plan.anchors], np.int32),
        np.array([anchor.reverse for anchor in plan.anchors], np.int32),
        np.array(layout.anchors, np.int32),
        plan.window_ms or 0,
        plan.window_ms is None,
        ENTERING[plan.counting],
        record,
    )
    return record[:found]


def _found(plan: FlowPlan, store: Store, rows: Buckets, layout: _Layout, now: datetime) -> Paths:
    """The paths in a part of the store."""
    stream = stream_of(plan, seen_by(store, plan, now), rows, now)
    record = _traced(plan, stream, layout)
    cells = np.where(record >= 0, stream.code[np.maximum(record, 0)] if len(stream.code) else record, record)
    return Paths(stream.names, layout.kinds, *distinct_rows(cells, np.ones(len(cells), np.int64)))


def _together(parts: Sequence[Paths]) -> Paths:
    cells = np.concatenate([part.cells for part in parts])
    counts = np.concatenate([part.counts for part in parts])
    return Paths(parts[0].names, parts[0].kinds, *distinct_rows(cells, counts))


def distinct_rows(
    cells: NDArray[np.int64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every distinct row once, in order, with the sum of its counts. Cells are −2 or more."""
    width = cells.shape[1]
    base = int(cells.max(initial=0)) + 3
    if base**width >= 2**62:
        distinct, place = np.unique(cells, axis=0, return_inverse=True)
        return distinct, np.bincount(place.ravel(), counts, len(distinct)).astype(np.int64)
    powers = base ** np.arange(width - 1, -1, -1, dtype=np.int64)
    keys, place = np.unique((cells + 2) @ powers, return_inverse=True)
    sums = np.bincount(place, counts, len(keys)).astype(np.int64)
    return keys[:, None] // powers % base - 2, sums


def _conversion(paths: Paths, layout: _Layout) -> float:
    """The share of entries that reach the last anchor (semantics W-19)."""
    entries = int(paths.counts.sum())
    reached = int(paths.counts[paths.cells[:, layout.anchors[-1]] >= 0].sum())
    return reached / entries if entries else 0.0
