"""The token of a browser account, renewed when it runs out: by one process at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from pytest_mixpanel.core.errors import OAuthError
from pytest_mixpanel.core.secret import SecretValues
from pytest_mixpanel.workspace.sessions.environment import Environment
from pytest_mixpanel.workspace.sessions.guarded import locked
from pytest_mixpanel.workspace.sessions.hosts import login_url
from pytest_mixpanel.workspace.sessions.model import OAuthBrowserAccount
from pytest_mixpanel.workspace.sessions.oauth import TIMEOUT_SECONDS, LoginService
from pytest_mixpanel.workspace.sessions.tokens import Tokens, client_of, read_tokens, write_tokens


def current_tokens(account: OAuthBrowserAccount, environment: Environment) -> Tokens:
    """Tokens that hold for another while.

    Raises ``OAuthError``: ``OAUTH_TOKEN_ERROR`` where nobody is logged in, ``OAUTH_REFRESH_REVOKED`` where
    the login was taken back, ``OAUTH_REFRESH_ERROR`` where the service cannot renew it.
    """
    path = environment.tokens_file(account.name)
    tokens = read_tokens(path)
    if tokens is None:
        raise _not_logged_in(account, "is not logged in")
    if not tokens.expired(datetime.now(UTC)):
        return tokens
    with locked(path, seconds=2 * TIMEOUT_SECONDS):
        tokens = read_tokens(path)  # another process may have renewed them meanwhile
        if tokens is None:
            raise _not_logged_in(account, "is not logged in")
        if tokens.expired(datetime.now(UTC)):
            tokens = _renewed(account, tokens, environment)
            write_tokens(path, tokens)
        return tokens


def _renewed(account: OAuthBrowserAccount, tokens: Tokens, environment: Environment) -> Tokens:
    """New tokens; the refresh token stays where no other is given."""
    client_id = client_of(environment.client_file(account.region)).get("client_id")
    if tokens.refresh_token is None or not client_id:
        raise _not_logged_in(account, "has a login that has run out")
    new = LoginService(login_url(account.region, environment)).tokens(
        SecretValues(
            grant_type="refresh_token",
            refresh_token=tokens.refresh_token.get_secret_value(),
            client_id=str(client_id),
        ),
        "OAUTH_REFRESH_ERROR",
        datetime.now(UTC),
    )
    return replace(
        new, refresh_token=new.refresh_token or tokens.refresh_token, scope=new.scope or tokens.scope
    )


def _not_logged_in(account: OAuthBrowserAccount, what: str) -> OAuthError:
    return OAuthError(
        f"account {account.name!r} {what}; run: pytest-mixpanel account login {account.name}",
        details={"account_name": account.name},
    )
