"""The fields of models and dataclasses, as a reader wants them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from pytest_mixpanel.manual.signatures import annotation, scope_of_class


def fields_of(owner: type) -> Iterator[tuple[str, str]]:
    """A row for each public field: name and type, default or *required*; a model's name on the wire."""
    written = _annotations(owner)
    scope = scope_of_class(owner)
    for name, field in getattr(owner, "model_fields", {}).items():
        spelled = annotation(written.get(name, field.annotation), scope)
        wire = field.serialization_alias or field.alias
        sent = f', "{wire}" on the wire' if wire and wire != name else ""
        yield f"{name}: {spelled}", _default(field.is_required(), field.default) + sent
    for field in dataclass_fields(owner):
        if not field.name.startswith("_"):
            required = field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
            spelled = annotation(written.get(field.name, field.type), scope)
            yield f"{field.name}: {spelled}", _default(required, field.default)


def _default(required: bool, default: Any) -> str:
    if required:
        return "required"
    is_plain = isinstance(default, str | int | float | bool | tuple | None)
    return f"default {default!r}" if is_plain else "optional"


def _annotations(owner: type) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for base in reversed(owner.__mro__):
        found.update(vars(base).get("__annotations__", {}))
    return found


def dataclass_fields(owner: Any) -> tuple[dataclasses.Field[Any], ...]:
    return dataclasses.fields(owner) if dataclasses.is_dataclass(owner) else ()
