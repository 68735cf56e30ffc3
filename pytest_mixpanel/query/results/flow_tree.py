"""What users did next as a tree: nodes with counts, walked, found and drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class FlowTreeNode:
    """An event after those above it, with how many took this way.

    ``drop_off_count`` of them went no further, ``converted_count`` went on to the last anchor.
    """

    event: str
    type: str
    step_number: int
    total_count: int
    drop_off_count: int = 0
    converted_count: int = 0
    anchor_type: str = "NORMAL"
    is_computed: bool = False
    children: tuple[FlowTreeNode, ...] = ()
    time_percentiles_from_start: Mapping[str, Any] = field(default_factory=dict)
    time_percentiles_from_prev: Mapping[str, Any] = field(default_factory=dict)

    @property
    def depth(self) -> int:
        """Edges of the longest way down; 0 for a leaf."""
        return 1 + max(child.depth for child in self.children) if self.children else 0

    @property
    def node_count(self) -> int:
        """This node and all below it."""
        return 1 + sum(child.node_count for child in self.children)

    @property
    def leaf_count(self) -> int:
        """Nodes without children, of this one and all below it."""
        return sum(child.leaf_count for child in self.children) if self.children else 1

    @property
    def conversion_rate(self) -> float:
        """The share that went on to the last anchor; 0.0 of nobody."""
        return self.converted_count / self.total_count if self.total_count else 0.0

    @property
    def drop_off_rate(self) -> float:
        """The share that went no further; 0.0 of nobody."""
        return self.drop_off_count / self.total_count if self.total_count else 0.0

    def walk(self, depth: int = 0) -> Iterator[tuple[int, FlowTreeNode]]:
        """Depth and node, this one first, then each child with all below it."""
        yield depth, self
        for child in self.children:
            yield from child.walk(depth + 1)

    def flatten(self) -> list[FlowTreeNode]:
        """This node and all below it, each before its children."""
        return [node for _, node in self.walk()]

    def find(self, event: str) -> list[FlowTreeNode]:
        """The nodes of this event."""
        return [node for node in self.flatten() if node.event == event]

    def all_paths(self) -> list[list[FlowTreeNode]]:
        """Every way from here to a leaf."""
        if not self.children:
            return [[self]]
        return [[self, *path] for child in self.children for path in child.all_paths()]

    def render(self) -> str:
        """The tree as text, one node a line."""
        return "\n".join(self._lines("", ""))

    def _lines(self, own: str, below: str) -> Iterator[str]:
        yield f"{own}{self.event} ({self.total_count})"
        for place, child in enumerate(self.children, 1):
            last = place == len(self.children)
            turn, further = ("└── ", "    ") if last else ("├── ", "│   ")
            yield from child._lines(below + turn, below + further)

    def to_dict(self) -> dict[str, Any]:
        """All fields, ready for JSON."""
        return {
            **{name: getattr(self, name) for name in _FIELDS},
            "children": [child.to_dict() for child in self.children],
            "time_percentiles_from_start": dict(self.time_percentiles_from_start),
            "time_percentiles_from_prev": dict(self.time_percentiles_from_prev),
        }

    def to_anytree(self, parent: Any = None) -> Any:
        """The tree of ``anytree.AnyNode``, to be searched and exported with that library."""
        from anytree import AnyNode

        node = AnyNode(parent=parent, **{name: getattr(self, name) for name in _FIELDS})
        for child in self.children:
            child.to_anytree(node)
        return node


_FIELDS = (
    *("event", "type", "step_number", "total_count", "drop_off_count", "converted_count"),
    *("anchor_type", "is_computed"),
)


def trees_of(answer: Mapping[str, Any]) -> tuple[FlowTreeNode, ...]:
    """The trees of an answer; a root without an event stands for its children."""
    found: list[FlowTreeNode] = []
    for entry in answer.get("trees") or ():
        root = entry.get("root") or {}
        below = root.get("children") or () if root.get("step") is None else (root,)
        found += [_node(node) for node in below]
    return tuple(found)


def _node(written: Mapping[str, Any]) -> FlowTreeNode:
    step = written.get("step") or {}
    return FlowTreeNode(
        event=str(step.get("event", "")),
        type=str(step.get("type", "NORMAL")),
        step_number=count_of(step.get("stepNumber", step.get("step_number"))),
        total_count=count_of(written.get("totalCount", written.get("total_count"))),
        drop_off_count=count_of(written.get("dropOffTotalCount")),
        converted_count=count_of(written.get("convertedTotalCount")),
        anchor_type=str(step.get("anchorType", "NORMAL")),
        is_computed=bool(step.get("isComputed", False)),
        children=tuple(_node(child) for child in written.get("children") or ()),
        time_percentiles_from_start=written.get("timePercentilesFromStart") or {},
        time_percentiles_from_prev=written.get("timePercentilesFromPrev") or {},
    )


def count_of(written: Any) -> int:
    """Counts come as texts; what is no number counts as 0 and warns."""
    if written is None:
        return 0
    try:
        return int(written)
    except (TypeError, ValueError):
        from warnings import warn

        warn(f"the answer holds the count {written!r}, which is no number", UserWarning, stacklevel=2)
        return 0
