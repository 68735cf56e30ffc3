"""Who is let in: one service account, or the bearer of one token."""

from __future__ import annotations

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from dataclasses import field

from pytest_mixpanel.core.frozen import frozen

USERNAME = "local"


@frozen
class Access:
    """A service account and a token; neither secret is shown by ``repr``."""

    username: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    is_generated: bool = True

    def admits(self, authorization: str) -> bool:
        """Whether the value of an ``Authorization`` header is one of ours.

        A service account may come encoded, as Basic wants it, or as the bare pair: the service takes both.
        """
        scheme, _, said = authorization.partition(" ")
        said = said.strip()
        if scheme.lower() == "bearer":
            return _same(said, self.token)
        if scheme.lower() != "basic":
            return False
        return _same(said if ":" in said else _pair(said), f"{self.username}:{self.secret}")


def generated() -> Access:
    """Credentials nobody knows yet."""
    return Access(USERNAME, secrets.token_urlsafe(24), secrets.token_urlsafe(24))


def access_from(environment: Mapping[str, str] = os.environ) -> Access:
    """The account of ``MP_USERNAME`` and ``MP_SECRET``, the token of ``MP_OAUTH_TOKEN``.

    What is not set is generated.
    """
    new = generated()
    username, secret = environment.get("MP_USERNAME"), environment.get("MP_SECRET")
    token = environment.get("MP_OAUTH_TOKEN") or new.token
    if username and secret:
        return Access(username, secret, token, is_generated=False)
    return Access(new.username, new.secret, token)


def _pair(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _same(said: str, expected: str) -> bool:
    return secrets.compare_digest(said.encode(), expected.encode())
