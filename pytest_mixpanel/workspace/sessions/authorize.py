"""What every request carries of the session: authorization and extra headers."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from pytest_mixpanel.core.errors import OAuthError
from pytest_mixpanel.core.secret import Secret
from pytest_mixpanel.workspace.sessions.environment import Environment
from pytest_mixpanel.workspace.sessions.model import (
    Account,
    OAuthBrowserAccount,
    OAuthTokenAccount,
    ServiceAccount,
    Session,
)

if TYPE_CHECKING:
    import httpx


class SessionAuth:
    """Puts a session's headers on requests. A request to a stranger is sent with ``auth=None`` instead.

    A token is looked up when a request leaves, so that a renewed one is used. Raises ``OAuthError`` before
    anything is sent where there is none.
    """

    def __init__(self, session: Session, environment: Environment) -> None:
        self.session, self._environment = session, environment

    def __call__(self, request: httpx.Request) -> httpx.Request:
        header = authorization(self.session, self._environment)
        if header is not None:
            request.headers["authorization"] = header.get_secret_value()
        request.headers.update(self.session.headers)
        return request


def authorization(session: Session, environment: Environment) -> Secret | None:
    """The value of the ``Authorization`` header; ``None`` for local projects."""
    account = session.account
    if isinstance(account, ServiceAccount):
        return Secret("Basic " + _base64(account))
    token = bearer(account, environment)
    return None if token is None else Secret("Bearer " + token.get_secret_value())


def bearer(account: Account, environment: Environment) -> Secret | None:
    """The bearer token of an account, ``None`` for those that have none; raises ``OAuthError``."""
    if isinstance(account, OAuthTokenAccount):
        return _given_token(account, environment)
    if isinstance(account, OAuthBrowserAccount):
        from pytest_mixpanel.workspace.sessions.renewal import current_tokens

        return current_tokens(account, environment).access_token
    return None


def _base64(account: ServiceAccount) -> str:
    return base64.b64encode(f"{account.username}:{account.secret.get_secret_value()}".encode()).decode()


def _given_token(account: OAuthTokenAccount, environment: Environment) -> Secret:
    if account.token is not None:
        return account.token
    token = environment.secret(account.token_env or "")
    if not token:
        raise OAuthError(
            f"account {account.name!r}: the environment variable {account.token_env} is not set",
            details={"account_name": account.name, "token_env": account.token_env},
        )
    return token
