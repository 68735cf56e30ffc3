"""Secrets never reach an output: what this process knows to be secret is masked wherever text leaves it.

``remember`` is called where a secret is read; ``mask`` where text or data is shown, logged, kept or raised.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

MASK = "**********"
SHORTEST = 4
"""A secret of fewer characters would mask ordinary words."""

SENSITIVE = frozenset(
    {
        "accesstoken",
        "apikey",
        "apisecret",
        "authorization",
        "clientsecret",
        "codeverifier",
        "cookie",
        "idtoken",
        "password",
        "proxyauthorization",
        "refreshtoken",
        "secret",
        "setcookie",
        "token",
    }
)
"""Names of fields whose text is masked whatever it is, in lower case without separators."""

_known: set[str] = set()
_SEPARATORS = re.compile(r"[-_\s]")
_CUT = "..."


def remember(secret: str) -> None:
    """Mask this text from now on, in all its forms."""
    if len(secret) >= SHORTEST:
        _known.update(_forms(secret))


def reveals(text: str) -> bool:
    """Whether a known secret stands in the text."""
    return any(secret in text for secret in tuple(_known))


def mask(text: str) -> str:
    """The text without known secrets, nor the pieces of them that a shortened ``repr`` leaves."""
    known = sorted(_known, key=len, reverse=True)
    for secret in known:
        text = text.replace(secret, MASK)
    return _without_pieces(text, known) if _CUT in text else text


def masked(value: Any) -> Any:
    """JSON data without known secrets, and without the text of fields named like one."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        return {
            key: MASK if isinstance(inner, str) and inner and is_sensitive(key) else masked(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [masked(inner) for inner in value]
    return value


def is_sensitive(name: object) -> bool:
    """Whether a field of this name holds a secret."""
    return isinstance(name, str) and _SEPARATORS.sub("", name).lower() in SENSITIVE


def _forms(secret: str) -> set[str]:
    """The text as it is, in URLs, JSON, HTML, and in the ``repr`` of texts and bytes that hold it."""
    shown = {repr(secret)[1:-1], repr(secret.encode())[2:-1]}
    quoted = {form.replace("'", "\\'") for form in (secret, *shown) if "\\'" not in form}
    return {secret, quote(secret, safe=""), json.dumps(secret)[1:-1], html.escape(secret)} | shown | quoted


def _without_pieces(text: str, known: list[str]) -> str:
    """Mask beginnings of secrets before an ellipsis and endings after one."""
    parts = text.split(_CUT)
    for place, part in enumerate(parts):
        for secret in known:
            if place < len(parts) - 1 and (piece := _overlap(part, secret)):
                part = part[: -len(piece)] + MASK
            if place > 0 and (piece := _overlap(part[::-1], secret[::-1])):
                part = MASK + part[len(piece) :]
        parts[place] = part
    return _CUT.join(parts)


def _overlap(text: str, secret: str) -> str:
    """The longest beginning of the secret that the text ends with, at least ``SHORTEST`` characters."""
    for length in range(min(len(text), len(secret) - 1), SHORTEST - 1, -1):
        if text.endswith(secret[:length]):
            return secret[:length]
    return ""
