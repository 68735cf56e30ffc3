"""The parameters of a request, read by type: what does not fit is refused by its name."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from pytest_mixpanel.server.messages import BadRequest, Request


def required(request: Request, name: str) -> str:
    """A parameter that must be there and say something."""
    if not request.query.get(name):
        raise BadRequest(f"{name}: missing")
    return request.query[name]


def day(request: Request, name: str) -> date:
    """A day, written ``2026-03-01``."""
    return day_of(required(request, name), name)


def day_of(text: Any, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except (ValueError, TypeError) as error:
        raise BadRequest(f"{name}: should be a day like 2026-03-01") from error


def whole(request: Request, name: str, default: int, most: int | None = None) -> int:
    """A whole number of at least 0, cut at ``most``."""
    text = request.query.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal()) or len(text) > 18:
        raise BadRequest(f"{name}: should be a whole number, not {text!r}")
    return int(text) if most is None else min(int(text), most)


def choice(request: Request, name: str, choices: Sequence[str], default: str) -> Any:
    """One of a few words."""
    said = request.query.get(name, default)
    if said not in choices:
        raise BadRequest(f"{name}: should be one of {', '.join(choices)}, not {said!r}")
    return said


def names(request: Request, name: str) -> list[str]:
    """A JSON list of texts."""
    return names_of(required(request, name), name)


def names_of(text: str, name: str) -> list[str]:
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"{name}: should be a JSON list of names: {error}") from error
    if not isinstance(listed, list):
        raise BadRequest(f"{name}: should be a JSON list of names")
    return [str(item) for item in listed]
