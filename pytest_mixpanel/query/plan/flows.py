"""What a flow query asks."""

from __future__ import annotations

from typing import Literal

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.query.plan.segments import Breakdown, Grouping
from pytest_mixpanel.query.plan.selecting import Filter, Selection
from pytest_mixpanel.query.plan.times import Range


@frozen
class Anchor:
    """A step every path goes through, with the columns shown after and before it."""

    selection: Selection
    forward: int
    reverse: int


@frozen
class FlowPlan:
    """``window_ms`` bounds what is shown around an anchor; ``None`` bounds it by the anchor's session.

    Or by so many ``sessions``, the anchor's and those after it. ``cardinality``: events kept per column.
    ``where`` chooses which records may be anchors (semantics W-12). ``held``: properties that keep the first
    anchor's value along a path (W-10). ``segments`` part the counts by the first anchor (W-22). ``merged``:
    custom events that are shown instead of the events they are made of (W-9).
    """

    anchors: tuple[Anchor, ...]
    range: Range
    shape: Literal["graph", "list", "tree"] = "graph"
    counting: Literal["unique", "total", "session"] = "unique"
    cardinality: int = 3
    window_ms: int | None = None
    collapse: bool = False
    hidden: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    where: tuple[Filter, ...] = ()
    sessions: int = 1
    held: tuple[Breakdown, ...] = ()
    segments: tuple[Grouping, ...] = ()
    merged: tuple[Selection, ...] = ()
