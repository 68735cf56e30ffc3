"""Logging in with the browser: OAuth 2 with PKCE, by a client that registers itself."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import sys
import webbrowser
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from urllib.parse import urlencode

from pytest_mixpanel.core.errors import OAuthError
from pytest_mixpanel.core.secret import Secret, SecretValues
from pytest_mixpanel.workspace.sessions.callback import PORTS, Callback
from pytest_mixpanel.workspace.sessions.environment import Environment
from pytest_mixpanel.workspace.sessions.guarded import locked, write_guarded
from pytest_mixpanel.workspace.sessions.hosts import login_url
from pytest_mixpanel.workspace.sessions.model import OAuthBrowserAccount, Region
from pytest_mixpanel.workspace.sessions.oauth import AUTHORIZE, LoginService
from pytest_mixpanel.workspace.sessions.tokens import Tokens, client_of, write_tokens

WAIT_SECONDS = 300.0
VERIFIER_BYTES = 64
SCOPE = (
    "projects analysis events insights segmentation retention data:read funnels flows data_definitions "
    "dashboard_reports bookmarks"
)


def log_in(
    account: OAuthBrowserAccount,
    environment: Environment,
    *,
    open_browser: bool = True,
    seconds: float = WAIT_SECONDS,
    ports: Sequence[int] = PORTS,
) -> Tokens:
    """Log in and keep the tokens; raises ``OAuthError`` with the ``code`` of the step that failed."""
    service = LoginService(login_url(account.region, environment))
    state, verifier = Secret(secrets.token_urlsafe(32)), Secret(secrets.token_urlsafe(VERIFIER_BYTES))
    with closing(Callback(state, ports)) as callback:
        client_id = registered(service, account.region, callback.address, environment)
        page = service.base + AUTHORIZE + "?" + _question(client_id, callback.address, state, verifier)
        _show(page, open_browser=open_browser)
        code = callback.wait(seconds)
        address = callback.address
    tokens = service.tokens(
        SecretValues(
            grant_type="authorization_code",
            code=code.get_secret_value(),
            redirect_uri=address,
            client_id=client_id,
            code_verifier=verifier.get_secret_value(),
        ),
        "OAUTH_TOKEN_ERROR",
        datetime.now(UTC),
    )
    path = environment.tokens_file(account.name)
    with locked(path):
        write_tokens(path, tokens)
    return tokens


def _question(client_id: str, address: str, state: Secret, verifier: Secret) -> str:
    digest = hashlib.sha256(verifier.get_secret_value().encode()).digest()
    return urlencode(
        {
            "response_type": "code",
            "client_id": client_id,
            "redirect_uri": address,
            "state": state.get_secret_value(),
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
    )


def _show(page: str, *, open_browser: bool) -> None:
    """Open the page, and write its address: a browser that opens nowhere is of no use."""
    sys.stderr.write(f"Log in to Mixpanel at:\n  {page}\n")
    sys.stderr.flush()
    if open_browser:
        try:
            webbrowser.open(page)
        except webbrowser.Error as error:
            raise OAuthError(
                f"no browser could be opened ({error}); use open_browser=False and open the address yourself",
                code="OAUTH_BROWSER_ERROR",
            ) from None


def registered(service: LoginService, region: Region, address: str, environment: Environment) -> str:
    """The id of this client, registered once for a region and the address the browser returns to."""
    path = environment.client_file(region)
    known = client_of(path)
    if known.get("redirect_uri") == address and known.get("region") == region and known.get("client_id"):
        return str(known["client_id"])
    client_id = service.register(
        {
            "redirect_uris": [address],
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": "none",
            "scope": SCOPE,
        }
    )
    written = {
        "client_id": client_id,
        "region": region,
        "redirect_uri": address,
        "scope": SCOPE,
        "created_at": datetime.now(UTC).isoformat(),
    }
    write_guarded(path, json.dumps(written, indent=2) + "\n", OAuthError)
    return client_id
