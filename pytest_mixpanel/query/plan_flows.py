"""What a flow asks: anchors, how far to look around them, and how its paths are counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pytest_mixpanel.query.plan import Filter, Range, Selection


@dataclass(frozen=True, slots=True)
class Anchor:
    """A step every path goes through, with the columns shown after and before it."""

    selection: Selection
    forward: int
    reverse: int


@dataclass(frozen=True, slots=True)
class FlowPlan:
    """``window_ms`` bounds what is shown around an anchor; ``None`` bounds it by the anchor's session.

    ``cardinality``: events kept per column. ``where`` chooses which records may be anchors (semantics W-12).
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
