"""The calls of the golden vectors, made on our public names."""

from __future__ import annotations

from datetime import date
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest_mixpanel
from pytest_mixpanel.query.build.flow import build_flow_params
from pytest_mixpanel.query.build.funnel import build_funnel_params
from pytest_mixpanel.query.build.insights import build_params
from pytest_mixpanel.query.build.retention import build_retention_params
from pytest_mixpanel.query.build.users import build_user_params

TODAY = date(2026, 4, 1)
NAMES = {name: getattr(pytest_mixpanel, name) for name in pytest_mixpanel.__all__}
WORKSPACE = SimpleNamespace(
    build_params=partial(build_params, today=TODAY),
    build_funnel_params=partial(build_funnel_params, today=TODAY),
    build_retention_params=partial(build_retention_params, today=TODAY),
    build_flow_params=partial(build_flow_params, today=TODAY),
    build_user_params=build_user_params,
)


def called(call: str) -> Any:
    """What a vector's call gives; the vectors are our own, and see nothing but the public names."""
    return eval(call, {"__builtins__": {}}, {**NAMES, "ws": WORKSPACE})
