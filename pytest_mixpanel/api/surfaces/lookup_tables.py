"""Lookup tables: CSV files whose first column is a property's value, and the others say more of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.api.declare import Surface, delete, get, patch, post, results
from pytest_mixpanel.core.errors import MixpanelHeadlessError, ResponseValidationError

if TYPE_CHECKING:
    from pytest_mixpanel.api.entities.lookup_tables import (
        LookupTable,
        LookupTableUploadUrl,
        MarkLookupTableReadyParams,
        UpdateLookupTableParams,
        UploadLookupTableParams,
    )


DASHED = {
    "data_group_id": "data-group-id",
    "data_group_ids": "data-group-ids",
    "file_name": "file-name",
    "upload_id": "upload-id",
    "content_type": "content-type",
}


def table(document: Any) -> Any:
    """The table of an answer, or the ``uploadId`` of one that is still being made."""
    found = results(document)
    return found if isinstance(found, Mapping) else {}


def download_url(document: Any) -> Any:
    """The address of an answer, whatever it calls it."""
    found = results(document)
    return (found.get("url") or found.get("download_url")) if isinstance(found, Mapping) else found


class LookupTables(Surface):
    """Lookup tables."""

    @get("{S}/data-definitions/lookup-tables/", names=DASHED)
    def list_lookup_tables(self, *, data_group_id: int | None = None) -> list[LookupTable]:
        """All tables, or the one of a data group."""

    def upload_lookup_table(
        self,
        params: UploadLookupTableParams,
        *,
        poll_interval: float = 2.0,
        max_poll_seconds: float = 300.0,
    ) -> LookupTable:
        """Upload a CSV file as a table, and wait until it is one.

        Times are in seconds. Raises ``FileNotFoundError`` before any request; ``MixpanelHeadlessError`` with
        code ``UPLOAD_ERROR``, ``UPLOAD_FAILED``, ``UPLOAD_NOT_FOUND`` or ``UPLOAD_TIMEOUT``.
        """
        content = Path(params.file_path).read_bytes()
        target = self._lookup_upload_url("text/csv")
        self._connection.upload(target.url, content, "text/csv")
        group = None if params.data_group_id is None else str(params.data_group_id)
        found: Mapping[str, Any] = self._register_lookup_table(
            name=params.name, path=target.path, key=target.key, data_group_id=group
        )
        if "uploadId" in found:
            upload = str(found["uploadId"])
            found = finished(lambda: self.get_lookup_upload_status(upload), poll_interval, max_poll_seconds)
        return _table_of(found, params.name)

    @get(
        "{S}/data-definitions/lookup-tables/upload-url/", names=DASHED, of="upload_lookup_table", writes=True
    )
    def _lookup_upload_url(self, content_type: str) -> LookupTableUploadUrl:
        """The first step of an upload: where to put the file."""

    @post(
        "{S}/data-definitions/lookup-tables/",
        encoding="form",
        names=DASHED,
        read=table,
        of="upload_lookup_table",
    )
    def _register_lookup_table(
        self, *, name: str, path: str, key: str, data_group_id: str | None = None
    ) -> dict[str, Any]:
        """The third step of an upload: the file is there."""

    @get("{S}/data-definitions/lookup-tables/upload-url/", names=DASHED)
    def get_lookup_upload_url(self, content_type: str = "text/csv") -> LookupTableUploadUrl:
        """Where a file may be put."""

    @post("{S}/data-definitions/lookup-tables/", encoding="form")
    def mark_lookup_table_ready(self, params: MarkLookupTableReadyParams) -> LookupTable:
        """Make a table of a file that is uploaded."""

    @get("{S}/data-definitions/lookup-tables/upload-status/", names=DASHED)
    def get_lookup_upload_status(self, upload_id: str) -> dict[str, Any]:
        """How far a table is: ``uploadStatus``, and ``result`` once it is one."""

    @get("{S}/data-definitions/lookup-tables/download/", names=DASHED, answers="bytes")
    def download_lookup_table(
        self, data_group_id: int, *, file_name: str | None = None, limit: int | None = None
    ) -> bytes:
        """A table as CSV, or its first ``limit`` rows; the service wants a ``file_name``."""

    @get("{S}/data-definitions/lookup-tables/download-url/", names=DASHED, read=download_url)
    def get_lookup_download_url(self, data_group_id: int) -> str:
        """An address that a table can be downloaded from."""

    @patch("{S}/data-definitions/lookup-tables/", names=DASHED)
    def update_lookup_table(self, data_group_id: int, params: UpdateLookupTableParams) -> LookupTable:
        """Rename a table."""

    @delete("{S}/data-definitions/lookup-tables/", names=DASHED, sends="body")
    def delete_lookup_tables(self, data_group_ids: list[int]) -> None:
        """Delete tables, by explicit ids."""


def finished(
    status: Callable[[], Mapping[str, Any]],
    interval: float,
    longest: float,
    *,
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Mapping[str, Any]:
    """Ask how far an upload is until it is a table; a deadline or a failure is an error."""
    deadline = clock() + longest
    failures = {"FAILURE": "UPLOAD_FAILED", "REVOKED": "UPLOAD_FAILED", "NOTFOUND": "UPLOAD_NOT_FOUND"}
    while True:
        sleep(interval)
        told = status()
        state = str(told.get("uploadStatus"))
        if state == "SUCCESS":
            found = told.get("result")
            if not isinstance(found, Mapping):
                raise MixpanelHeadlessError("the upload succeeded without a table", code="INVALID_RESPONSE")
            return found
        if state in failures:
            raise MixpanelHeadlessError(f"the upload ended with {state}", code=failures[state])
        if clock() >= deadline:
            raise MixpanelHeadlessError(
                f"the upload was still {state} after {longest:g} seconds", code="UPLOAD_TIMEOUT"
            )


def _table_of(found: Mapping[str, Any], name: str) -> LookupTable:
    from pytest_mixpanel.api.entities.lookup_tables import LookupTable

    if "id" not in found:
        raise ResponseValidationError(
            "upload_lookup_table: the answer is no LookupTable: id: Field required",
            details={"model": "LookupTable", "errors": [{"field": "id", "problem": "Field required"}]},
        )
    return LookupTable.model_validate({"name": name, **found})
