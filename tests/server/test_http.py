"""The server over real HTTP: who is let in, how bodies are read, what is too much."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.server.access import Access, access_from, generated
from pytest_mixpanel.server.app import Server
from pytest_mixpanel.server.http import application
from pytest_mixpanel.server.messages import Request, Response
from pytest_mixpanel.server.projects import LOCAL_PROJECT_ID
from pytest_mixpanel.server.running import LocalMixpanel, bound, is_loopback, running, url_of
from tests.engine.events import event, project

NOW = datetime(2025, 3, 2, tzinfo=UTC)
SERVER = Server(project([event("Login", f"u{n}", "2025-03-01T10:00", step=n) for n in range(3_000)]), NOW)
NAMES = "/api/query/events/names"
PARAMS = {"bookmark": {"sections": {}}}


@pytest.fixture(scope="module")
def local() -> Iterator[LocalMixpanel]:
    with running(SERVER) as server:
        yield server


def ask(local: LocalMixpanel, path: str = NAMES, **request: object) -> httpx.Response:
    request.setdefault("auth", (local.username, local.secret))
    method = str(request.pop("method", "GET"))
    return httpx.request(method, local.url + path, **request)  # type: ignore[arg-type]  # of any request


def ask_app(app: Any, method: str, url: str, **request: Any) -> httpx.Response:
    async def answered() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
            return await client.request(method, url, **request)

    return asyncio.run(answered())


def test_a_service_account_and_a_bearer_of_the_token_are_let_in(local: LocalMixpanel) -> None:
    assert ask(local).json() == ["Login"]
    bearer = {"authorization": f"Bearer {local.token}"}
    assert ask(local, auth=None, headers=bearer).json() == ["Login"]
    bare = {"authorization": f"Basic {local.username}:{local.secret}"}
    assert ask(local, auth=None, headers=bare).status_code == 200


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Basic",
        "Basic !!!",
        "Basic bG9jYWw6",
        "Bearer",
        "Bearer x",
        "Digest local",
        "Basic local:no",
        "\xe9",
    ],
)
def test_anyone_else_is_refused_in_the_words_of_the_service(local: LocalMixpanel, authorization: str) -> None:
    answer = ask(local, auth=None, headers={"authorization": authorization.encode("latin-1")})
    assert answer.status_code == 401
    assert answer.json() == {"error": "Invalid service account credentials", "status": "error"}
    assert "basic" in answer.headers["www-authenticate"].lower()


def test_credentials_are_those_of_the_environment_or_nobodys() -> None:
    ours = access_from({"MP_USERNAME": "svc", "MP_SECRET": "canary-1", "MP_OAUTH_TOKEN": "canary-2"})
    assert (ours.username, ours.secret, ours.token, ours.is_generated) == (
        "svc",
        "canary-1",
        "canary-2",
        False,
    )
    assert "canary" not in repr(ours)
    made = access_from({"MP_USERNAME": "svc"})
    assert made.is_generated
    assert made.username != "svc"
    assert generated().secret != generated().secret


def test_a_body_may_be_packed(local: LocalMixpanel) -> None:
    plain = ask(local, "/api/query/insights", method="POST", json=PARAMS)
    packed = ask(
        local,
        "/api/query/insights",
        method="POST",
        content=gzip.compress(json.dumps(PARAMS).encode()),
        headers={"content-encoding": "gzip", "content-type": "application/json"},
    )
    assert packed.status_code == 400
    assert packed.json() == plain.json()
    assert "$.sections.show" in packed.json()["error"]


@pytest.mark.parametrize(
    ("content", "encoding", "said"),
    [
        (b"no gzip", "gzip", "no gzip"),
        (gzip.compress(b"{}" * 100)[:-9], "gzip", "breaks off"),
        (b"{}", "br", "send the body as it is, or gzip"),
        (b"{", "identity", "no JSON"),
        (b"[" * 200_000, "identity", "no JSON"),
        (b"\xff{}", "identity", "no JSON"),
    ],
    ids=["no gzip", "cut", "brotli", "cut JSON", "deep JSON", "no UTF-8"],
)
def test_a_body_that_cannot_be_read_is_refused(
    local: LocalMixpanel, content: bytes, encoding: str, said: str
) -> None:
    headers = {"content-encoding": encoding, "content-type": "application/json"}
    answer = ask(local, "/api/query/insights", method="POST", content=content, headers=headers)
    assert answer.status_code == 400
    assert said in answer.json()["error"]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [(b" " * 2_000, "identity"), (gzip.compress(b" " * 5_000_000), "gzip")],
    ids=["as it is", "unpacked"],
)
def test_a_body_that_is_too_large_is_refused(content: bytes, encoding: str) -> None:
    app = application(SERVER, None, most_bytes=1_000)
    headers = {"content-encoding": encoding}
    answer = ask_app(app, "POST", "http://localhost/api/query/insights", content=content, headers=headers)
    assert answer.status_code == 413


def test_a_form_is_read_as_its_fields() -> None:
    asked = Request.read("POST", "/", "", b"name=A+b", "application/x-www-form-urlencoded; charset=utf-8")
    assert asked.body == {"name": "A b"}
    assert Request.read("PUT", "/", "", b"a,b\n", "text/csv").body == b"a,b\n"


def test_an_answer_is_packed_for_whoever_takes_it(local: LocalMixpanel) -> None:
    days = {"from_date": "2025-03-01", "to_date": "2025-03-01"}
    packed = ask(local, "/api/2.0/export", params=days, headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    plain = ask(local, "/api/2.0/export", params=days, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == packed.text
    assert len(plain.text.splitlines()) == 3_000


def test_an_export_leaves_before_it_is_whole(local: LocalMixpanel) -> None:
    days = {"from_date": "2025-03-01", "to_date": "2025-03-01"}
    answer = ask(local, "/api/2.0/export", params=days)
    assert "content-length" not in answer.headers
    assert answer.headers["content-type"].startswith("text/plain")


def test_without_credentials_it_answers_only_by_a_name_of_this_machine() -> None:
    app = application(SERVER, None)
    for name in ("localhost", "127.0.0.1:8123", "[::1]:8123"):
        assert ask_app(app, "GET", f"http://{name}{NAMES}").status_code == 200
    assert ask_app(app, "GET", f"http://attacker.example{NAMES}").status_code == 400


def test_a_mistake_of_ours_is_told_without_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Server):
        def handle(self, request: Request) -> Response:
            raise RuntimeError("the inside")

    caplog.set_level(logging.CRITICAL)
    with running(Broken(SERVER.store, NOW)) as local:
        answer = ask(local)
    assert answer.status_code == 500
    assert "inside" not in answer.text


def test_many_may_ask_at_once(local: LocalMixpanel) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: ask(local).json(), range(40)))
    assert answers == [["Login"]] * 40


def test_when_the_block_ends_nobody_listens() -> None:
    with running(SERVER) as local:
        assert ask(local).status_code == 200
    with pytest.raises(httpx.ConnectError):
        ask(local)


def test_the_environment_is_what_clients_read(local: LocalMixpanel) -> None:
    assert local.environment == {
        "MP_API_BASE_URL": local.url,
        "MP_USERNAME": local.username,
        "MP_SECRET": local.secret,
        "MP_PROJECT_ID": LOCAL_PROJECT_ID,
        "MP_REGION": "us",
    }
    assert local.secret not in repr(local)
    assert local.token not in repr(local)


def test_a_port_that_is_taken_is_an_error_in_words() -> None:
    with bound("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert url_of(listener) == f"http://127.0.0.1:{port}"
        with pytest.raises(ConfigError, match=f"cannot listen on 127.0.0.1 port {port}"):
            bound("127.0.0.1", port)
    with pytest.raises(ConfigError, match="cannot listen on no-such-host"):
        bound("no-such-host.invalid", 0)


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("shop.example", False)],
)
def test_loopback_is_known(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_access_compares_whole_pairs() -> None:
    access = Access("svc", "secret", "token")
    assert access.admits("Basic c3ZjOnNlY3JldA==")  # svc:secret
    assert not access.admits("Basic c3ZjOnNlY3Jl")
    assert access.admits("bearer token")
