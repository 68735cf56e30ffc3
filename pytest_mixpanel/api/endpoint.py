"""How an endpoint is declared: once, for the client that calls it and the server that routes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Verb = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Host = Literal["query", "export", "app"]

ROOTS: dict[Host, str] = {"query": "/api/query", "export": "/api/2.0", "app": "/api/app"}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A verb and a path below the root of its host; ``{name}`` in the path is a parameter."""

    verb: Verb
    host: Host
    path: str

    def url(self, **parameters: str | int) -> str:
        """The path with its parameters filled in."""
        return ROOTS[self.host] + self.path.format(**parameters)

    def match(self, verb: str, path: str) -> dict[str, str] | None:
        """The parameters of a request for this endpoint, ``None`` for another one's."""
        if verb != self.verb:
            return None
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", ROOTS[self.host] + self.path.rstrip("/"))
        found = re.fullmatch(pattern, path.rstrip("/"))
        return found.groupdict() if found else None
