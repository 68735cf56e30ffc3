"""Our builders against params captured from the published client.

``MIXPANEL_GOLDEN`` names further files (colon-separated). A case that uses a name this package does not
have yet is skipped and says which.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_mixpanel.query.parse import parse
from tests.query.calls import called
from tests.vectors import load

CASES = [case for case in load("golden_params.jsonl", "MIXPANEL_GOLDEN") if "params" in case]

DELIBERATE: dict[str, str] = {
    "x04-filter-direct-alias": "filters are built through the class methods; aliases are not accepted"
}
"""Cases in which ours differs on purpose, with the reason."""


def _built(case: dict[str, Any]) -> dict[str, Any]:
    try:
        built: dict[str, Any] = called(case["kwargs_repr"])
    except (NameError, AttributeError) as error:
        pytest.skip(f"not built yet: {error}")
    return built


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_sends_what_the_published_client_sends(case: dict[str, Any]) -> None:
    if case["id"] in DELIBERATE:
        pytest.skip(DELIBERATE[case["id"]])
    built = _built(case)
    assert json.dumps(built) == json.dumps(case["params"])


def test_a_plan_is_read_from_the_params_we_build() -> None:
    for case in CASES:
        if case["id"].startswith(("fun-unit", "ret-unit", "ins-unit")):
            parse(case["params"])
