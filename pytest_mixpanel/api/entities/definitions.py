"""Definitions of events and properties: what the Lexicon says of each, its history, an export of all."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from pytest_mixpanel.api.model import CamelEntity, CamelParams, Params


class PropertyResourceType(StrEnum):
    """Whose a property is, as histories spell it."""

    EVENT = "event"
    USER = "user"
    GROUPPROFILE = "groupprofile"


class EventDefinition(CamelEntity):
    """An event as the Lexicon defines it."""

    id: int
    name: str
    display_name: str | None = None
    description: str | None = None
    hidden: bool | None = None
    dropped: bool | None = None
    merged: bool | None = None
    verified: bool | None = None
    tags: list[str] | None = None
    custom_event_id: int | None = None
    last_modified: str | None = None
    status: str | None = None
    platforms: list[str] | None = None
    created_utc: str | None = None
    modified_utc: str | None = None


class UpdateEventDefinitionParams(CamelParams):
    """What to change in the definition of an event, or of a custom event."""

    hidden: bool | None = None
    dropped: bool | None = None
    merged: bool | None = None
    verified: bool | None = None
    tags: list[str] | None = None
    display_name: str | None = None
    description: str | None = None


class BulkEventUpdate(Params):
    """Changes of one of several events, which is named by ``name`` or ``id``."""

    name: str | None = None
    id: int | None = None
    hidden: bool | None = None
    dropped: bool | None = None
    merged: bool | None = None
    verified: bool | None = None
    tags: list[str] | None = None
    display_name: str | None = Field(
        default=None, validation_alias="displayName", serialization_alias="displayName"
    )
    contacts: list[str] | None = None
    team_contacts: list[str] | None = None


class BulkUpdateEventsParams(Params):
    """Changes of several events."""

    events: list[BulkEventUpdate]


class PropertyDefinition(CamelEntity):
    """A property as the Lexicon defines it; ``resource_type`` is ``Event`` or ``User``."""

    name: str
    id: int | None = None
    resource_type: str | None = None
    display_name: str | None = None
    description: str | None = None
    example_value: str | None = None
    hidden: bool | None = None
    dropped: bool | None = None
    merged: bool | None = None
    sensitive: bool | None = None
    data_group_id: str | None = None


class UpdatePropertyDefinitionParams(CamelParams):
    """What to change in the definition of a property."""

    hidden: bool | None = None
    dropped: bool | None = None
    merged: bool | None = None
    sensitive: bool | None = None
    display_name: str | None = None
    description: str | None = None
    example_value: str | None = None
    resource_type: Literal["Event", "User"] | None = None


class BulkPropertyUpdate(CamelParams):
    """Changes of one of several properties."""

    name: str
    resource_type: Literal["Event", "User"]
    id: int | None = None
    hidden: bool | None = None
    dropped: bool | None = None
    sensitive: bool | None = None
    display_name: str | None = None
    example_value: str | None = None
    data_group_id: str | None = None


class BulkUpdatePropertiesParams(Params):
    """Changes of several properties."""

    properties: list[BulkPropertyUpdate]
