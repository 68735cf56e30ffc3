"""The browser login against a real authorisation server on loopback, and all the ways in which it fails."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

import pytest_mixpanel as mp
from pytest_mixpanel.workspace.sessions import login as login_module
from pytest_mixpanel.workspace.sessions.callback import Callback
from pytest_mixpanel.workspace.sessions.environment import Environment
from pytest_mixpanel.workspace.sessions.login import log_in
from pytest_mixpanel.workspace.sessions.model import OAuthBrowserAccount
from pytest_mixpanel.workspace.sessions.renewal import current_tokens
from pytest_mixpanel.workspace.sessions.tokens import Tokens, read_tokens, write_tokens
from tests.workspace.sessions.authority import Authority, Browser, authority

LAPTOP = OAuthBrowserAccount(name="laptop", region="in", default_project="7")


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, config_file: Path) -> Iterator[Authority]:
    with authority() as running:
        monkeypatch.setenv("MP_API_BASE_URL", running.url)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
        yield running


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    opened = Browser()
    monkeypatch.setattr(login_module.webbrowser, "open", opened.open)
    yield opened
    opened.wait()


@pytest.fixture
def ports() -> tuple[int, ...]:
    """Ports that are free, so that tests in other processes do not meet."""
    with socket.socket() as first:
        first.bind(("127.0.0.1", 0))
        return (first.getsockname()[1],)


def logged_in(service: Authority, *, expires_in: timedelta) -> Path:
    """The laptop with tokens of the service's, which end when it is said."""
    path = Environment().tokens_file("laptop")
    granted = service.granted(with_refresh=True)
    service.clients["known"] = {}
    tokens = {
        "access_token": granted["access_token"],
        "refresh_token": granted["refresh_token"],
        "expires_at": (datetime.now(UTC) + expires_in).isoformat(),
        "token_type": "Bearer",
        "scope": "projects",
    }
    write_tokens(path, Tokens.parse(tokens, "test"))
    client = Environment().client_file("in")
    client.parent.mkdir(parents=True, exist_ok=True)
    client.write_text(json.dumps({"client_id": "known", "region": "in", "redirect_uri": "http://x"}))
    client.chmod(0o600)
    return path


def test_a_login_ends_with_tokens_that_the_service_accepts(
    service: Authority, browser: Browser, ports: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_in, "__kwdefaults__", {**log_in.__kwdefaults__, "ports": ports, "seconds": 20})
    result = mp.accounts.login("laptop")
    browser.wait()
    assert (browser.status, "You are logged in" in browser.text) == (200, True)
    assert result.user is not None
    assert result.user.email == "ana@shop.test"
    assert result.tokens_path.stat().st_mode & 0o777 == result.client_path.stat().st_mode & 0o777 == 0o600
    assert result.tokens_path.parent.stat().st_mode & 0o777 == 0o700
    assert timedelta(minutes=55) < result.expires_at - datetime.now(UTC) <= timedelta(hours=1)
    assert mp.accounts.token("laptop") in service.access
    assert mp.accounts.test("laptop").accessible_project_count == 1
    assert mp.Workspace(account="laptop").projects() == [mp.Project("7")]


def test_a_client_registers_once_for_an_address(
    service: Authority, browser: Browser, ports: tuple[int, ...]
) -> None:
    for _ in range(2):
        log_in(LAPTOP, Environment(), seconds=20, ports=ports)
    (registered,) = [asked for path, asked in service.requests if path == "/oauth/mcp/register/"]
    assert registered["redirect_uris"] == [f"http://localhost:{ports[0]}/callback"]
    assert registered["grant_types"] == ["authorization_code", "refresh_token"]
    kept = json.loads(Environment().client_file("in").read_text())
    assert set(kept) == {"client_id", "region", "redirect_uri", "scope", "created_at"}
    verifiers = [asked["code_verifier"] for path, asked in service.requests if path == "/oauth/token/"]
    assert len(set(verifiers)) == 2


def test_the_address_is_shown_where_no_browser_is_opened(
    service: Authority, ports: tuple[int, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(mp.OAuthError, match=r"nobody returned from the login within 0 s") as error:
        log_in(LAPTOP, Environment(), open_browser=False, seconds=0.05, ports=ports)
    assert error.value.code == "OAUTH_TIMEOUT"
    shown = capsys.readouterr()
    assert f"{service.url}/oauth/authorize/?response_type=code&client_id=" in shown.err
    assert shown.out == ""


@pytest.mark.parametrize(
    ("switches", "code", "message"),
    [
        ({"refuses_login": True}, "OAUTH_AUTH_DENIED", "the login was refused: access_denied"),
        ({"forges_state": True}, "OAUTH_STATE_MISMATCH", "another login than the one begun here"),
        ({"refuses_clients": True}, "OAUTH_REGISTRATION_ERROR", "answered 400: invalid_client_metadata"),
        (
            {"token_status": 500, "token_text": "<html>"},
            "OAUTH_TOKEN_ERROR",
            "answered 500: nothing readable",
        ),
        ({"token_text": "[]"}, "OAUTH_TOKEN_ERROR", "answered 200: nothing readable"),
        ({"token_text": '{"expires_in": 3600}'}, "OAUTH_TOKEN_ERROR", "without an access token"),
        ({"life": "soon"}, "OAUTH_TOKEN_ERROR", "unreadable expires_in"),
        ({"life": -1}, "OAUTH_TOKEN_ERROR", "unreadable expires_in"),
    ],
)
def test_a_login_that_fails_says_at_which_step_and_keeps_nothing(
    service: Authority,
    browser: Browser,
    ports: tuple[int, ...],
    switches: dict[str, Any],
    code: str,
    message: str,
) -> None:
    for name, value in switches.items():
        setattr(service, name, value)
    with pytest.raises(mp.OAuthError, match=message) as error:
        log_in(LAPTOP, Environment(), seconds=20, ports=ports)
    assert error.value.code == code
    browser.wait()
    assert "<b>" not in browser.text
    assert not Environment().tokens_file("laptop").exists()


def test_ports_that_others_hold_are_passed_over(service: Authority, browser: Browser) -> None:
    with socket.socket() as taken, socket.socket() as other:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        other.bind(("127.0.0.1", 0))
        free = other.getsockname()[1]
        other.close()
        held = taken.getsockname()[1]
        log_in(LAPTOP, Environment(), seconds=20, ports=(held, free))
        with pytest.raises(mp.OAuthError, match=f"none of the ports {held} is free") as error:
            log_in(LAPTOP, Environment(), seconds=20, ports=(held,))
    assert error.value.code == "OAUTH_PORT_ERROR"


def test_visitors_who_are_not_the_login_do_not_end_it(ports: tuple[int, ...]) -> None:
    from pytest_mixpanel.core.secret import Secret

    callback = Callback(Secret("the-state"), ports)
    address = callback.address.replace("localhost", "127.0.0.1")
    statuses: list[int] = []

    def visit() -> None:
        with socket.create_connection(("127.0.0.1", ports[0])):
            pass
        for target in (address.replace("/callback", "/favicon.ico"), f"{address}?code=c0de&state=the-state"):
            statuses.append(httpx.get(target, trust_env=False, timeout=5).status_code)

    thread = threading.Thread(target=visit)
    thread.start()
    assert callback.wait(20).get_secret_value() == "c0de"
    thread.join()
    callback.close()
    assert statuses == [404, 200]


def test_a_token_that_runs_out_is_renewed_before_the_request(service: Authority) -> None:
    path = logged_in(service, expires_in=timedelta(seconds=20))  # within the 30 s that count as over
    before = read_tokens(path)
    assert before is not None
    assert before.refresh_token is not None
    ws = mp.Workspace(account="laptop")
    assert ws.me(force_refresh=True).user_email == "ana@shop.test"
    after = read_tokens(path)
    assert after is not None
    assert after.access_token != before.access_token
    assert after.refresh_token not in (None, before.refresh_token)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [asked for asked, _ in service.requests] == ["/oauth/token/", "/api/app/me"]


def test_a_token_that_holds_is_used_as_it_is(service: Authority) -> None:
    logged_in(service, expires_in=timedelta(minutes=1))
    mp.Workspace(account="laptop").me(force_refresh=True)
    assert [asked for asked, _ in service.requests] == ["/api/app/me"]


def test_the_refresh_token_stays_where_no_other_is_given(service: Authority) -> None:
    service.rotates = False
    path = logged_in(service, expires_in=timedelta(0))
    before = read_tokens(path)
    after = current_tokens(LAPTOP, Environment())
    assert before is not None
    assert after.refresh_token == before.refresh_token


def test_one_of_many_renews_and_the_others_wait(service: Authority) -> None:
    logged_in(service, expires_in=timedelta(0))
    found: list[str] = []

    def renew() -> None:
        found.append(current_tokens(LAPTOP, Environment()).access_token.get_secret_value())

    threads = [threading.Thread(target=renew) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert [asked for asked, _ in service.requests] == ["/oauth/token/"]


@pytest.mark.parametrize(
    ("damage", "code", "message"),
    [
        ("revoked", "OAUTH_REFRESH_REVOKED", "answered 400: invalid_grant: it was taken back"),
        ("unknown client", "OAUTH_REFRESH_ERROR", "answered 401: invalid_client"),
        ("broken service", "OAUTH_REFRESH_ERROR", "answered 503"),
        (
            "no refresh token",
            "OAUTH_TOKEN_ERROR",
            "'laptop' has a login that has run out; run: pytest-mixpanel",
        ),
        (
            "no tokens",
            "OAUTH_TOKEN_ERROR",
            "'laptop' is not logged in; run: pytest-mixpanel account login laptop",
        ),
        ("others may read", "OAUTH_TOKEN_ERROR", "can be read or written by others; run: chmod 600"),
        ("a link", "OAUTH_TOKEN_ERROR", "is a symbolic link"),
        ("no JSON", "OAUTH_TOKEN_ERROR", "is not JSON; log in again"),
        ("no service", "OAUTH_REFRESH_ERROR", "no answer from http://127.0.0.1:9/oauth/token/"),
    ],
)
def test_a_token_that_cannot_be_renewed_is_an_error_before_any_request(
    service: Authority, damage: str, code: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = logged_in(service, expires_in=timedelta(0))
    match damage:
        case "revoked":
            service.refresh.clear()
        case "unknown client":
            service.clients.clear()
        case "broken service":
            service.token_status = 503
        case "no refresh token":
            tokens = json.loads(path.read_text())
            del tokens["refresh_token"]
            path.write_text(json.dumps(tokens))
        case "no tokens":
            path.unlink()
        case "others may read":
            path.chmod(0o644)
        case "a link":
            path.rename(path.with_name("elsewhere.json"))
            path.symlink_to(path.with_name("elsewhere.json"))
        case "no JSON":
            path.write_text("access_token=…")
        case "no service":
            monkeypatch.setenv("MP_API_BASE_URL", "http://127.0.0.1:9")
    ws = mp.Workspace(account="laptop")
    with pytest.raises(mp.OAuthError, match=message) as error:
        ws.me(force_refresh=True)
    assert error.value.code == code
    assert "/api/app/me" not in [asked for asked, _ in service.requests]


def test_only_browser_accounts_log_in(config_file: Path) -> None:
    with pytest.raises(mp.ConfigError, match="'shop' is of type service_account"):
        mp.accounts.login("shop")


def test_the_region_of_credentials_is_the_first_that_knows_them(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        known = request.url.host == "eu.mixpanel.com"
        return httpx.Response(200 if known else 401, json={"error": "unknown"})

    monkeypatch.setattr(httpx, "get", _get_by(answer))
    added = mp.accounts.add("shop", type="service_account", username="etl", secret="canary-1f")
    assert added.region == "eu"
    assert asked == ["mixpanel.com", "eu.mixpanel.com"]


def test_credentials_that_no_region_knows_are_not_added(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(httpx, "get", _get_by(lambda _: httpx.Response(401, json={"error": "unknown"})))
    with pytest.raises(
        mp.RegionProbeError, match="no region knows the credentials of account 'shop'"
    ) as error:
        mp.accounts.add("shop", type="service_account", username="etl", secret="canary-1f")
    assert [attempt[:2] for attempt in error.value.details["attempts"]] == [
        ["us", 401],
        ["eu", 401],
        ["in", 401],
    ]

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    monkeypatch.setattr(httpx, "get", _get_by(refuse))
    with pytest.raises(mp.RegionProbeNetworkError, match="no region could be reached"):
        mp.accounts.add("shop", type="service_account", username="etl", secret="canary-1f")
    assert mp.accounts.list() == []


def _get_by(answer: Any) -> Any:
    def get(url: str, **arguments: Any) -> httpx.Response:
        with httpx.Client(transport=httpx.MockTransport(answer)) as client:
            return client.get(url, **arguments)

    return get
