"""Flows: what users did before and after an anchor, as a graph, as top paths or as a tree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.engine.calendar import Buckets, local_moment
from pytest_mixpanel.engine.flow_shapes import Paths, graph, top_paths, trees
from pytest_mixpanel.engine.kernels.paths import trace_paths
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
    rows = Buckets.of(plan.range, local_moment(now, store.time_zone).date(), store.time_zone)
    stream = stream_of(plan, store, rows, now)
    layout = _layout(plan)
    record = _traced(plan, stream, layout)
    paths = _paths(stream, record, layout)
    answer: dict[str, Any] = {
        "computed_at": now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "metadata": {"min_sampling_factor": 1.0},
        "breakdowns": [],
        "overallConversionRate": _conversion(record, layout),
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


def _paths(stream: Stream, record: NDArray[np.int64], layout: _Layout) -> Paths:
    cells = np.where(record >= 0, stream.code[np.maximum(record, 0)] if len(stream.code) else record, record)
    distinct, counts = np.unique(cells, axis=0, return_counts=True)
    return Paths(stream.names, layout.kinds, distinct, counts)


def _conversion(record: NDArray[np.int64], layout: _Layout) -> float:
    """The share of entries that reach the last anchor (semantics W-19)."""
    return float((record[:, layout.anchors[-1]] >= 0).mean()) if len(record) else 0.0
