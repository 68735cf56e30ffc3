"""Requests and responses, without a network in between."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any
from urllib.parse import parse_qs

from pytest_mixpanel.core.frozen import frozen


class BadRequest(Exception):
    """The request cannot be read or is refused; the message is the service's answer, with its status."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


@frozen
class Request:
    """A request as it arrives.

    ``path`` is percent-encoded as it was sent; ``query`` is decoded, ``repeated`` holds every value of a key;
    ``body`` is decoded JSON, the fields of a form, bytes, or ``None``; ``origin`` is how the caller calls us.
    """

    verb: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    repeated: Mapping[str, Sequence[str]] = field(default_factory=dict)
    origin: str = ""

    @classmethod
    def read(
        cls,
        verb: str,
        path: str,
        query: str = "",
        content: bytes = b"",
        content_type: str = "",
        origin: str = "",
    ) -> Request:
        """A request from its parts on the wire; raises ``BadRequest`` for JSON that is none."""
        repeated = parse_qs(query, keep_blank_values=True)
        last = {name: values[-1] for name, values in repeated.items()}
        return cls(verb, path, last, _decoded(content, content_type), repeated, origin)


def _decoded(content: bytes, content_type: str) -> Any:
    kind = content_type.partition(";")[0].strip().lower()
    if not content:
        return None
    if kind == "application/x-www-form-urlencoded":
        return {name: values[-1] for name, values in parse_qs(content.decode("utf-8", "replace")).items()}
    if kind not in ("", "application/json"):
        return content
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"the body is no JSON: {error}") from error


@frozen
class Response:
    """A response ready to be sent: its ``content``, or ``parts`` that are made as they are sent."""

    status: int
    content: bytes
    content_type: str = "application/json"
    parts: Iterator[bytes] | None = None

    @classmethod
    def json(cls, value: Any, status: int = 200) -> Response:
        return cls(status, json.dumps(value, separators=(",", ":"), allow_nan=False).encode())

    @classmethod
    def error(cls, message: str, status: int = 400) -> Response:
        """An error as the service words it."""
        return cls.json({"error": message, "status": "error"}, status)

    @classmethod
    def streamed(cls, parts: Iterator[bytes], content_type: str) -> Response:
        """A good response that is never whole in memory."""
        return cls(200, b"", content_type, parts)
