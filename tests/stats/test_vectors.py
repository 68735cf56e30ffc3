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
    if not hasattr(stats, case["function"]):
        pytest.skip(f"{case['function']} is not part of the product yet")
    result = getattr(stats, case["function"])(**case["inputs"])
    tolerance = case["tol"]
    wrong = {
        name: (getattr(result, name), expected)
        for name, expected in case["expected"].items()
        if not _agrees(getattr(result, name), expected, tolerance["rtol"], tolerance["atol"])
    }
    assert not wrong, f"{case['source']}: got and expected {wrong}"
