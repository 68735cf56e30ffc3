"""The answer to a flow: what users did before and after, as a graph, as paths, or as trees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from math import isfinite
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.query.results.base import Ask, Origin, Result, answered
from pytest_mixpanel.query.results.flow_tree import FlowTreeNode, count_of, trees_of
from pytest_mixpanel.query.results.shape import Place, check_flow

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

DROPOFF = "DROPOFF"
MODES = {"graph": "sankey", "list": "paths", "tree": "tree"}
NODES = ["step", "event", "type", "count", "anchor_type", "is_custom_event", "conversion_rate_change"]
EDGES = ["source_step", "source_event", "target_step", "target_event", "count", "target_type"]
PATHS = ["path_index", "step", "event", "type", "count"]
TREES = [
    *("tree_index", "depth", "path", "event", "type", "step_number"),
    *("total_count", "drop_off_count", "converted_count"),
]


class FlowQueryResult(Result):
    """``steps``: columns of nodes with their edges; ``flows``: top paths; ``trees``: prefix trees.

    Which of them is filled, and so what ``df`` holds, is the ``mode``: ``sankey``, ``paths`` or ``tree``.
    """

    def __init__(
        self,
        origin: Origin,
        *,
        mode: str = "sankey",
        steps: Sequence[dict[str, Any]] = (),
        flows: Sequence[dict[str, Any]] = (),
        trees: Sequence[FlowTreeNode] = (),
        breakdowns: Sequence[Any] = (),
        overall_conversion_rate: float = 0.0,
        ask: Ask | None = None,
    ) -> None:
        super().__init__(origin, ask)
        self.mode = mode
        self.steps, self.flows, self.trees = list(steps), list(flows), list(trees)
        self.breakdowns = list(breakdowns)
        self.overall_conversion_rate = overall_conversion_rate

    @classmethod
    def parse(cls, answer: Any, params: Mapping[str, Any], ask: Ask | None = None) -> FlowQueryResult:
        """Read an answer; raises ``QueryError`` for one that is none."""
        body = answered(answer, "Flow")
        check_flow(Place(body, "Flow"))
        return cls(
            Origin.of({**body, "meta": body.get("metadata")}, params),
            mode=MODES.get(str(params.get("flows_merge_type")), "sankey"),
            steps=[{**column, "nodes": column.get("nodes") or []} for column in body.get("steps") or ()],
            flows=body.get("flows") or (),
            trees=trees_of(body),
            breakdowns=body.get("breakdowns") or (),
            overall_conversion_rate=_rate(body.get("overallConversionRate")),
            ask=ask,
        )

    @cached_property
    def nodes_df(self) -> pd.DataFrame:
        """One row per node: ``step`` counts columns from 0."""
        import pandas as pd

        return pd.DataFrame([_node_row(step, node) for step, node in self._nodes()], columns=NODES)

    @cached_property
    def edges_df(self) -> pd.DataFrame:
        """One row per transition between columns, drop-offs included."""
        import pandas as pd

        return pd.DataFrame(list(self._edges()), columns=EDGES)

    @cached_property
    def graph(self) -> nx.DiGraph[str]:
        """The graph of the columns: nodes ``event@step``, edges with ``count`` and ``type``."""
        import networkx as nx

        graph: nx.DiGraph[str] = nx.DiGraph()
        for step, node in self._nodes():
            row = _node_row(step, node)
            kept = {name: row[name] for name in ("step", "event", "type", "count", "anchor_type")}
            graph.add_node(f"{row['event']}@{step}", **kept)
        for edge in self._edges():
            graph.add_edge(
                f"{edge['source_event']}@{edge['source_step']}",
                f"{edge['target_event']}@{edge['target_step']}",
                count=edge["count"],
                type=edge["target_type"],
            )
        return graph

    @cached_property
    def anytree(self) -> list[Any]:
        """The trees as roots of ``anytree.AnyNode``; none but in mode ``tree``."""
        return [tree.to_anytree() for tree in self.trees]

    def top_transitions(self, n: int = 10) -> list[tuple[str, str, int]]:
        """The ``n`` largest transitions as ``("A@0", "B@1", count)``, drop-offs included."""
        edges = sorted(self._edges(), key=lambda edge: -edge["count"])
        return [
            (
                f"{edge['source_event']}@{edge['source_step']}",
                f"{edge['target_event']}@{edge['target_step']}",
                edge["count"],
            )
            for edge in edges[:n]
        ]

    def drop_off_summary(self) -> dict[str, dict[str, Any]]:
        """Per column ``total``, ``dropoff`` and ``rate``: all that is in it, and who is not in the next."""
        summary = {}
        for step, column in enumerate(self.steps):
            total = sum(count_of(node.get("totalCount")) for node in column["nodes"])
            lost = sum(
                count_of(edge.get("totalCount"))
                for node in column["nodes"]
                if node.get("type") != DROPOFF
                for edge in node.get("edges") or ()
                if edge.get("type") == DROPOFF
            )
            summary[f"step_{step}"] = {
                "total": total,
                "dropoff": lost,
                "rate": lost / total if total else 0.0,
            }
        return summary

    def to_dict(self) -> dict[str, Any]:
        """All fields, ready for JSON."""
        return {
            "computed_at": self.computed_at,
            "steps": self.steps,
            "flows": self.flows,
            "breakdowns": self.breakdowns,
            "overall_conversion_rate": self.overall_conversion_rate,
            "params": self.params,
            "meta": self.meta,
            "mode": self.mode,
            "trees": [tree.to_dict() for tree in self.trees],
        }

    def _nodes(self) -> Iterator[tuple[int, dict[str, Any]]]:
        for step, column in enumerate(self.steps):
            for node in column["nodes"]:
                yield step, node

    def _edges(self) -> Iterator[dict[str, Any]]:
        for step, node in self._nodes():
            for edge in node.get("edges") or ():
                yield {
                    "source_step": step,
                    "source_event": node.get("event", ""),
                    "target_step": edge.get("step", step + 1),
                    "target_event": edge.get("event", ""),
                    "count": count_of(edge.get("totalCount")),
                    "target_type": edge.get("type", "NORMAL"),
                }

    def _frame(self) -> pd.DataFrame:
        import pandas as pd

        if self.mode == "paths":
            return pd.DataFrame(list(self._path_rows()), columns=PATHS)
        if self.mode == "tree":
            return pd.DataFrame(list(self._tree_rows()), columns=TREES)
        return self.nodes_df

    def _path_rows(self) -> Iterator[dict[str, Any]]:
        for place, flow in enumerate(self.flows):
            for step, node in enumerate(flow.get("flowSteps") or ()):
                count = count_of(node.get("totalCount"))
                shown = {"event": node.get("event", ""), "type": node.get("type", "NORMAL"), "count": count}
                yield {"path_index": place, "step": step, **shown}

    def _tree_rows(self) -> Iterator[dict[str, Any]]:
        for place, tree in enumerate(self.trees):
            way: list[str] = []
            for depth, node in tree.walk():
                way[depth:] = [node.event]
                own = {name: getattr(node, name) for name in TREES[3:]}
                yield {"tree_index": place, "depth": depth, "path": " > ".join(way), **own}

    def __repr__(self) -> str:
        if self.mode == "paths":
            return f"<FlowQueryResult {len(self.flows)} paths>"
        if self.mode == "tree":
            return f"<FlowQueryResult {len(self.trees)} trees, {sum(t.node_count for t in self.trees)} nodes>"
        shown = ", ".join(
            f"{source} → {target} {count:,}" for source, target, count in self.top_transitions(3)
        )
        return f"<FlowQueryResult {len(self.steps)} columns: {shown or 'no transitions'}>"


def _node_row(step: int, node: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "step": step,
        "event": node.get("event", ""),
        "type": node.get("type", "NORMAL"),
        "count": count_of(node.get("totalCount")),
        "anchor_type": node.get("anchorType", ""),
        "is_custom_event": bool(node.get("isCustomEvent", False)),
        "conversion_rate_change": _rate(node.get("conversionRateChange")),
    }


def _rate(written: Any) -> float:
    """The service writes a share of nothing as the text NaN."""
    try:
        rate = float(written)
    except (TypeError, ValueError):
        return 0.0
    return rate if isfinite(rate) else 0.0
