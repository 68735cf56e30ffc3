"""Our builders against params captured from the published client.

``MIXPANEL_GOLDEN`` names further files (colon-separated). A case that uses a name this package does not
have yet is skipped and says which.
"""

from __future__ import annotations

import json
from datetime import date
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

import pytest_mixpanel
from pytest_mixpanel.query.build.funnel import build_funnel_params
from pytest_mixpanel.query.build.insights import build_params
from pytest_mixpanel.query.build.retention import build_retention_params
from pytest_mixpanel.query.build.users import build_user_params
from pytest_mixpanel.query.parse import parse
from tests.vectors import load

CASES = [case for case in load("golden_params.jsonl", "MIXPANEL_GOLDEN") if "params" in case]
TODAY = date(2026, 4, 1)
NAMES = {name: getattr(pytest_mixpanel, name) for name in pytest_mixpanel.__all__}
WORKSPACE = SimpleNamespace(
    build_params=partial(build_params, today=TODAY),
    build_funnel_params=partial(build_funnel_params, today=TODAY),
    build_retention_params=partial(build_retention_params, today=TODAY),
    build_user_params=build_user_params,
)

DELIBERATE: dict[str, str] = {
    "x04-filter-direct-alias": "filters are built through the class methods; aliases are not accepted"
}
"""Cases in which ours differs on purpose, with the reason."""


def _built(case: dict[str, Any]) -> dict[str, Any]:
    try:
        built: dict[str, Any] = eval(case["kwargs_repr"], {"__builtins__": {}}, {**NAMES, "ws": WORKSPACE})
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
