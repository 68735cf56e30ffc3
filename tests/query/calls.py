"""The calls of the golden vectors, made on our public names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest_mixpanel
from pytest_mixpanel.core.errors import BookmarkValidationError, MixpanelHeadlessError, ValidationError
from pytest_mixpanel.query.build.flow import build_flow_params
from pytest_mixpanel.query.build.funnel import build_funnel_params
from pytest_mixpanel.query.build.insights import build_params
from pytest_mixpanel.query.build.retention import build_retention_params
from pytest_mixpanel.query.build.users import build_user_params

TODAY = date(2026, 4, 1)
NAMES = {name: getattr(pytest_mixpanel, name) for name in pytest_mixpanel.__all__}
NAMES |= {"float": float, "list": list, "range": range}
WORKSPACE = SimpleNamespace(
    build_params=partial(build_params, today=TODAY),
    build_funnel_params=partial(build_funnel_params, today=TODAY),
    build_retention_params=partial(build_retention_params, today=TODAY),
    build_flow_params=partial(build_flow_params, today=TODAY),
    build_user_params=partial(build_user_params, today=TODAY),
)


@dataclass(frozen=True)
class Answer:
    """What a call gives: params (``None`` of a constructor), or the codes and problems it is refused with."""

    params: Mapping[str, Any] | None = None
    codes: tuple[str, ...] | None = None
    problems: tuple[ValidationError, ...] = ()


def called(call: str, names: Mapping[str, Any] = NAMES, workspace: Any = WORKSPACE) -> Any:
    """What a vector's call gives; the vectors are our own, and see nothing but the public names."""
    return eval(call, {"__builtins__": {}}, {**names, "ws": workspace})


def answer_to(call: str) -> Answer:
    """The call's answer; what is no typed refusal is raised."""
    try:
        given = called(call)
    except BookmarkValidationError as refused:
        return Answer(codes=tuple(problem.code for problem in refused.errors), problems=refused.errors)
    except MixpanelHeadlessError as refused:
        return Answer(codes=(refused.code,))
    return Answer(given if isinstance(given, Mapping) else None)
