"""The login service: how it is spoken to, and how its refusals are told without a secret."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from pytest_mixpanel.core.errors import OAuthError
from pytest_mixpanel.core.masking import mask
from pytest_mixpanel.core.secret import Secret, SecretValues
from pytest_mixpanel.workspace.sessions.tokens import Tokens

REGISTER = "/oauth/mcp/register/"
AUTHORIZE = "/oauth/authorize/"
TOKEN = "/oauth/token/"
TIMEOUT_SECONDS = 30.0
LONGEST_TEXT = 200
DEFAULT_LIFE_SECONDS = 3600


class LoginService:
    """The login service of a region, below ``base``."""

    def __init__(self, base: str) -> None:
        self.base = base

    def register(self, client: Mapping[str, Any]) -> str:
        """Make this client known; returns its id. Raises ``OAuthError`` (``OAUTH_REGISTRATION_ERROR``)."""
        answer = self._post(REGISTER, "OAUTH_REGISTRATION_ERROR", json=client)
        client_id = answer.get("client_id")
        if not isinstance(client_id, str) or not client_id:
            raise OAuthError("the login service gave this client no id", code="OAUTH_REGISTRATION_ERROR")
        return client_id

    def tokens(self, form: SecretValues, code: str, now: datetime) -> Tokens:
        """Exchange a code or a refresh token; raises ``OAuthError`` with ``code``.

        ``OAUTH_REFRESH_REVOKED`` where the service says that the grant is no longer one.
        """
        return tokens_of(self._post(TOKEN, code, data=form), code, now)

    def _post(self, path: str, code: str, **content: Any) -> SecretValues:
        try:
            response = httpx.post(
                self.base + path, timeout=TIMEOUT_SECONDS, headers={"accept": "application/json"}, **content
            )
        except httpx.HTTPError as error:
            problem = mask(str(error)) or type(error).__name__
        else:
            return _answer(path, response, code)
        # Raised outside of the handler: the frames of the connection hold the codes and tokens.
        raise OAuthError(f"no answer from {self.base}{path}: {problem}", code=code)


def _answer(path: str, response: httpx.Response, code: str) -> SecretValues:
    data = _json(response)
    if response.is_success and data:
        return data
    said = [data[key] for key in ("error", "error_description") if isinstance(data.get(key), str)]
    told = mask(": ".join(said))[:LONGEST_TEXT] or "nothing readable"
    is_over = code == "OAUTH_REFRESH_ERROR" and data.get("error") == "invalid_grant"
    raise OAuthError(
        f"{path} answered {response.status_code}: {told}",
        code="OAUTH_REFRESH_REVOKED" if is_over and response.status_code in (400, 401) else code,
        details={
            "status_code": response.status_code,
            "error": mask(str(data.get("error", "")))[:LONGEST_TEXT],
        },
    )


def _json(response: httpx.Response) -> SecretValues:
    try:
        data = response.json()
    except (ValueError, RecursionError):
        return SecretValues()
    return SecretValues(data) if isinstance(data, dict) else SecretValues()


def tokens_of(answer: Mapping[str, Any], code: str, now: datetime) -> Tokens:
    """The tokens of an answer; without ``expires_in`` they hold for an hour."""
    access, life = answer.get("access_token"), answer.get("expires_in", DEFAULT_LIFE_SECONDS)
    if not isinstance(access, str) or not access:
        del access
        raise OAuthError("the login service answered without an access token", code=code)
    if isinstance(life, bool) or not isinstance(life, int | float) or not 0 < life < 10**9:
        del access
        raise OAuthError("the login service answered with an unreadable expires_in", code=code)
    return Tokens(
        Secret(access),
        now.astimezone(UTC) + timedelta(seconds=life),
        Secret(str(answer["refresh_token"])) if answer.get("refresh_token") else None,
        str(answer.get("token_type") or "Bearer"),
        str(answer.get("scope") or ""),
    )
