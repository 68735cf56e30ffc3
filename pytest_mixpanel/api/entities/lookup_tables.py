"""Lookup tables: CSV files whose first column is a property's value, and the others say more of it."""

from __future__ import annotations

from pydantic import Field

from pytest_mixpanel.api.model import CamelEntity, Params


class LookupTable(CamelEntity):
    """A table; its ``id`` is its data group's."""

    id: int
    name: str
    token: str | None = None
    created_at: str | None = None
    last_modified_at: str | None = None
    has_mapped_properties: bool | None = None


class UploadLookupTableParams(Params):
    """A CSV file and the table's name; with ``data_group_id`` it takes the place of that table."""

    name: str = Field(min_length=1, max_length=255)
    file_path: str
    data_group_id: int | None = None


class MarkLookupTableReadyParams(Params):
    """A file that is uploaded, by its ``key``, and what the table is called."""

    name: str
    key: str
    data_group_id: int | None = Field(
        default=None, validation_alias="data-group-id", serialization_alias="data-group-id"
    )


class UpdateLookupTableParams(Params):
    """A table's new name."""

    name: str | None = None


class LookupTableUploadUrl(CamelEntity):
    """Where a file may be put; ``url`` is signed, and so a secret."""

    url: str = Field(repr=False)
    path: str
    key: str
