"""Lookup tables: CSV files, uploaded to an address of this server's and then named."""

from __future__ import annotations

import base64
import csv
import io
import secrets
from collections.abc import Sequence

from pytest_mixpanel.api.entities.lookup_tables import UpdateLookupTableParams
from pytest_mixpanel.api.surfaces.lookup_tables import LookupTables
from pytest_mixpanel.server.entities.asked import Asked, Kind, Routes
from pytest_mixpanel.server.entities.store import EntityStore, Row
from pytest_mixpanel.server.messages import BadRequest, Request, Response

TABLE = Kind("lookup_tables", "lookup table", created="createdAt", modified="lastModifiedAt")
UPLOADS = "lookup_uploads"
UPLOAD_PATH = "/_upload/"
LATER_BYTES = 5 << 20
"""Files of this size and more become tables later: the answer is an ``uploadId`` to ask after."""


def receive(entities: EntityStore, request: Request) -> Response | None:
    """Take a file at a signed address; ``None`` where the request is for something else."""
    if request.verb != "PUT" or not request.path.startswith(UPLOAD_PATH):
        return None
    with entities.transaction(writes=True):
        found = entities.collection(UPLOADS).rows.get(request.path.removeprefix(UPLOAD_PATH))
        if found is None:
            raise BadRequest("this address is not valid, or no longer", 403)
        found["content"] = base64.b64encode(_bytes(request.body)).decode()
    return Response(200, b"")


def upload_url(asked: Asked) -> Row:
    key = secrets.token_urlsafe(24)
    asked.entities.collection(UPLOADS).rows[key] = {"id": key}
    return {"url": f"{asked.request.origin}{UPLOAD_PATH}{key}", "path": f"uploads/{key}.csv", "key": key}


def register(asked: Asked) -> Row:
    """Make a table of an uploaded file, or put the file in the place of a table's."""
    name, key = asked.body.get("name"), str(asked.body.get("key", ""))
    if not isinstance(name, str) or not 0 < len(name) <= 255:
        raise BadRequest("name: should be a text of 1 to 255 characters")
    uploaded = asked.entities.collection(UPLOADS).rows.get(key, {})
    if "content" not in uploaded:
        raise BadRequest("key: no file was uploaded under it")
    content = uploaded["content"]
    check_csv(base64.b64decode(content))
    group = asked.body.get("data-group-id")
    if group is None:
        row = TABLE.add(asked, {"name": name, "hasMappedProperties": False, "content": content})
    else:
        row = TABLE.change(asked, group, {"name": name, "content": content})
    asked.entities.collection(UPLOADS).rows[key] = {"id": key, "table": row["id"]}
    return {"uploadId": key} if len(content) * 3 // 4 >= LATER_BYTES else _shown(row)


def status(asked: Asked) -> Row:
    uploaded = asked.entities.collection(UPLOADS).rows.get(asked.query.get("upload-id", ""), {})
    if "table" not in uploaded:
        return {"uploadStatus": "NOTFOUND"}
    return {"uploadStatus": "SUCCESS", "result": _shown(TABLE.one(asked, uploaded["table"]))}


def listed(asked: Asked) -> list[Row]:
    group = asked.query.get("data-group-id")
    return [_shown(row) for row in TABLE.all(asked) if group in (None, str(row["id"]))]


def download(asked: Asked) -> Response:
    content = base64.b64decode(TABLE.one(asked, asked.query.get("data-group-id", ""))["content"])
    limit = asked.query.get("limit")
    if limit is not None:
        if not limit.isdecimal():
            raise BadRequest(f"limit: should be a whole number, not {limit!r}")
        content = b"".join(content.splitlines(keepends=True)[: int(limit) + 1])
    return Response(200, content, "text/csv")


def download_url(asked: Asked) -> Row:
    number = TABLE.one(asked, asked.query.get("data-group-id", ""))["id"]
    path = asked.request.path.rstrip("/").removesuffix("-url")
    return {"url": f"{asked.request.origin}{path}/?data-group-id={number}"}


def rename(asked: Asked) -> Row:
    changes = asked.read(UpdateLookupTableParams)
    return _shown(TABLE.change(asked, asked.body.get("data-group-id", ""), changes))


def delete(asked: Asked) -> None:
    for number in asked.listed_ids("data-group-ids", TABLE):
        TABLE.remove(asked, number)


def check_csv(content: bytes) -> None:
    """Refuse a file that is no table: no text, no header, a column or a key twice."""
    try:
        rows = [row for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) if row]
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadRequest("the file is no CSV in UTF-8") from error
    if not rows:
        raise BadRequest("the file has no header")
    if len(set(rows[0])) < len(rows[0]):
        raise BadRequest("the header names a column twice")
    keys = [row[0] for row in rows[1:]]
    if len(set(keys)) < len(keys):
        raise BadRequest(f"the first column, {rows[0][0]!r}, holds a key twice")


def contents(entities: EntityStore) -> tuple[str, ...]:
    """The files of all tables, in the order these were made."""
    return tuple(row["content"] for row in entities.collection(TABLE.collection).rows.values())


def as_engine_reads(tables: Sequence[str]) -> dict[str, dict[str, dict[str, str]]]:
    """Property → key → column → value: a table is joined to the property its first column is named after.

    The service maps tables to properties by hand, which no call of its API does.
    """
    joined: dict[str, dict[str, dict[str, str]]] = {}
    for content in tables:
        header, *rows = csv.reader(io.StringIO(base64.b64decode(content).decode("utf-8-sig")))
        table = joined.setdefault(header[0], {})
        for row in rows:
            if row and row[0]:
                table.setdefault(row[0], {}).update(zip(header[1:], row[1:], strict=False))
    return joined


def _bytes(body: object) -> bytes:
    if body is None:
        return b""
    if not isinstance(body, bytes):
        raise BadRequest("the content type should be text/csv")
    return body


def _shown(row: Row) -> Row:
    return {name: value for name, value in row.items() if name != "content"}


ROUTES: Routes = {
    LookupTables.list_lookup_tables: listed,
    LookupTables._lookup_upload_url: upload_url,
    LookupTables.get_lookup_upload_url: upload_url,
    LookupTables._register_lookup_table: register,
    LookupTables.mark_lookup_table_ready: register,
    LookupTables.get_lookup_upload_status: status,
    LookupTables.download_lookup_table: download,
    LookupTables.get_lookup_download_url: download_url,
    LookupTables.update_lookup_table: rename,
    LookupTables.delete_lookup_tables: delete,
}
