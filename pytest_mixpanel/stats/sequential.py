"""Looking more than once: always-valid bounds from a known change point, and bounds for planned looks."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.stats.distributions import normal_cdf, normal_quantile

Floats = NDArray[np.float64]

GRID = 1001
"""Points on which the density of the paths is kept; odd, as Simpson's rule asks."""


@frozen
class SequenceHalfwidth:
    """Estimate + ``halfwidth`` bounds the truth from above at all times together.

    ``exact_mixture_halfwidth`` solves for the same bound without the closed form's rounding up; it is
    never the larger one.
    """

    halfwidth: float
    exact_mixture_halfwidth: float


@frozen
class Boundaries:
    """Critical values of z, one for each planned look."""

    z: tuple[float, ...]


def confseq_upper_halfwidth(se: float, se_ref: float, alpha: float = 0.05) -> SequenceHalfwidth:
    """One-sided normal-mixture confidence sequence at standard error ``se``, tightest where it is ``se_ref``.

    Robbins 1970; Howard et al. 2021; Waudby-Smith et al. 2024.
    """
    information, reference = 1 / se**2, 1 / se_ref**2
    spread = -2 * math.log(2 * alpha)
    rho2 = (spread + math.log(spread + 1)) / reference
    scale = information * rho2 + 1
    closed = math.sqrt(2 * scale / (information**2 * rho2) * math.log1p(math.sqrt(scale) / (2 * alpha)))

    def evidence(width: float) -> float:
        """Log of the half-normal mixture martingale at ``width``, less what it must reach."""
        score = width * information
        tail = math.log(normal_cdf(score * math.sqrt(rho2 / scale)))
        log_martingale = math.log(2) - math.log(scale) / 2 + score**2 * rho2 / (2 * scale) + tail
        return log_martingale + math.log(alpha)

    return SequenceHalfwidth(closed, _root(evidence, 0.0, closed))


def obrien_fleming_bounds(looks: int, alpha_one_sided: float = 0.025) -> Boundaries:
    """Bounds for equally spaced looks that spend α as O'Brien and Fleming's do. Lan & DeMets 1983.

    The density of the path that has not crossed yet is carried from look to look on a grid.
    """
    critical = normal_quantile(1 - alpha_one_sided / 2)
    step = math.sqrt(1 / looks)
    start, weight = np.zeros(1), np.ones(1)
    spent, bounds = 0.0, []
    for look in range(1, looks + 1):
        now = look / looks
        allowed = 2 * (1 - normal_cdf(critical / math.sqrt(now)))

        bound = _bound(start, weight, step, allowed - spent)
        bounds.append(bound / math.sqrt(now))
        spent = allowed
        to = np.linspace(-8 * math.sqrt(now), bound, GRID)
        density = (
            np.exp(-(((to[:, None] - start) / step) ** 2) / 2) @ weight / (step * math.sqrt(2 * math.pi))
        )
        start, weight = to, density * _simpson(to)
    return Boundaries(tuple(bounds))


def _bound(start: Floats, weight: Floats, step: float, chance: float) -> float:
    """The level that paths at ``start`` cross with this chance in their next step."""
    from scipy.special import ndtr

    return _root(lambda level: chance - float(weight @ ndtr((start - level) / step)), 0.0, 12.0)


def _simpson(grid: Floats) -> Floats:
    weights = np.where(np.arange(len(grid)) % 2 == 1, 4.0, 2.0)
    weights[[0, -1]] = 1.0
    scaled: Floats = weights * (grid[1] - grid[0]) / 3
    return scaled


def _root(rising: Callable[[float], float], lo: float, hi: float) -> float:
    """The zero of a rising function on [lo, hi]."""
    for _ in range(200):
        middle = (lo + hi) / 2
        if rising(middle) < 0:
            lo = middle
        else:
            hi = middle
    return (lo + hi) / 2
