"""Drop filters: events that are discarded before they are stored."""

from __future__ import annotations

from typing import Any

from pytest_mixpanel.api.model import CamelEntity, Params


class DropFilter(CamelEntity):
    """Events of one name that are discarded where the filters hold."""

    id: int
    event_name: str
    filters: list[Any] | None = None
    active: bool | None = None
    display_name: str | None = None
    created: str | None = None


class CreateDropFilterParams(Params):
    """A new drop filter; a condition on a property is mandatory."""

    event_name: str
    filters: Any


class UpdateDropFilterParams(Params):
    """What to change in a drop filter."""

    id: int
    event_name: str | None = None
    filters: Any = None
    active: bool | None = None


class DropFilterLimitsResponse(CamelEntity):
    """How many drop filters a project may have."""

    filter_limit: int
