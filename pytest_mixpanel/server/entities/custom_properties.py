"""Custom properties; queries find them by id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_mixpanel.api.entities.custom_properties import (
    CreateCustomPropertyParams,
    UpdateCustomPropertyParams,
)
from pytest_mixpanel.api.surfaces.custom_properties import CustomProperties
from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.engine.formulas import compile_formula
from pytest_mixpanel.server.entities.asked import Asked, Kind, Routes
from pytest_mixpanel.server.entities.store import Row
from pytest_mixpanel.server.messages import BadRequest

PROPERTY = Kind("custom_properties", "custom property")


def listed(asked: Asked) -> list[Row]:
    return [_shown(row) for row in PROPERTY.all(asked)]


def create(asked: Asked) -> Row:
    given = asked.read(CreateCustomPropertyParams)
    _check(given)
    if any(row["name"] == given["name"] for row in PROPERTY.all(asked)):
        raise BadRequest(f"name: there is a custom property {given['name']!r} already")
    return _shown(PROPERTY.add(asked, {"isLocked": False, "isVisible": True, **given}))


def one(asked: Asked) -> Row:
    return _shown(PROPERTY.one(asked, asked.path["property_id"]))


def update(asked: Asked) -> Row:
    changes = asked.read(UpdateCustomPropertyParams)
    _check({**PROPERTY.one(asked, asked.path["property_id"]), **changes})
    return _shown(PROPERTY.change(asked, asked.path["property_id"], changes))


def delete(asked: Asked) -> None:
    PROPERTY.remove(asked, asked.path["property_id"])


def validate(asked: Asked) -> Row:
    given = asked.read(CreateCustomPropertyParams)
    _check(given)
    return {"valid": True, "displayFormula": given.get("displayFormula")}


def _check(given: Mapping[str, Any]) -> None:
    """Refuse a formula that cannot be read, or that uses a letter which stands for nothing."""
    formula = given.get("displayFormula")
    if formula is None:
        return
    try:
        compile_formula(formula, frozenset(given.get("composedProperties") or {}))
    except ParamValidationError as error:
        raise BadRequest(f"displayFormula: {error}") from error


def _shown(row: Row) -> Row:
    shown = {name: value for name, value in row.items() if name != "id" and value is not None}
    return {"customPropertyId": row["id"], **shown}


ROUTES: Routes = {
    CustomProperties.list_custom_properties: listed,
    CustomProperties.create_custom_property: create,
    CustomProperties.get_custom_property: one,
    CustomProperties.update_custom_property: update,
    CustomProperties.delete_custom_property: delete,
    CustomProperties.validate_custom_property: validate,
}
