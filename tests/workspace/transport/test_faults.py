"""A real server misbehaves in every way; each is a clear error, in time, and the next answer is right."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from pytest_mixpanel.core.errors import MixpanelHeadlessError, QueryError, RateLimitError, ServerError
from pytest_mixpanel.workspace.transport import decoded, send
from pytest_mixpanel.workspace.transport.bounds import Bounds
from pytest_mixpanel.workspace.transport.retries import Retries
from tests.workspace.transport import faulty

PATHS = {"query": "/api/query/insights", "app": "/api/app/me", "export": "/api/2.0/export"}


@pytest.fixture
def server() -> Iterator[faulty.FaultyServer]:
    with faulty.running() as running:
        yield running


class Asker:
    """A client as the workspace makes it, whose waits are noted instead of slept."""

    def __init__(self, url: str, timeout: float = 5.0, largest: int = 2**20) -> None:
        self.url = url
        self.told: list[tuple[str, float]] = []
        bounds = Bounds(httpx.HTTPTransport(), timeout, largest)
        self.retries = Retries(
            bounds,
            tell=lambda reason, left: self.told.append((reason, left)),
            sleep=lambda _: None,
            chance=lambda: 0.0,
        )
        self.client = httpx.Client(transport=self.retries)

    def ask(self, family: str = "query", body: Any = None) -> Any:
        verb = "POST" if family == "query" else "GET"
        request = self.client.build_request(verb, self.url + PATHS[family], json=body)
        return decoded(send(self.client, request))


def test_a_refused_connection_says_which_host() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(MixpanelHeadlessError, match=r"no answer from 127\.0\.0\.1: .*refused") as error:
        Asker(f"http://127.0.0.1:{port}").ask()
    assert error.value.code == "HTTP_ERROR"


@pytest.mark.parametrize(
    ("manner", "said"),
    [(faulty.resets, "no answer from"), (faulty.breaks_off, "no answer from .*closed")],
    ids=["reset", "cut in the body"],
)
def test_a_lost_connection_is_an_error_and_is_not_repeated(
    server: faulty.FaultyServer, manner: faulty.Manner, said: str
) -> None:
    asker = Asker(server.url)
    server.then(manner, faulty.gives({"series": {}}))
    with pytest.raises(MixpanelHeadlessError, match=said) as error:
        asker.ask()
    assert error.value.code == "HTTP_ERROR"
    assert len(server.seen) == 1
    assert asker.ask() == {"series": {}}


@pytest.mark.parametrize("manner", [faulty.is_silent(1.5), faulty.drips(0.05)], ids=["silent", "dripping"])
def test_a_slow_answer_ends_at_the_deadline(server: faulty.FaultyServer, manner: faulty.Manner) -> None:
    server.then(manner)
    begun = time.monotonic()
    with pytest.raises(MixpanelHeadlessError, match=r"no answer from 127\.0\.0\.1 in time"):
        Asker(server.url, timeout=0.3).ask()
    assert time.monotonic() - begun < 1.2


def test_too_many_requests_wait_as_the_service_says(server: faulty.FaultyServer) -> None:
    asker = Asker(server.url)
    server.then(
        faulty.gives({"error": "slow down"}, 429, retry_after="7"),
        faulty.gives({"error": "slow down"}, 429),
        faulty.gives({"series": {}}),
    )
    assert asker.ask(body={"bookmark": 1}) == {"series": {}}
    assert [seen.body for seen in server.seen] == [b'{"bookmark":1}'] * 3
    assert {reason for reason, _ in asker.told} == {"Mixpanel asks to slow down"}
    assert [left for _, left in asker.told] == [7, 6, 5, 4, 3, 2, 1, 0, 2, 1, 0]


def test_too_many_requests_are_an_error_in_the_end(server: faulty.FaultyServer) -> None:
    server.then(faulty.gives({"error": "slow down"}, 429, retry_after="9999"))
    with pytest.raises(RateLimitError, match=r"slow down\. Retry after 3600 seconds\.") as error:
        Asker(server.url).ask()
    assert error.value.retry_after == 3600
    assert len(server.seen) == 4


def test_a_failing_service_is_not_asked_again_by_itself(server: faulty.FaultyServer) -> None:
    asker = Asker(server.url)
    server.then(faulty.gives({"error": "boom"}, 503), faulty.gives({"series": {}}))
    with pytest.raises(ServerError, match="Server error: boom"):
        asker.ask()
    assert len(server.seen) == 1
    assert asker.ask() == {"series": {}}


def test_an_export_is_asked_again_after_failures_of_service_and_connection(
    server: faulty.FaultyServer,
) -> None:
    asker = Asker(server.url)
    server.then(
        faulty.gives({}, 502),
        faulty.resets,
        faulty.gives({}, 429, retry_after="1"),
        faulty.says('{"event":1}'),
    )
    assert asker.ask("export") == {"event": 1}
    assert len(server.seen) == 4


def test_html_with_a_good_status_is_no_answer(server: faulty.FaultyServer) -> None:
    server.then(faulty.says("<html>" + "maintenance " * 1_000))
    with pytest.raises(
        MixpanelHeadlessError, match="/api/query/insights answered something that is not JSON"
    ) as e:
        Asker(server.url).ask()
    assert e.value.code == "INVALID_RESPONSE"
    assert len(str(e.value)) < 400


def test_wrong_json_is_no_answer(server: faulty.FaultyServer) -> None:
    server.then(faulty.says('{"series": ', kind="application/json"))
    with pytest.raises(MixpanelHeadlessError, match="not JSON"):
        Asker(server.url).ask()


def test_json_of_absurd_depth_is_no_answer(server: faulty.FaultyServer) -> None:
    server.then(faulty.says("[" * 200_000 + "]" * 200_000, kind="application/json"))
    with pytest.raises(MixpanelHeadlessError, match=r"nested too deeply|not JSON"):
        Asker(server.url).ask("app")


def test_gigantic_json_is_given_up_early(server: faulty.FaultyServer) -> None:
    server.then(faulty.never_ends)
    with pytest.raises(MixpanelHeadlessError, match="more than 1 MB; ask for fewer days") as error:
        Asker(server.url, largest=2**20).ask()
    assert error.value.code == "INVALID_RESPONSE"


def test_a_small_body_that_unpacks_to_a_gigantic_one_is_given_up(server: faulty.FaultyServer) -> None:
    bomb = gzip.compress(b" " * 2**24)
    server.then(lambda handler: handler.answer(bomb, content_encoding="gzip"))
    with pytest.raises(MixpanelHeadlessError, match="more than 1 MB"):
        Asker(server.url, largest=2**20).ask()


def test_a_damaged_compression_is_no_answer(server: faulty.FaultyServer) -> None:
    server.then(lambda handler: handler.answer(b"not gzip", content_encoding="gzip"))
    with pytest.raises(MixpanelHeadlessError, match="no answer from"):
        Asker(server.url).ask()


def test_an_error_with_a_good_status_is_an_error(server: faulty.FaultyServer) -> None:
    server.then(faulty.gives({"error": "unknown event"}))
    with pytest.raises(QueryError, match="unknown event") as error:
        Asker(server.url).ask()
    assert error.value.status_code == 200


def test_an_answer_without_series_is_an_error(server: faulty.FaultyServer) -> None:
    server.then(faulty.gives({"computed_at": "now"}))
    with pytest.raises(QueryError, match="holds no series"):
        Asker(server.url).ask()


def test_a_redirection_names_where_it_leads(server: faulty.FaultyServer) -> None:
    server.then(faulty.says("", 302, location="https://login.example/?next=x"))
    with pytest.raises(MixpanelHeadlessError, match=r"redirection \(302\) to login\.example"):
        Asker(server.url).ask()
