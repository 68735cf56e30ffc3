"""Answers are read whole, within a time and a size; an export is handed on as it comes."""

from __future__ import annotations

import time
from collections.abc import Callable

import httpx

from pytest_mixpanel.api.endpoint import Host
from pytest_mixpanel.core.errors import MixpanelHeadlessError
from pytest_mixpanel.workspace.transport.family import family_of, is_streamed, path_of
from pytest_mixpanel.workspace.transport.layer import Layer

TIMEOUTS: dict[Host, float] = {"app": 135.0, "query": 503.0, "export": 600.0}
"""Seconds: the service's own deadlines (120 s, 488 s) and a margin."""

CONNECT_TIMEOUT = 30.0
LARGEST_ANSWER = 128 * 2**20
"""Bytes after decompression; reading JSON takes about ten times as much memory."""


class Bounds(Layer):
    """Reads every answer to its end, so that the layers above see whole ones.

    ``timeout`` replaces the deadlines of the query and app families. Raises ``httpx.TimeoutException`` past
    the deadline, however slowly the answer drips, and ``MixpanelHeadlessError`` (``INVALID_RESPONSE``) past
    ``largest`` bytes.
    """

    def __init__(
        self,
        inner: httpx.BaseTransport,
        timeout: float | None = None,
        largest: int = LARGEST_ANSWER,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(inner)
        self._timeout, self._largest, self._clock = timeout, largest, clock

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        seconds = self._seconds(request)
        request.extensions["timeout"] = httpx.Timeout(
            seconds, connect=min(seconds, CONNECT_TIMEOUT)
        ).as_dict()
        begun = self._clock()
        response = self.inner.handle_request(request)
        if is_streamed(request) and response.status_code == httpx.codes.OK:
            return response
        try:
            content = self._read(request, response, begun + seconds)
        finally:
            response.close()
        return httpx.Response(response.status_code, headers=_plain(response.headers), content=content)

    def _seconds(self, request: httpx.Request) -> float:
        family = family_of(request)
        return TIMEOUTS[family] if self._timeout is None or family == "export" else self._timeout

    def _read(self, request: httpx.Request, response: httpx.Response, deadline: float) -> bytes:
        read = bytearray()
        for piece in response.iter_bytes():
            read += piece
            if len(read) > self._largest:
                raise MixpanelHeadlessError(
                    f"{path_of(request)} answered more than {self._largest / 2**20:,.0f} MB; ask for fewer "
                    "days, segments or events",
                    code="INVALID_RESPONSE",
                )
            if self._clock() > deadline:
                raise httpx.ReadTimeout("the answer was not complete in time", request=request)
        return bytes(read)


def _plain(headers: httpx.Headers) -> httpx.Headers:
    """Headers of an answer that is decompressed and whole."""
    kept = headers.copy()
    for name in ("content-encoding", "content-length", "transfer-encoding"):
        kept.pop(name, None)
    return kept
