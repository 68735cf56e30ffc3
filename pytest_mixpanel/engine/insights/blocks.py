"""Blocks of an answer: values by segment within segment, put together, analysed and labelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pytest_mixpanel.engine.analysis import cumulative, rolling
from pytest_mixpanel.engine.calendar import Buckets
from pytest_mixpanel.query.plan.insights import InsightsPlan

OVERALL = "$overall"
SEGMENT_LIMIT = 3_000

Block = Any
"""Segments within segments; at the bottom a list of values, one per bucket."""


def nested(levels: Sequence[Mapping[tuple[str, ...], Any]], distributed: bool) -> Block:
    """A metric's values by segment, with the roll-up at each level; a level maps paths of names to values."""
    children: dict[tuple[str, ...], list[str]] = {}
    for level in levels[1:]:
        for *above, name in level:
            children.setdefault(tuple(above), []).append(name)

    def block(path: tuple[str, ...]) -> Block:
        values = levels[len(path)][path]
        if len(path) == len(levels) - 1:
            return _distributed(values) if distributed else values
        if distributed:
            values = [_whole(value) for value in values]
        return {OVERALL: values, **{name: block((*path, name)) for name in children.get(path, ())}}

    return block(())


def finished(plan: InsightsPlan, buckets: Buckets, block: Block) -> dict[str, Any]:
    """Values analysed and labelled, segments largest first (I-18: formulas come before analysis)."""
    if isinstance(block, dict):
        parts = {name: finished(plan, buckets, inner) for name, inner in block.items()}
        overall = parts.pop(OVERALL)
        ranked = sorted(parts, key=lambda name: (-_size(parts[name]), name))[:SEGMENT_LIMIT]
        return {OVERALL: overall, **{name: parts[name] for name in ranked}}
    if plan.total:
        return {"all": block[0]}
    if plan.rolling > 1:
        block = rolling(block, plan.rolling)[-len(buckets) :]
    elif plan.cumulative:
        block = cumulative(block)
    return dict(zip(buckets.labels, block, strict=True))


def repeated(block: Block, times: int) -> Block:
    """One bucket's values in so many."""
    if isinstance(block, dict):
        return {name: repeated(inner, times) for name, inner in block.items()}
    return block * times


def first_leaf(block: Block) -> list[Any]:
    """The values of the whole."""
    return first_leaf(block[OVERALL]) if isinstance(block, dict) else block


def _distributed(values: Sequence[Any]) -> Block:
    """Distributions by bucket → a level of their names."""
    names = sorted({name for value in values for name in value or ()}, key=_place_of)
    each = {name: [(value or {}).get(name, 0) for value in values] for name in names}
    return {OVERALL: [_whole(value) for value in values], **each}


def _whole(value: Any) -> Any:
    """A distribution in one number: how many there are."""
    return value.get("count", sum(value.values())) if isinstance(value, dict) else 0


def _place_of(name: str) -> tuple[bool, float, str]:
    """Numbers in their order, before texts."""
    try:
        return (False, float(name.split(" - ")[0]), name)
    except ValueError:
        return (True, 0, name)


def _size(block: Mapping[str, Any]) -> float:
    leaf = block.get(OVERALL, block)
    return sum(value or 0 for value in leaf.values() if not isinstance(value, (str, dict)))
