"""The tokens of a browser login, and the file that keeps them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pytest_mixpanel.core.errors import OAuthError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.secret import Secret, hidden
from pytest_mixpanel.workspace.sessions.guarded import read_guarded, write_guarded

SHOWN = frozenset({"expires_at", "token_type", "scope"})
"""What may be shown of a token file."""

EARLY = timedelta(seconds=30)
"""A token this near its end counts as expired: a request takes time."""


@frozen
class Tokens:
    """An access token and its end; perhaps a refresh token that gives the next one."""

    access_token: Secret
    expires_at: datetime
    refresh_token: Secret | None = None
    token_type: str = "Bearer"
    scope: str = ""

    def expired(self, now: datetime) -> bool:
        return self.expires_at - EARLY <= now

    @classmethod
    def parse(cls, data: Any, where: str) -> Tokens:
        """Tokens as a file holds them; raises ``OAuthError`` that begins with ``where``, shows no value."""
        given = hidden(data, SHOWN) if isinstance(data, dict) else {}
        del data
        access, refresh = given.get("access_token"), given.get("refresh_token")
        if not access:
            raise OAuthError(f"{where}: no access_token; log in again")
        try:
            end = datetime.fromisoformat(str(given.get("expires_at")))
        except ValueError:
            raise OAuthError(f"{where}: expires_at is no time; log in again") from None
        if end.tzinfo is None:
            raise OAuthError(f"{where}: expires_at has no time zone; log in again")
        return cls(
            access,
            end,
            refresh or None,
            str(given.get("token_type") or "Bearer"),
            str(given.get("scope") or ""),
        )

    def written(self) -> dict[str, str]:
        """As the file holds them: with the secrets, for nothing else."""
        said = {
            "access_token": self.access_token.get_secret_value(),
            "expires_at": self.expires_at.astimezone(UTC).isoformat(),
            "token_type": self.token_type,
            "scope": self.scope,
        }
        if self.refresh_token:
            said["refresh_token"] = self.refresh_token.get_secret_value()
        return said


def read_tokens(path: Path) -> Tokens | None:
    """The tokens of a file, ``None`` where there is none; raises ``OAuthError``."""
    try:
        data = hidden(json.loads(read_guarded(path, OAuthError) or "null"), SHOWN)
        return None if data is None else Tokens.parse(data, str(path))
    except ValueError:
        pass
    raise OAuthError(f"{path} is not JSON; log in again")


def write_tokens(path: Path, tokens: Tokens) -> None:
    write_guarded(path, json.dumps(tokens.written(), indent=2) + "\n", OAuthError)


def client_of(path: Path) -> dict[str, Any]:
    """A registration that was kept, empty where there is none."""
    try:
        data = json.loads(read_guarded(path, OAuthError) or "{}")
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}
