"""How a conversion is shared out among the touches before it (semantics E-66)."""

from __future__ import annotations

from collections.abc import Sequence

MODELS = (
    "first_touch",
    "last_touch",
    "linear",
    "participation",
    "time_decay",
    "u_shaped",
    "j_shaped",
    "inverse_j_shaped",
    "custom",
)
HALF_LIFE_DAYS = 7.0
ENDS = {"u_shaped": (0.4, 0.4), "j_shaped": (0.2, 0.6), "inverse_j_shaped": (0.6, 0.2)}
"""Shares of the first and the last touch; those between have the rest in equal parts."""


def weights(
    model: str,
    n: int,
    ages: Sequence[float] = (),
    first: float = 0.4,
    last: float = 0.4,
) -> list[float]:
    """The share of each of ``n`` touches, the earliest first; they add up to 1, but for participation.

    ``ages``: days from each touch to the conversion, for ``time_decay``; ``first`` and ``last``: the shares
    of a ``custom`` model. Raises ``ValueError`` for a model that is none.
    """
    if model not in MODELS:
        raise ValueError(f"there is no attribution model {model!r}; there are {', '.join(MODELS)}")
    if n == 0:
        return []
    if model == "participation":
        return [1.0] * n
    if model == "linear":
        return [1 / n] * n
    if model == "time_decay":
        if len(ages) != n:
            raise ValueError("time_decay needs the age of every touch in days")
        decayed = [2 ** (-(age - min(ages)) / HALF_LIFE_DAYS) for age in ages]
        return [share / sum(decayed) for share in decayed]
    if model in ("first_touch", "last_touch"):
        return [float(touch == (0 if model == "first_touch" else n - 1)) for touch in range(n)]
    return _ends(n, *ENDS.get(model, (first, last)))


def _ends(n: int, first: float, last: float) -> list[float]:
    """Of two touches the ends' shares are scaled to 1; a single touch has all."""
    if n == 1:
        return [1.0]
    if n == 2:
        both = first + last
        return [first / both, last / both] if both else [0.5, 0.5]
    return [first, *[(1 - first - last) / (n - 2)] * (n - 2), last]
