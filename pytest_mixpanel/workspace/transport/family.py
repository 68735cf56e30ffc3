"""The families of requests, told by their path: each has its own deadline, budget and way of answering."""

from __future__ import annotations

import re

from pytest_mixpanel.api.endpoint import Host
from pytest_mixpanel.workspace.transport.client import Request

_FAMILIES: dict[str, Host] = {"app": "app", "2.0": "export", "query": "query"}
_BELOW_BASE = re.compile(r"/api/(app|2\.0|query)(/.*)?$")


def family_of(request: Request) -> Host:
    """``query``, ``app`` or ``export``; what is none of these counts as ``app``, which nothing is kept of."""
    found = _BELOW_BASE.search(request.url.path)
    return _FAMILIES[found[1]] if found else "app"


def path_of(request: Request) -> str:
    """The path from ``/api/`` on, whatever the base of the URLs is, without a slash at the end."""
    found = _BELOW_BASE.search(request.url.path)
    return (found[0] if found else request.url.path).rstrip("/")


def is_streamed(request: Request) -> bool:
    """Whether the answer is read line by line, as it comes."""
    return family_of(request) == "export"
