"""Raw export: lines that are made while they are sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pytest_mixpanel.api import endpoints
from pytest_mixpanel.engine.discovery.export import export_events
from pytest_mixpanel.server.messages import BadRequest, Request, Response
from pytest_mixpanel.server.reading import day, names, whole
from pytest_mixpanel.server.routing import Routes
from pytest_mixpanel.server.served import Served

BLOCK_BYTES = 1 << 16
MOST_EVENTS = 100_000
"""The largest ``limit``."""


def _export(served: Served, request: Request, _: dict[str, str]) -> Response:
    first, last = day(request, "from_date"), day(request, "to_date")
    if last < first:
        raise BadRequest(f"to_date: {last} is before from_date, {first}")
    limit = whole(request, "limit", 0) or None
    if limit is not None and limit > MOST_EVENTS:
        raise BadRequest(f"limit: should be at most {MOST_EVENTS}")
    rows = export_events(
        served.store,
        first,
        last,
        served.now,
        names(request, "event") if "event" in request.query else None,
        limit,
        request.query.get("where"),
    )
    in_ms = request.query.get("time_in_ms") == "true"
    lines = (json.dumps(row if in_ms else _in_seconds(row)).encode() + b"\n" for row in rows)
    return Response.streamed(_blocks(lines), "text/plain")


def _blocks(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Lines joined to blocks of a size worth sending."""
    block, size = [], 0
    for line in lines:
        block.append(line)
        size += len(line)
        if size >= BLOCK_BYTES:
            yield b"".join(block)
            block, size = [], 0
    if block:
        yield b"".join(block)


def _in_seconds(row: dict[str, Any]) -> dict[str, Any]:
    row["properties"]["time"] //= 1000
    return row


ROUTES: Routes = {endpoints.EXPORT: _export}
