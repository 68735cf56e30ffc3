"""Real event data, found beside the checkout; without it these tests say that they were skipped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture
def data() -> Callable[[str], Path]:
    """The path of a data set; skips where it is not there."""

    def find(name: str) -> Path:
        path = DATA / name
        if not path.exists():
            pytest.skip(f"the event data {name} is not beside the checkout (looked in ../shared/data)")
        return path

    return find
