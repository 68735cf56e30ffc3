"""A question that was asked costs no second request."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.core.masking import remember
from pytest_mixpanel.workspace.transport.cache import Cache, clear
from pytest_mixpanel.workspace.transport.whose import Whose
from tests.workspace.transport import faulty
from tests.workspace.transport.asking import Wire, ask

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


class Kept:
    """A cache whose clock, project and time zone the test sets."""

    def __init__(self, folder: Path, answer: Any = None) -> None:
        self.now, self.whose = NOW, Whose("3", "UTC")
        self.wire = Wire(answer)
        self.folder = folder
        self.layer = Cache(self.wire, folder, lambda: self.whose, lambda: self.now)

    def ask(self, path: str = "query/segmentation", body: Any = None, **query: Any) -> Any:
        return ask(self.layer, path, body, **query)

    @property
    def entries(self) -> list[Path]:
        return sorted(self.folder.glob("??/*.json"))


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path / "answers")


def test_asked_twice_a_question_costs_one_request(kept: Kept) -> None:
    assert kept.ask(event="Login") == kept.ask(event="Login") == {"n": 1}
    assert len(kept.wire.asked) == 1


def test_the_order_of_arguments_and_who_asks_with_what_client_are_no_part_of_it(kept: Kept) -> None:
    kept.ask(event="Login", unit="day", query_origin="a")
    kept.ask(unit="day", event="Login", query_origin="b")
    kept.ask("query/engage", {"a": 1, "b": 2})
    kept.ask("query/engage/", {"b": 2, "a": 1})
    assert len(kept.wire.asked) == 2


def test_another_question_project_or_time_zone_is_asked(kept: Kept) -> None:
    kept.ask(event="Login")
    kept.ask(event="Logout")
    kept.whose = Whose("4", "UTC")
    kept.ask(event="Login")
    kept.whose = Whose("3", "Europe/Berlin")
    kept.ask(event="Login")
    assert len(kept.wire.asked) == 4


def test_an_answer_that_is_not_settled_expires(kept: Kept) -> None:
    kept.ask()
    kept.now += timedelta(minutes=9)
    kept.ask()
    assert len(kept.wire.asked) == 1
    kept.now += timedelta(minutes=2)
    kept.ask()
    assert len(kept.wire.asked) == 2


def test_an_answer_from_the_future_is_asked_for_again(kept: Kept) -> None:
    kept.ask()
    kept.now -= timedelta(minutes=1)
    kept.ask()
    assert len(kept.wire.asked) == 2


@pytest.mark.parametrize("path", ["app/me", "2.0/export"])
def test_entities_and_exports_are_always_asked(kept: Kept, path: str) -> None:
    kept.ask(path)
    kept.ask(path)
    assert len(kept.wire.asked) == 2
    assert kept.entries == []


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(400, json={"error": "no"}),
        httpx.Response(500, json={}),
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json={"error": "unknown event"}),
    ],
    ids=["refused", "failed", "html", "an error with status 200"],
)
def test_what_is_no_answer_is_not_kept(tmp_path: Path, response: httpx.Response) -> None:
    kept = Kept(tmp_path, lambda _: response)
    client = httpx.Client(transport=kept.layer)
    for _ in range(2):
        client.get("https://mixpanel.com/api/query/segmentation")
    assert len(kept.wire.asked) == 2
    assert kept.entries == []


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", "{}", '{"format": 1}', '{"format": 1, "kept_at": "then", "right_until": null}'],
)
def test_a_damaged_entry_is_asked_for_and_written_anew(kept: Kept, content: str) -> None:
    kept.ask()
    (entry,) = kept.entries
    whole = entry.read_text()
    entry.write_text(content)
    assert kept.ask() == {"n": 1}
    assert len(kept.wire.asked) == 2
    assert entry.read_text() == whole


def test_an_entry_of_another_question_is_not_given(kept: Kept) -> None:
    kept.ask(event="Login")
    (entry,) = kept.entries
    entry.write_text(entry.read_text().replace("Login", "Other"))
    kept.ask(event="Login")
    assert len(kept.wire.asked) == 2


def test_an_entry_is_readable_for_its_owner_alone(kept: Kept) -> None:
    kept.ask(event="Login")
    (entry,) = kept.entries
    read = json.loads(entry.read_text())
    assert read["question"] == {"ask": "GET /api/query/segmentation", "query": {"event": "Login"}}
    assert read["answer"] == {"n": 1}
    if sys.platform != "win32":
        assert entry.stat().st_mode & 0o077 == 0


def test_an_answer_with_a_secret_in_it_is_not_kept(tmp_path: Path) -> None:
    remember("canary-in-cache-91")
    kept = Kept(tmp_path, {"echo": "canary-in-cache-91"})
    kept.ask()
    assert kept.entries == []


def test_clearing_forgets_answers_and_nothing_else(kept: Kept) -> None:
    kept.ask()
    other = kept.folder / "ab" / "notes.json"
    other.parent.mkdir(exist_ok=True)
    other.write_text("mine")
    assert clear(kept.folder) == 1
    assert clear(kept.folder) == 0
    assert other.exists()
    kept.ask()
    assert len(kept.wire.asked) == 2


def test_a_folder_that_cannot_be_made_is_named_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="--mixpanel-cache=DIR"):
        Kept(tmp_path / "file" / "answers").ask()


def test_threads_that_ask_the_same_wait_for_one_answer(tmp_path: Path) -> None:
    begun = threading.Event()

    def slowly(_: httpx.Request) -> httpx.Response:
        begun.wait(0.2)
        return httpx.Response(200, json={"n": 1})

    kept = Kept(tmp_path, slowly)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: kept.ask(), range(8))) == [{"n": 1}] * 8
    assert len(kept.wire.asked) == 1


ASKER = """
import sys, httpx
from pathlib import Path
from pytest_mixpanel.workspace.transport.cache import Cache
from pytest_mixpanel.workspace.transport.whose import Whose
layer = Cache(httpx.HTTPTransport(), Path(sys.argv[1]), lambda: Whose("3", "UTC"))
print(httpx.Client(transport=layer).get(sys.argv[2] + "/api/query/segmentation").json())
"""


@pytest.fixture
def slow_server() -> Iterator[faulty.FaultyServer]:
    def manner(handler: faulty.Handler) -> None:
        threading.Event().wait(0.5)
        handler.answer(b'{"n": 1}')

    with faulty.running(manner) as server:
        yield server


def test_processes_and_later_runs_share_one_answer(tmp_path: Path, slow_server: faulty.FaultyServer) -> None:
    command = [sys.executable, "-c", ASKER, str(tmp_path), slow_server.url]
    side_by_side = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert {process.communicate()[0] for process in side_by_side} == {"{'n': 1}\n"}
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "{'n': 1}\n"
    assert len(slow_server.seen) == 1
