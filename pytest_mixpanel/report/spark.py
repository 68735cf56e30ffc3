"""A series as a line of block characters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

LEVELS = "▁▂▃▄▅▆▇█"
UNKNOWN = "·"


def sparkline(values: Sequence[float | None], *, top: float | None = None, width: int = 40) -> str:
    """One character a value, scaled from 0 to ``top`` (default: the largest); unknown values are ``·``.

    A series longer than ``width`` is averaged over equal stretches.
    """
    points = _averaged(values, width)
    known = [point for point in points if point is not None]
    ceiling = top if top is not None else max(known, default=0.0)
    return "".join(UNKNOWN if point is None else _level(point, ceiling) for point in points)


def _level(value: float, ceiling: float) -> str:
    if ceiling <= 0:
        return LEVELS[0]
    share = min(1.0, max(0.0, value / ceiling))
    return LEVELS[min(len(LEVELS) - 1, int(share * len(LEVELS)))]


def _averaged(values: Sequence[float | None], width: int) -> list[float | None]:
    if len(values) <= width:
        return list(values)
    edges = [round(index * len(values) / width) for index in range(width + 1)]
    return [_mean(values[start:end]) for start, end in pairwise(edges)]


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
