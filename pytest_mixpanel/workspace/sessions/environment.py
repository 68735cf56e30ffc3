"""What the environment says: accounts, projects, regions, and where the files are."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.core.secret import Secret
from pytest_mixpanel.workspace.sessions.model import (
    OAuthTokenAccount,
    Region,
    ServiceAccount,
    checked_project,
    checked_region,
)

SERVICE_ACCOUNT = "env-service-account"
TOKEN_ACCOUNT = "env-oauth-token"
AXES = {
    "account": ("MP_USERNAME", "MP_SECRET", "MP_OAUTH_TOKEN"),
    "project": ("MP_PROJECT_ID",),
    "workspace": ("MP_WORKSPACE_ID",),
    "region": ("MP_REGION",),
}


class Environment:
    """The variables of a process, read when they are asked for. Empty ones count as unset.

    A mapping would show every secret in it where a traceback shows variables; this shows nothing.
    """

    __slots__ = ("_hidden", "_values")

    def __init__(self, values: Mapping[str, str] | None = None, hidden: Iterable[str] = ()) -> None:
        self._values = os.environ if values is None else values
        self._hidden = frozenset(hidden)

    def __repr__(self) -> str:
        return "<Environment>"

    def without(self, axes: Iterable[str]) -> Environment:
        """The same, silent on these axes: for values that were said where they count more."""
        return Environment(self._values, self._hidden.union(*(AXES[axis] for axis in axes)))

    def get(self, name: str) -> str | None:
        if name in self._hidden:
            return None
        return self._values.get(name, "").strip() or None

    def secret(self, name: str) -> Secret | None:
        return Secret(self.get(name) or "") or None

    def settles(self, *names: str) -> bool:
        """Whether each variable is set, or was overruled by something that counts more."""
        return all(self.get(name) or name in self._hidden for name in names)

    # what a session is made of

    def region(self) -> Region | None:
        """``MP_REGION``; raises ``ConfigError`` for one that is none."""
        given = self.get("MP_REGION")
        if given is None:
            return None
        try:
            return checked_region(given)
        except ConfigError as error:
            raise ConfigError(f"MP_REGION: {error}") from None

    def project(self) -> str | None:
        """``MP_PROJECT_ID``; raises ``ConfigError`` for anything but digits."""
        given = self.get("MP_PROJECT_ID")
        return None if given is None else checked_project(given, "MP_PROJECT_ID")

    def workspace(self) -> int | None:
        """``MP_WORKSPACE_ID``; raises ``ConfigError`` for anything but a positive whole number."""
        given = self.get("MP_WORKSPACE_ID")
        if given is None:
            return None
        if not (given.isascii() and given.isdecimal() and int(given) > 0):
            raise ConfigError(f"MP_WORKSPACE_ID {given!r}: a workspace's id is a positive whole number")
        return int(given)

    def service_account(self, region: Region | None = None) -> ServiceAccount | None:
        """The account of ``MP_USERNAME`` and ``MP_SECRET``, in ``region``, ``MP_REGION`` or ``us``."""
        username, secret = self.get("MP_USERNAME"), self.secret("MP_SECRET")
        if not (username and secret):
            return None
        return ServiceAccount(
            name=SERVICE_ACCOUNT, region=region or self.region() or "us", username=username, secret=secret
        )

    def token_account(self, region: Region | None = None) -> OAuthTokenAccount | None:
        """The account of ``MP_OAUTH_TOKEN``."""
        token = self.secret("MP_OAUTH_TOKEN")
        if not token:
            return None
        return OAuthTokenAccount(name=TOKEN_ACCOUNT, region=region or self.region() or "us", token=token)

    def header(self) -> dict[str, str]:
        """The header of ``MP_CUSTOM_HEADER_NAME`` and ``MP_CUSTOM_HEADER_VALUE``, if both are there."""
        name, value = self.get("MP_CUSTOM_HEADER_NAME"), self.get("MP_CUSTOM_HEADER_VALUE")
        return {name: value} if name and value else {}

    # where things are

    def config_file(self) -> Path:
        given = self.get("MP_CONFIG_PATH")
        return Path(given).expanduser() if given else Path.home() / ".mp" / "config.toml"

    def storage(self) -> Path:
        """The folder of tokens and client registrations."""
        given = self.get("MP_STORAGE_DIR") or self.get("MP_OAUTH_STORAGE_DIR")
        return Path(given).expanduser() if given else Path.home() / ".mp"

    def tokens_file(self, account: str) -> Path:
        return self.storage() / "accounts" / account / "tokens.json"

    def client_file(self, region: Region) -> Path:
        """The registration of this client with a region's login service."""
        return self.storage() / "oauth" / f"client_{region}.json"

    def me_file(self, account: str) -> Path:
        """What ``me`` answered; no variable moves it, as in the existing client."""
        return Path.home() / ".mp" / "accounts" / account / "me.json"

    def bridge_files(self) -> tuple[Path, ...]:
        """Where a bridge file is looked for: the one that is named, else two usual places."""
        given = self.get("MP_AUTH_FILE")
        if given:
            return (Path(given).expanduser(),)
        return (Path.home() / ".claude" / "mixpanel" / "auth.json", Path("mixpanel_auth.json"))
