"""Where an endpoint lives: a verb and a path, for the client that calls it and the server that routes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal
from urllib.parse import quote, unquote

Verb = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Host = Literal["query", "export", "app"]

ROOTS: dict[Host, str] = {"query": "/api/query", "export": "/api/2.0", "app": "/api/app"}

PROJECT = "/projects/{project_id}"
WORKSPACE = "/workspaces/{workspace_id}"
SCOPES = {"P": (PROJECT,), "W": (PROJECT + WORKSPACE,), "S": (PROJECT, WORKSPACE)}
"""What ``{P}``, ``{W}`` and ``{S}`` at the head of a path stand for; ``{S}`` is either."""


@dataclass(frozen=True)
class Endpoint:
    """A verb and a path below the root of its host.

    ``{name}`` in the path is a parameter. ``{P}`` is a project, ``{W}`` a workspace of a project, ``{S}`` the
    project, or the pinned workspace instead of it.
    """

    verb: Verb
    host: Host
    path: str

    @property
    def scope(self) -> str | None:
        """``P``, ``W`` or ``S``, where the path begins with one."""
        found = re.match(r"\{([A-Z])\}", self.path)
        return found[1] if found else None

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of the path's own parameters."""
        return tuple(re.findall(r"\{([a-z_]+)\}", self.path))

    def url(self, parameters: Mapping[str, str | int] | None = None, *, pinned: bool = False) -> str:
        """The path with its parameters filled in, percent-encoded whole, slashes too."""
        templates = self._templates
        template = templates[-1] if pinned else templates[0]
        return template.format(
            **{name: quote(str(value), safe="") for name, value in (parameters or {}).items()}
        )

    def match(self, verb: str, path: str) -> dict[str, str] | None:
        """The decoded parameters of a request for this endpoint, ``None`` for another one's."""
        if verb != self.verb:
            return None
        path = path.rstrip("/")
        if "{" not in self.path:
            return {} if path == self._templates[0].rstrip("/") else None
        found = self._pattern.fullmatch(path)
        if found is None:
            return None
        return {name.rstrip("_"): unquote(value) for name, value in found.groupdict().items() if value}

    @cached_property
    def _templates(self) -> tuple[str, ...]:
        root = ROOTS[self.host]
        if self.scope is None:
            return (root + self.path,)
        return tuple(root + head + self.path[3:] for head in SCOPES[self.scope])

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = []
        for number, template in enumerate(self._templates):
            named = r"(?P<\1" + "_" * number + r">[^/]+)"  # a group's name must be unique in a pattern
            parts.append(re.sub(r"\{(\w+)\}", named, template.rstrip("/")))
        return re.compile("|".join(parts))
