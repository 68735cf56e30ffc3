"""Who asks: a service account from the environment, for one live project."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from pytest_mixpanel.core.errors import ConfigError

HOSTS = {"us": "https://mixpanel.com", "eu": "https://eu.mixpanel.com", "in": "https://in.mixpanel.com"}
DATA_HOSTS = {
    "us": "https://data.mixpanel.com",
    "eu": "https://data-eu.mixpanel.com",
    "in": "https://data-in.mixpanel.com",
}


@dataclass(frozen=True, slots=True)
class Credentials:
    """A service account and the region its data lives in; the secret is never shown."""

    username: str
    secret: str = field(repr=False)
    region: str = "us"

    def authorization(self) -> str:
        """The value of the ``Authorization`` header."""
        pair = f"{self.username}:{self.secret}".encode()
        return "Basic " + base64.b64encode(pair).decode()


def credentials_from(environment: Mapping[str, str] = os.environ, region: str | None = None) -> Credentials:
    """The service account of ``MP_USERNAME`` and ``MP_SECRET``; raises ``ConfigError`` without them."""
    username, secret = environment.get("MP_USERNAME"), environment.get("MP_SECRET")
    if not (username and secret):
        missing = " and ".join(
            name for name, value in (("MP_USERNAME", username), ("MP_SECRET", secret)) if not value
        )
        raise ConfigError(
            f"no credentials: {missing} not set. A live project needs a service account: set MP_USERNAME and "
            "MP_SECRET in the environment. Without an account, use --mixpanel-project=demo or the path of "
            "exported events"
        )
    where = region or environment.get("MP_REGION") or "us"
    if where not in HOSTS:
        raise ConfigError(f"no region {where!r}; there are {', '.join(HOSTS)}")
    return Credentials(username, secret, where)
