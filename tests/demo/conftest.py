"""Both variants, generated once."""

from __future__ import annotations

import pytest

from pytest_mixpanel.demo import Shop, generate


@pytest.fixture(scope="session")
def shop() -> Shop:
    return generate()


@pytest.fixture(scope="session")
def incident() -> Shop:
    return generate("incident")
