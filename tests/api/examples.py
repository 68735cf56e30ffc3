"""Example values for annotations: arguments of every declared method, answers of every model."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from pytest_mixpanel.api.declare import annotations_of
from pytest_mixpanel.api.entities import business_context
from pytest_mixpanel.api.model import Params

INSIGHTS = {"sections": {"show": [{"behavior": {"type": "event", "name": "Login"}}]}}
PARTICULAR: dict[tuple[str, str], Any] = {
    ("CreateBookmarkParams", "params"): INSIGHTS,
    ("UpdateBookmarkParams", "params"): INSIGHTS,
    ("CreateDashboardParams", "time_filter"): {"dateRange": {"type": "in the last"}},
    ("UploadLookupTableParams", "file_path"): __file__,
}
"""Fields whose value has rules that an annotation does not tell."""
NEEDED = {("CreateBookmarkParams", "dashboard_id")}
"""Fields that may be absent from the model, and yet the method asks for them."""
ALTERNATIVES: dict[str, tuple[set[str], set[str]]] = {
    "CreateCustomPropertyParams": ({"behavior"}, {"display_formula", "composed_properties"}),
}
"""Models with a choice of fields: those that are never given, and those that are given always."""


def example(annotation: Any, *, full: bool = True) -> Any:
    """A value of this type; models with every field, or (not ``full``) with those they require."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation(**fields(annotation, full=full))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return next(iter(annotation))
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin in (Union, types.UnionType):
        return example(next(one for one in inner if one is not type(None)), full=full)
    if origin is Literal:
        return inner[0]
    if origin is list:
        return [example(inner[0], full=full)]
    if origin in (dict, Mapping):
        return {"key": example(inner[1], full=full)}
    plain: dict[Any, Any] = {
        type(None): None, str: "text", int: 7, bool: True, float: 0.5, bytes: b"a,b", Any: {"any": 1},
        dict: {"any": 1}, list: [1], datetime: datetime.fromisoformat("2026-03-01T10:00:00+00:00"),
    }  # fmt: skip
    return plain[annotation]


def fields(model: type[BaseModel], *, full: bool = True) -> dict[str, Any]:
    """Arguments of a model, by field name."""
    hints = get_type_hints(model)
    never, always = ALTERNATIVES.get(model.__name__, (set(), set()))
    return {
        name: PARTICULAR.get((model.__name__, name)) or example(hints[name], full=full)
        for name, field in model.model_fields.items()
        if name not in never
        and (full or name in always or field.is_required() or (model.__name__, name) in NEEDED)
    }


def annotations(method: Callable[..., Any]) -> dict[str, Any]:
    """A method's annotations, resolved; models are imported for type checkers only where they are named."""
    if method.__module__ == "pytest_mixpanel.workspace.business_context":
        return get_type_hints(method, localns=vars(business_context))
    return annotations_of(method)


def arguments(method: Callable[..., Any], *, full: bool) -> dict[str, Any]:
    """Arguments of a method: all of them, or those it requires."""
    hints = annotations(method)
    parameters = list(inspect.signature(method).parameters.values())[1:]
    return {
        one.name: example(hints[one.name], full=full)
        for one in parameters
        if full or one.default is one.empty
    }


def wire(value: Any) -> Any:
    """A value as JSON holds it."""
    if isinstance(value, Params):
        return value.wire()
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    return [wire(one) for one in value] if isinstance(value, list) else value
