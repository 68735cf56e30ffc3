"""What the whole suite needs."""

import os

import httpcore  # noqa: F401  # httpx imports it late and knows its errors by their classes
import numpy  # noqa: F401  # pytester forgets modules after a run; C extensions cannot be imported twice
import pytest
import yaml  # noqa: F401  # as above
from hypothesis import HealthCheck, settings

from pytest_mixpanel.core import masking

pytest_plugins = ["pytester"]

collect_ignore_glob = ["*.checks.yaml", "*.checks.yml"]
"""Checks files among the tests are material of tests; pytest would run them as checks."""

# The suite draws the same examples every time, so that a build fails by what it changed; ``tox -e slow``
# explores others. How long drawing takes is the machine's mood.
settings.register_profile(
    "suite", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", settings.get_profile("suite"), derandomize=False, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))


@pytest.fixture(autouse=True)
def no_secrets_of_other_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    """What one test makes a secret may stand in the data of the next, which would then not be recorded."""
    monkeypatch.setattr(masking, "_known", set(masking._known))
