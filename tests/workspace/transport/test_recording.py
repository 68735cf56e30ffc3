"""What was asked is kept in a file with its answers, and answered from it without account and network."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

import pytest_mixpanel as mp
from pytest_mixpanel.core.masking import MASK, remember
from pytest_mixpanel.workspace.transport.recording import Draft, Head, Recorder
from pytest_mixpanel.workspace.transport.replay import Recording, Replay
from tests.workspace.transport import faulty
from tests.workspace.transport.asking import Wire, ask

HEAD = Head("3", "2026-03-20T12:00:00+00:00", "Europe/Berlin")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "recordings" / "run.jsonl"


def record(path: Path, answer: Any, *asks: Callable[[httpx.BaseTransport], Any]) -> list[dict[str, Any]]:
    """Record some questions; the lines of the file."""
    recorder = Recorder(Wire(answer), Draft.of(path), lambda: HEAD, ends=True)
    for one in asks:
        one(recorder)
    recorder.close()
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_recording_is_a_head_and_a_line_a_question(path: Path) -> None:
    lines = record(
        path,
        {"series": {"Ü": 1}},
        lambda layer: ask(layer, "query/insights", {"bookmark": {"a": 1}}),
        lambda layer: ask(layer, "query/events/names", type="general", query_origin="us"),
    )
    assert lines == [
        {
            "mixpanel-recording": 1,
            "project": "3",
            "now": "2026-03-20T12:00:00+00:00",
            "time_zone": "Europe/Berlin",
            "name": None,
            "workspace": None,
        },
        {
            "ask": "GET /api/query/events/names",
            "query": {"type": "general"},
            "status": 200,
            "answer": {"series": {"Ü": 1}},
        },
        {
            "ask": "POST /api/query/insights",
            "body": {"bookmark": {"a": 1}},
            "status": 200,
            "answer": {"series": {"Ü": 1}},
        },
    ]
    assert [entry.name for entry in path.parent.iterdir()] == ["run.jsonl"]


def test_a_question_asked_again_with_the_same_answer_is_one_line(path: Path) -> None:
    asks = [lambda layer: ask(layer, "query/events/names")] * 3
    assert len(record(path, ["Login"], *asks)) == 2


def test_refusals_are_recorded_but_not_those_of_the_moment(path: Path) -> None:
    answers = iter([httpx.Response(code, json={"error": "x"}) for code in (400, 401, 404, 429, 503)])
    lines = record(path, lambda _: next(answers), *[lambda layer: ask(layer, "query/events/names")] * 5)
    assert [line["status"] for line in lines[1:]] == [400, 404]


def test_a_recording_that_nothing_was_asked_for_replaces_nothing(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("old")
    assert Draft.of(path).finish() == 0
    assert path.read_text() == "old"


def test_headers_are_not_recorded_and_fields_named_like_secrets_are_masked(path: Path) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"token": "t1", "n": 1}, headers={"set-cookie": "session=abc"})

    client = httpx.Client(
        transport=(recorder := Recorder(Wire(answer), Draft.of(path), lambda: HEAD, ends=True)),
        headers={"authorization": "Basic c3ZjOnNlY3JldA=="},
    )
    client.get("https://mixpanel.com/api/app/me", params={"api_key": "k9"})
    recorder.close()
    text = path.read_text()
    assert "Basic" not in text
    assert "session" not in text
    line = json.loads(text.splitlines()[1])
    assert line["query"] == {"api_key": MASK}
    assert line["answer"] == {"token": MASK, "n": 1}


def test_known_secrets_in_an_answer_are_masked(path: Path) -> None:
    remember("canary-recorded-1")
    lines = record(path, {"echo": "your canary-recorded-1"}, lambda layer: ask(layer, "query/events/names"))
    assert lines[1]["answer"] == {"echo": f"your {MASK}"}


def test_a_known_secret_where_it_cannot_be_masked_is_refused(path: Path) -> None:
    remember("canary-recorded-2")
    draft = Draft.of(path)
    recorder = Recorder(Wire({"canary-recorded-2": 1}), draft, lambda: HEAD, ends=True)
    with pytest.raises(
        mp.RecordingRefusedError, match="a secret stands in the answer to GET /api/query/x"
    ) as e:
        ask(recorder, "query/x")
    assert "canary" not in str(e.value)


def test_a_secret_that_is_learned_late_keeps_the_file_from_being_written(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("old")
    recorder = Recorder(Wire({"a": "canary-learned-late"}), Draft.of(path), lambda: HEAD, ends=True)
    ask(recorder, "query/x")
    remember("canary-learned-late")
    with pytest.raises(mp.RecordingRefusedError, match="nothing is written"):
        recorder.close()
    assert path.read_text() == "old"
    assert [entry.name for entry in path.parent.iterdir()] == ["run.jsonl"]


def test_threads_record_into_one_file(path: Path) -> None:
    draft = Draft.of(path)
    recorder = Recorder(Wire(), draft, lambda: HEAD, ends=True)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: ask(recorder, "query/x", n=n), range(40)))
    recorder.close()
    assert len(path.read_text().splitlines()) == 41


def test_what_was_recorded_is_replayed(path: Path) -> None:
    record(path, {"n": 1}, lambda layer: ask(layer, "query/insights", {"b": 2, "a": 1}))
    assert ask(Replay(Recording.read(path)), "query/insights", {"a": 1, "b": 2}) == {"n": 1}


def test_several_answers_to_one_question_come_in_turn_and_the_last_stays(path: Path) -> None:
    answers = iter([1, 2, 3])
    record(path, lambda _: httpx.Response(200, json=next(answers)), *[lambda layer: ask(layer, "app/me")] * 3)
    replay = Replay(Recording.read(path))
    assert [ask(replay, "app/me") for _ in range(5)] == [1, 2, 3, 3, 3]


def test_exported_lines_are_replayed_as_they_were(path: Path) -> None:
    lines = '{"event":"ä"}\n{"event":"b"}\n'
    client = httpx.Client(
        transport=(
            recorder := Recorder(
                Wire(lambda _: httpx.Response(200, text=lines)), Draft.of(path), lambda: HEAD, ends=True
            )
        )
    )
    client.get("https://data.mixpanel.com/api/2.0/export?from_date=2026-01-01")
    recorder.close()
    replayed = httpx.Client(transport=Replay(Recording.read(path)))
    assert replayed.get("http://elsewhere.test/api/2.0/export?from_date=2026-01-01").text == lines


def test_a_missing_answer_names_the_question_the_file_and_the_closest_one(path: Path) -> None:
    body = {"bookmark": {"range": ["2026-01-01", "2026-01-31"], "unit": "day"}}
    other = {"bookmark": {"range": ["2026-01-01", "2026-02-28"], "unit": "day"}}
    record(path, {"n": 1}, lambda layer: ask(layer, "query/insights", body))
    with pytest.raises(mp.AnswerNotRecordedError) as error:
        ask(Replay(Recording.read(path)), "query/insights", other)
    assert str(error.value).splitlines() == [
        f"{path} holds no answer to POST /api/query/insights",
        "the closest question there differs in "
        'body.bookmark.range[1] ("2026-01-31" there, "2026-02-28" asked)',
        f"record it with --mixpanel-record={path}, or ask as it was asked then: --mixpanel-now",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is no recording"),
        ("[]\n", r"run\.jsonl:1: this line is no recorded answer"),
        ('{"mixpanel-recording": 2}\n', "format 2 is not 1"),
        ('{"mixpanel-recording": 1, "project": "3", "now": "then", "time_zone": "UTC"}\n', "jsonl:1: "),
        ('{"ask": "GET /x", "status": 200}\n', "answer"),
        ('{"ask": "GET", "status": 200, "answer": 1}\n', "jsonl:1"),
        ("{\n", r"run\.jsonl:1"),
    ],
)
def test_a_file_that_is_no_recording_is_refused_by_its_line(path: Path, content: str, said: str) -> None:
    path.parent.mkdir()
    path.write_text(content)
    with pytest.raises(mp.ConfigError, match=said):
        Recording.read(path)


def test_a_recording_that_is_not_there_says_how_to_make_it(path: Path) -> None:
    with pytest.raises(mp.ConfigError, match="record it with --mixpanel-record="):
        mp.Workspace(replay=path)


def test_a_live_run_is_replayed_without_account_and_network(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with faulty.running(faulty.gives(["Signup", "Login"])) as server:
        monkeypatch.setenv("MP_API_BASE_URL", server.url)
        monkeypatch.setenv("MP_USERNAME", "svc")
        monkeypatch.setenv("MP_SECRET", "canary-live-55")
        monkeypatch.setenv("MP_PROJECT_ID", "1234567")
        monkeypatch.setenv("MP_REGION", "us")
        with mp.Workspace(project=1234567, record=path, time_zone="Asia/Tokyo") as live:
            asked, now = live.events(), live.now
        assert len(server.seen) == 1
    for name in ("MP_API_BASE_URL", "MP_USERNAME", "MP_SECRET", "MP_PROJECT_ID", "MP_REGION"):
        monkeypatch.delenv(name)
    assert "canary" not in path.read_text()

    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("a replay opened a connection")

    monkeypatch.setattr(socket, "socket", no_network)
    monkeypatch.setattr(httpx.HTTPTransport, "__init__", no_network)
    with mp.Workspace(replay=path) as replayed:
        assert replayed.events() == asked == ["Login", "Signup"]
        assert replayed.now == now
        assert replayed.timezone == "Asia/Tokyo"
        with pytest.raises(mp.AnswerNotRecordedError, match="/api/query/events/properties/top"):
            replayed.properties("Login")


def test_a_local_project_is_recorded_and_replayed_with_every_engine(path: Path) -> None:
    def numbers(ws: mp.Workspace) -> list[Any]:
        return [
            ws.query("Login", last=7).df.to_dict("list"),
            ws.query_funnel(["View Item", "Purchase"], last=14).df.to_dict("list"),
            ws.query_retention("Signup", "Login", last=14).average.to_dict("list"),
            ws.query_user(mode="profiles", limit=1_200, properties=["plan"]).df.to_dict("list"),
            sum(1 for _ in ws.stream_events(from_date="2025-03-30", to_date="2025-03-30")),
        ]

    with mp.Workspace(project="demo", record=path) as local:
        recorded = numbers(local)
    with mp.Workspace(project="demo", replay=path) as replayed:
        assert replayed.now == local.now
        assert repr(numbers(replayed)) == repr(recorded)  # ``nan`` is not equal to itself


def test_a_recording_of_another_project_is_refused(path: Path) -> None:
    record(path, {"n": 1}, lambda layer: ask(layer, "app/me"))
    with pytest.raises(mp.ConfigError, match="is a recording of project 3, not of 4"):
        mp.Workspace(project=4, replay=path)


def test_recording_and_replaying_exclude_each_other(path: Path) -> None:
    with pytest.raises(mp.ConfigError, match="record and replay exclude each other"):
        mp.Workspace(project="demo", record=path, replay=path)


def test_a_replay_writes_nothing_unless_it_may(path: Path) -> None:
    record(path, {"n": 1}, lambda layer: ask(layer, "app/me"))
    with mp.Workspace(replay=path) as replayed, pytest.raises(mp.WritesRefusedError):
        ask(replayed._connection.client._transport, "app/projects/3/dashboards", {})


def test_a_time_zone_that_is_learned_on_the_way_is_the_recordings(path: Path) -> None:
    zones = iter(["UTC", "UTC", "Europe/Madrid", "Europe/Madrid"])
    recorder = Recorder(
        Wire({"n": 1}), Draft.of(path), lambda: replace(HEAD, time_zone=next(zones)), ends=True
    )
    for day in ("2026-01-01", "2026-01-02", "2026-01-03"):
        ask(recorder, "query/insights", {"bookmark": {"day": day}})
    recorder.close()
    assert Recording.read(path).head.time_zone == "Europe/Madrid"
    assert len(path.read_text(encoding="utf-8").splitlines()) == 4
