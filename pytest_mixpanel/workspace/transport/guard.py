"""The last net under a session that only reads: on the wire, too, nothing passes that changes a project."""

from __future__ import annotations

import re

import httpx

from pytest_mixpanel.core.errors import WritesRefusedError
from pytest_mixpanel.workspace.calls import SWITCH
from pytest_mixpanel.workspace.transport.family import family_of, path_of
from pytest_mixpanel.workspace.transport.layer import Layer

READING = re.compile(
    r"/api/app/.+/("
    r"alerts/custom/validate-alerts-for-bookmark|custom_properties/validate|deletion-requests/preview-filters"
    r")"
)
"""What asks with a POST and changes nothing, in the app family (reference §5.6, §6.4, §6.11)."""


class ReadOnly(Layer):
    """Refuses what changes a project: ``WritesRefusedError``, before anything is sent."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if changes(request):
            raise WritesRefusedError(
                f"{request.method} {path_of(request)} changes the project and this session only reads; "
                f"allow it with {SWITCH}",
                details={"request_method": request.method, "request_path": path_of(request)},
            )
        return self.inner.handle_request(request)


def changes(request: httpx.Request) -> bool:
    """Whether a request may change something: all but GETs, queries, and the ``READING`` ones."""
    if request.method in ("GET", "HEAD") or (family_of(request) == "query" and request.method == "POST"):
        return False
    return not (request.method == "POST" and READING.fullmatch(path_of(request)))
