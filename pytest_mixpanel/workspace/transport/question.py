"""What a request asks, apart from who asks and from where: the key of kept and recorded answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import httpx

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.masking import masked
from pytest_mixpanel.workspace.transport.family import path_of

TAG = "query_origin"
"""Says which client asks; no part of the question."""


@frozen
class Question:
    """A verb, a path from ``/api/`` on, a query, a decoded body; no header, and so no credential."""

    verb: str
    path: str
    query: Mapping[str, Any]
    body: Any = None

    @classmethod
    def of(cls, request: httpx.Request) -> Question:
        params = request.url.params
        query = {
            name: values[0] if len(values := params.get_list(name)) == 1 else values
            for name in sorted(params)
            if name != TAG
        }
        return cls(request.method, path_of(request), masked(query), masked(_body(request.read())))

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Question:
        """Read what ``to_json`` wrote; raises ``KeyError`` and ``ValueError`` for anything else."""
        verb, path = str(data["ask"]).split(" ", 1)
        return cls(verb, path, dict(data.get("query") or {}), data.get("body"))

    def to_json(self) -> dict[str, Any]:
        told: dict[str, Any] = {"ask": str(self)}
        if self.query:
            told["query"] = self.query
        if self.body is not None:
            told["body"] = self.body
        return told

    def fingerprint(self, **circumstances: str) -> str:
        """The same for equal questions in equal circumstances, in every process."""
        return hashlib.sha256(canonical({**self.to_json(), **circumstances}).encode()).hexdigest()

    def __str__(self) -> str:
        return f"{self.verb} {self.path}"


def canonical(value: Any) -> str:
    """JSON with its keys in order and nothing between."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _body(content: bytes) -> Any:
    if not content:
        return None
    try:
        return json.loads(content)
    except ValueError:
        return content.decode("utf-8", "replace")
