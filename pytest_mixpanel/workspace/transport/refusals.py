"""What the service refuses becomes a typed error that keeps the request it answers, without secrets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from pytest_mixpanel.core.errors import APIError, AuthenticationError, QueryError, RateLimitError, ServerError
from pytest_mixpanel.core.masking import mask, masked
from pytest_mixpanel.workspace.transport.client import Address, Request, Response
from pytest_mixpanel.workspace.transport.family import path_of

LONGEST_TEXT = 200
"""Characters of a page that are quoted in a message."""

LONGEST_KEPT = 500
"""Characters of a body that is no JSON that are kept in an error."""

LARGEST_KEPT = 65_536
"""Bytes of a JSON body that are kept in an error; of a larger one only the beginning, as text."""

LONGEST_RETRY = 3_600
REFUSED = {403: "Permission denied", 404: "Resource not found", 422: "Unprocessable entity"}


def refusal(request: Request, response: Response) -> APIError:
    """The error for an answer of status 400 or more (reference §2.2); the answer has been read."""
    status, body = response.status_code, _kept(response.content, response.text)
    said, facts = _said(body), facts_of(request, status, body)
    if status == HTTPStatus.UNAUTHORIZED:
        return AuthenticationError(
            "the credentials were not accepted: check the username, the secret and the project", **facts
        )
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        from pytest_mixpanel.workspace.transport.retries import seconds_asked

        asked = seconds_asked(response, datetime.now(UTC))
        seconds = None if asked is None else min(asked, LONGEST_RETRY)
        hint = f" Retry after {seconds} seconds." if seconds is not None else ""
        told = (said or "rate limit exceeded").rstrip(".")
        return RateLimitError(f"{told}.{hint}", retry_after=seconds, project_id=_project(request), **facts)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ServerError(f"Server error: {said or status}", **facts)
    fallback = "Unknown error" if status == HTTPStatus.BAD_REQUEST else "Request failed"
    return QueryError(said or REFUSED.get(status, fallback), **facts)


def refused_in_body(request: Request, document: Any) -> QueryError | None:
    """The error that an answer of status 200 is: it says ``error``, or holds no series where they are due."""
    if not isinstance(document, Mapping):
        return None
    said = document.get("error") if "results" not in document else None
    unanswered = request.method == "POST" and path_of(request) == "/api/query/insights"
    if not said and not (unanswered and "series" not in document):
        return None
    content = json.dumps(document).encode()
    facts = facts_of(request, int(HTTPStatus.OK), _kept(content, content.decode()))
    return QueryError(_said(document) or "the answer holds no series", **facts)


def facts_of(request: Request, status: int, body: Any) -> dict[str, Any]:
    """What an error keeps of a request and its answer: no header, no secret, nothing large."""
    sent = request.read()
    return {
        "status_code": status,
        "response_body": masked(body),
        "request_method": request.method,
        "request_url": mask(_bare(request.url)),
        "request_params": masked(dict(request.url.params)) or None,
        "request_body": masked(_kept(sent, sent.decode("utf-8", "replace"))) if sent else None,
    }


def _bare(address: Address) -> str:
    """A URL without its query and without credentials."""
    parts = urlsplit(str(address))
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _kept(content: bytes, text: str) -> Any:
    if len(content) <= LARGEST_KEPT:
        try:
            return json.loads(content)
        except (ValueError, RecursionError):
            pass
    return beginning(text, LONGEST_KEPT)


def beginning(text: str, length: int) -> str:
    """The first characters without secrets; masked before they are cut, so that no piece of one is left."""
    return mask(text[: length + LARGEST_KEPT])[:length]


def _said(body: Any) -> str | None:
    """What the server says of its refusal, at most as long as what is quoted of a page."""
    if not isinstance(body, Mapping):
        return beginning(str(body), LONGEST_TEXT) or None
    error, message = body.get("error"), body.get("message")
    if error and str(error).strip():
        return mask(str(error))[:LONGEST_KEPT]
    return mask(message)[:LONGEST_KEPT] if isinstance(message, str) and message.strip() else None


def _project(request: Request) -> str | None:
    project: str | None = request.url.params.get("project_id")
    return project
