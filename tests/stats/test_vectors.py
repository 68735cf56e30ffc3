"""Every function against the cases of ``stats_vectors.json``, whose oracles share no code with ours.

``MIXPANEL_STATS_VECTORS`` names further files (colon-separated).
"""

from __future__ import annotations

import math
from typing import Any

import pytest

from pytest_mixpanel import stats
from tests.vectors import load

CASES = load("stats_vectors.json", "MIXPANEL_STATS_VECTORS")

DISPUTED = {"mde_mean_d": 1e-5}
"""Function → the error its cases may have. The oracle's solver stops within 1e-5 of the effect it looks for:
at its answer to the first case its own power is 0.8000014, at ours 0.8 (``test_oracles`` compares powers)."""


def _agrees(got: Any, expected: Any, rtol: float, atol: float) -> bool:
    if isinstance(expected, list):
        return len(got) == len(expected) and all(
            _agrees(g, e, rtol, atol) for g, e in zip(got, expected, strict=True)
        )
    if expected is None:
        return got is None or (isinstance(got, float) and not math.isfinite(got))
    if isinstance(expected, bool | str):
        return str(got) == str(expected)
    return abs(got - expected) <= atol + rtol * abs(expected)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_agrees_with_its_oracle(case: dict[str, Any]) -> None:
    result = getattr(stats, case["function"])(**case["inputs"])
    tolerance = case["tol"] | {"atol": max(case["tol"]["atol"], DISPUTED.get(case["function"], 0))}
    wrong = {
        name: (getattr(result, name), expected)
        for name, expected in case["expected"].items()
        if not _agrees(getattr(result, name), expected, tolerance["rtol"], tolerance["atol"])
    }
    assert not wrong, f"{case['source']}: got and expected {wrong}"
