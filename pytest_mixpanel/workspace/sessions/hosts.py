"""Where requests go: a table by region, or another base that the environment names."""

from __future__ import annotations

from urllib.parse import urlsplit

from pytest_mixpanel.api.endpoint import Host
from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.workspace.sessions.environment import Environment
from pytest_mixpanel.workspace.sessions.model import Region

LOCAL = "http://local.invalid"
"""The base of requests that never leave the process."""

QUERY_HOSTS: dict[Region, str] = {
    "us": "https://mixpanel.com",
    "eu": "https://eu.mixpanel.com",
    "in": "https://in.mixpanel.com",
}
EXPORT_HOSTS: dict[Region, str] = {
    "us": "https://data.mixpanel.com",
    "eu": "https://data-eu.mixpanel.com",
    "in": "https://data-in.mixpanel.com",
}


def base_url(host: Host, region: Region, environment: Environment) -> str:
    """The base of a family of endpoints; raises ``ConfigError`` for a variable that holds no URL.

    ``MP_API_BASE_URL`` replaces all, ``MP_APP_BASE_URL`` the app family alone.
    """
    if host == "app" and (own := _named(environment, "MP_APP_BASE_URL")):
        return own
    table = EXPORT_HOSTS if host == "export" else QUERY_HOSTS
    return _named(environment, "MP_API_BASE_URL") or table[region]


def login_url(region: Region, environment: Environment) -> str:
    """The base of the login service."""
    return _named(environment, "MP_API_BASE_URL") or QUERY_HOSTS[region]


def _named(environment: Environment, variable: str) -> str | None:
    given = environment.get(variable)
    if given is None:
        return None
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
        raise ConfigError(f"{variable} should be a URL like http://127.0.0.1:8080, without user or query")
    return given.rstrip("/")
