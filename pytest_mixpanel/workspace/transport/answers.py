"""A request is sent, and its answer decoded; whatever goes wrong is one of the package's errors."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pytest_mixpanel.api.declare import ACKNOWLEDGED
from pytest_mixpanel.core.errors import MixpanelHeadlessError
from pytest_mixpanel.core.masking import mask
from pytest_mixpanel.workspace.transport.client import Client, Request, Response
from pytest_mixpanel.workspace.transport.family import path_of
from pytest_mixpanel.workspace.transport.refusals import LONGEST_TEXT, beginning, refusal, refused_in_body

if TYPE_CHECKING:
    import httpx

_WORDS = {dict: "an object", list: "a list", str: "a text", type(None): "null"}


def send(client: Client, request: Request, *, stream: bool = False) -> Response:
    """Send a request and return a good response; with ``stream`` it is still to be read and closed.

    Raises ``AuthenticationError`` (401), ``RateLimitError`` (429), ``ServerError`` (5xx), ``QueryError``
    (other 4xx), and ``MixpanelHeadlessError`` with code ``HTTP_ERROR`` when there was no answer.
    """
    try:
        response = client.send(request, stream=stream)
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            response.read()
    except failure() as error:
        # The frames of the connection hold the credentials: no traceback shall show them.
        raise no_answer(request, error) from None
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        response.close()
        raise refusal(request, response)
    if response.status_code >= HTTPStatus.MULTIPLE_CHOICES:
        response.close()
        raise MixpanelHeadlessError(
            f"{path_of(request)} answered with a redirection ({response.status_code}) to "
            f"{_host_of(response)}: check the region or the base URL",
            code="INVALID_RESPONSE",
        )
    return response


def failure() -> type[httpx.HTTPError]:
    """What httpx raises where there is no answer; asked for only once something was raised."""
    import httpx

    return httpx.HTTPError


def no_answer(request: Request, error: httpx.HTTPError) -> MixpanelHeadlessError:
    """The error for a connection that failed, was cut or took too long."""
    import httpx

    said = mask(str(error)) or type(error).__name__
    late = " in time" if isinstance(error, httpx.TimeoutException) else ""
    return MixpanelHeadlessError(
        f"no answer from {request.url.host}{late}: {said}",
        code="HTTP_ERROR",
        details={"request_method": request.method, "request_path": path_of(request)},
    )


def decoded(response: Response, shape: type | None = None) -> Any:
    """The JSON of a response; ``shape`` is ``dict`` or ``list`` where only that will do.

    Raises ``MixpanelHeadlessError`` (``INVALID_RESPONSE`` for other content, ``UNKNOWN_ERROR`` for another
    shape), ``QueryError`` where the document is an error after all.
    """
    if response.status_code == HTTPStatus.NO_CONTENT or not response.content:
        document: Any = dict(ACKNOWLEDGED)
    else:
        document = _json(response)
    if (error := refused_in_body(response.request, document)) is not None:
        raise error
    if shape is not None and not isinstance(document, shape):
        given = _WORDS.get(type(document), "a number")
        raise MixpanelHeadlessError(
            f"{path_of(response.request)} answered {given} where {_WORDS[shape]} is due"
        )
    return document


def _json(response: Response) -> Any:
    try:
        return response.json()
    except (ValueError, RecursionError) as error:
        deep = isinstance(error, RecursionError)
        said = beginning(response.text, LONGEST_TEXT)
    raise MixpanelHeadlessError(
        f"{path_of(response.request)} answered "
        + ("JSON that is nested too deeply" if deep else f"something that is not JSON: {said!r}"),
        code="INVALID_RESPONSE",
    )


def _host_of(response: Response) -> str:
    try:
        return urlsplit(response.headers.get("location", "")).hostname or response.request.url.host
    except ValueError:
        return "somewhere unreadable"
