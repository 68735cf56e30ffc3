"""Requests and responses, without a network in between."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it arrives; ``query`` and ``path`` are decoded, ``body`` is decoded JSON or ``None``."""

    verb: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True, slots=True)
class Response:
    """A response ready to be sent."""

    status: int
    content: bytes
    content_type: str = "application/json"

    @classmethod
    def json(cls, value: Any, status: int = 200) -> Response:
        return cls(status, json.dumps(value, separators=(",", ":"), allow_nan=False).encode())

    @classmethod
    def error(cls, message: str, status: int = 400) -> Response:
        """An error as the service words it."""
        return cls.json({"error": message, "status": "error"}, status)
