"""Many tests at once: adjusted p-values and the global test over a family."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Literal

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.stats.choices import check_word

Method = Literal["holm", "hochberg", "bh", "by", "bonferroni"]


@frozen
class Adjusted:
    """Adjusted p-values, in the order given."""

    adjusted: tuple[float, ...]


@frozen
class GlobalTest:
    """One p-value for a whole family."""

    p_value: float


def adjust_pvalues(p: Sequence[float], method: Method = "holm") -> Adjusted:
    """Adjust for a family: ``holm``, ``hochberg``, ``bonferroni`` for any error, ``bh``, ``by`` for a share.

    Raises ``ValueError`` for another method.
    Holm 1979; Hochberg 1988; Benjamini & Hochberg 1995; Benjamini & Yekutieli 2001.
    """
    check_word("method", method, Method)
    m = len(p)
    if method == "bonferroni":
        return Adjusted(tuple(min(1.0, value * m) for value in p))
    order = sorted(range(m), key=lambda position: p[position])
    harmonic = sum(1 / rank for rank in range(1, m + 1))
    if method in ("holm", "hochberg"):
        factors = [float(m - rank) for rank in range(m)]
    else:
        spread = harmonic if method == "by" else 1.0
        factors = [m * spread / (rank + 1) for rank in range(m)]
    scaled = [min(1.0, p[position] * factor) for position, factor in zip(order, factors, strict=True)]
    if method == "holm":
        monotone = list(accumulate(scaled, max))
    else:
        monotone = list(accumulate(reversed(scaled), min))[::-1]
    adjusted = [0.0] * m
    for position, value in zip(order, monotone, strict=True):
        adjusted[position] = value
    return Adjusted(tuple(adjusted))


def simes(p: Sequence[float]) -> GlobalTest:
    """The p-value of "no effect anywhere". Simes 1986."""
    ranked = sorted(p)
    return GlobalTest(min(1.0, min(value * len(ranked) / rank for rank, value in enumerate(ranked, 1))))
