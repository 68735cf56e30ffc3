"""The schema registry: what events and profiles should look like."""

from __future__ import annotations

from typing import Any

from pydantic import AliasChoices, Field

from pytest_mixpanel.api.model import CamelEntity, CamelParams, Entity, OpenCamelParams


class SchemaEntry(OpenCamelParams):
    """An entry: ``schema_definition`` is its JSON Schema; a profile's ``name`` is ``$user``."""

    entity_type: str
    name: str
    schema_definition: dict[str, Any] = Field(validation_alias="schemaJson", serialization_alias="schemaJson")
    version: str | None = None


class BulkCreateSchemasParams(CamelParams):
    """Several entries; ``truncate`` deletes every other schema of ``entity_type`` first."""

    entries: list[SchemaEntry]
    truncate: bool | None = None
    entity_type: str | None = None


class BulkCreateSchemasResponse(Entity):
    """How many schemas came and went."""

    added: int
    deleted: int


class BulkPatchResult(CamelEntity):
    """What became of one of several changes: ``status`` is ``ok`` or ``error``."""

    entity_type: str
    name: str
    status: str
    error: str | None = None


class DeleteSchemasResponse(CamelEntity):
    """How many schemas went."""

    delete_count: int = Field(validation_alias=AliasChoices("delete_count", "deleteCount"))
