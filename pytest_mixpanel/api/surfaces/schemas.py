"""The schema registry: what events and profiles should look like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_mixpanel.api.declare import Surface, delete, get, patch, post
from pytest_mixpanel.core.errors import ParamValidationError

if TYPE_CHECKING:
    from pytest_mixpanel.api.entities.schemas import (
        BulkCreateSchemasParams,
        BulkCreateSchemasResponse,
        BulkPatchResult,
        DeleteSchemasResponse,
        SchemaEntry,
    )


class SchemaRegistry(Surface):
    """The schema registry."""

    def list_schema_registry(self, *, entity_type: str | None = None) -> list[SchemaEntry]:
        """The entries, of all types or of one: ``event``, ``custom_event``, ``profile``."""
        return self._list_schemas() if entity_type is None else self._list_schemas_of_type(entity_type)

    @get("{S}/schemas", of="list_schema_registry")
    def _list_schemas(self) -> list[SchemaEntry]:
        """Every entry."""

    @get("{S}/schemas/{entity_type}", of="list_schema_registry")
    def _list_schemas_of_type(self, entity_type: str) -> list[SchemaEntry]:
        """The entries of one type."""

    @post("{S}/schemas/{entity_type}/{entity_name}", whole="schema_json")
    def create_schema(
        self, entity_type: str, entity_name: str, schema_json: dict[str, Any]
    ) -> dict[str, Any]:
        """Register a schema, or replace it; Mixpanel's metadata that is not given stays."""

    @patch("{S}/schemas/{entity_type}/{entity_name}", whole="schema_json")
    def update_schema(
        self, entity_type: str, entity_name: str, schema_json: dict[str, Any]
    ) -> dict[str, Any]:
        """Merge into a schema: what is not given stays."""

    @post("{S}/schemas")
    def create_schemas_bulk(self, params: BulkCreateSchemasParams) -> BulkCreateSchemasResponse:
        """Register several schemas."""

    @patch("{S}/schemas")
    def update_schemas_bulk(self, params: BulkCreateSchemasParams) -> list[BulkPatchResult]:
        """Merge into several schemas; each has a result of its own."""

    def delete_schemas(
        self, *, entity_type: str | None = None, entity_name: str | None = None
    ) -> DeleteSchemasResponse:
        """Delete one schema, those of a type, or all.

        Raises ``ParamValidationError`` for a name without its type, which would delete them all.
        """
        if entity_type is None:
            if entity_name is not None:
                raise ParamValidationError(
                    f"entity_name={entity_name!r} needs entity_type, or every schema would be deleted"
                )
            return self._delete_schemas()
        if entity_name is None:
            return self._delete_schemas_of_type(entity_type)
        return self._delete_schema(entity_type, entity_name)

    @delete("{S}/schemas", of="delete_schemas")
    def _delete_schemas(self) -> DeleteSchemasResponse:
        """Delete every schema."""

    @delete("{S}/schemas/{entity_type}", of="delete_schemas")
    def _delete_schemas_of_type(self, entity_type: str) -> DeleteSchemasResponse:
        """Delete the schemas of one type."""

    @delete("{S}/schemas/{entity_type}/{entity_name}", of="delete_schemas")
    def _delete_schema(self, entity_type: str, entity_name: str) -> DeleteSchemasResponse:
        """Delete one schema."""
