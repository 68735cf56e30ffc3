"""Exports over connections that break: nothing is lost, nothing comes twice."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from unittest import mock

import httpx
import pytest
from hypothesis import given, settings, strategies as st

from pytest_mixpanel import MixpanelHeadlessError, ParamValidationError, QueryError
from pytest_mixpanel.workspace.lines import Streamed, stream_lines
from pytest_mixpanel.workspace.profiles import ProfilesStreamed
from tests.api.recording import recorded
from tests.engine.events import event
from tests.workspace.cutting import Answer, Framing, cutting
from tests.workspace.local import over

DAYS = {"from_date": "2025-03-01", "to_date": "2025-03-02"}
ROWS = [
    {"event": "Buy", "properties": {"time": 1_740_823_200 + n, "distinct_id": f"ü{n}", "$insert_id": f"i{n}"}}
    for n in range(12)
]


def lines(rows: list[dict[str, Any]]) -> list[bytes]:
    return [json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows]


LINES = lines(ROWS)
BODY = b"".join(LINES)
BETWEEN = len(b"".join(LINES[:5]))
WITHIN = BETWEEN + 40
IN_A_LETTER = BODY.index("ü3".encode()) + 1


@pytest.mark.parametrize("framing", ["chunked", "length"])
@pytest.mark.parametrize("cut", [0, BETWEEN - 1, BETWEEN, WITHIN, IN_A_LETTER, len(BODY) - 1])
def test_what_was_cut_is_taken_up_again(cut: int, framing: Framing) -> None:
    with cutting(Answer(BODY, cut, framing), Answer(BODY)) as (server, workspace):
        assert list(workspace.stream_events(raw=True, **DAYS)) == ROWS
    assert len(server.asked) == 2
    assert server.asked[0] == server.asked[1]


@pytest.mark.parametrize("cut", [WITHIN, IN_A_LETTER])
def test_an_answer_without_a_length_that_ends_within_a_line_was_cut(cut: int) -> None:
    with cutting(Answer(BODY, cut, "close"), Answer(BODY)) as (_, workspace):
        assert list(workspace.stream_events(raw=True, **DAYS)) == ROWS


def test_a_connection_may_break_again_and_again_as_long_as_it_comes_further() -> None:
    cuts = [len(b"".join(LINES[:n])) + 30 for n in range(1, 12)]
    with cutting(*(Answer(BODY, cut) for cut in cuts), Answer(BODY)) as (server, workspace):
        assert list(workspace.stream_events(raw=True, **DAYS)) == ROWS
    assert len(server.asked) == 12


def test_a_connection_may_be_reset() -> None:
    # What has not been read when the reset arrives is gone, so how far the first answer comes is not known.
    with cutting(Answer(BODY, WITHIN, reset=True), Answer(BODY)) as (_, workspace):
        assert list(workspace.stream_events(raw=True, **DAYS)) == ROWS


def test_a_packed_answer_may_be_cut() -> None:
    with cutting(Answer(BODY, 60, packed=True), Answer(BODY, packed=True)) as (_, workspace):
        assert list(workspace.stream_events(raw=True, **DAYS)) == ROWS


def test_what_the_service_sends_in_another_order_comes_once() -> None:
    again = b"".join(reversed(LINES))
    with cutting(Answer(BODY, WITHIN), Answer(again)) as (_, workspace):
        found = list(workspace.stream_events(raw=True, **DAYS))
    assert found == [*ROWS[:5], *reversed(ROWS[5:])]


def test_an_event_that_is_there_twice_comes_twice() -> None:
    twice = [LINES[0], LINES[0], LINES[1], LINES[0]]
    with cutting(Answer(b"".join(twice), 2 * len(LINES[0])), Answer(b"".join(twice))) as (_, workspace):
        found = list(workspace.stream_events(raw=True, **DAYS))
    assert [row["properties"]["$insert_id"] for row in found] == ["i0", "i0", "i1", "i0"]


def test_what_has_arrived_since_comes_too() -> None:
    late = b"".join([LINES[11], *LINES[:11]])
    with cutting(Answer(b"".join(LINES[:11]), BETWEEN), Answer(late)) as (_, workspace):
        assert len(list(workspace.stream_events(raw=True, **DAYS))) == 12


def test_the_last_line_needs_no_end() -> None:
    with cutting(Answer(BODY[:-1])) as (server, workspace):
        assert list(workspace.stream_events(raw=True, **DAYS)) == ROWS
    assert len(server.asked) == 1


def test_a_line_that_is_no_json_is_left_out_and_counted() -> None:
    told: list[Streamed] = []
    body = LINES[0] + b"terminated\n\n" + b"[1]\n" + LINES[1]
    with cutting(Answer(body)) as (_, workspace):
        assert list(workspace.stream_events(raw=True, progress=told.append, **DAYS)) == ROWS[:2]
    assert told[-1] == Streamed(lines=2, bytes=len(body) - 1, reconnects=0, unreadable=2)


def test_no_events_are_no_lines() -> None:
    with cutting(Answer(b"")) as (_, workspace):
        assert list(workspace.stream_events(**DAYS)) == []


def test_progress_tells_of_breaks() -> None:
    told: list[Streamed] = []
    with cutting(Answer(BODY, WITHIN), Answer(BODY)) as (_, workspace):
        list(workspace.stream_events(raw=True, progress=told.append, **DAYS))
    assert [far.lines for far in told] == list(range(1, 13))
    assert (told[4].reconnects, told[5].reconnects) == (0, 1)
    assert told[-1].bytes == len(BODY)


def test_a_connection_that_always_breaks_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("pytest_mixpanel.workspace.lines.time.sleep", slept.append)
    with cutting(Answer(BODY, WITHIN)) as (server, workspace):
        stream = workspace.stream_events(raw=True, **DAYS)
        assert [next(stream) for _ in range(5)] == ROWS[:5]
        with pytest.raises(
            MixpanelHeadlessError, match="broke off after 5 events, 6 times in a row"
        ) as error:
            next(stream)
    assert error.value.code == "HTTP_ERROR"
    assert len(server.asked) == 6
    assert slept == [1.0, 2.0, 4.0, 8.0]


def test_a_stream_that_is_not_read_to_its_end_closes_its_connection() -> None:
    closed: list[bool] = []

    class Endless(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            while True:
                yield LINES[0]

        def close(self) -> None:
            closed.append(True)

    workspace, _ = recorded(lambda _: httpx.Response(200, stream=Endless()))
    stream = workspace.stream_events(raw=True, **DAYS)
    assert next(stream) == ROWS[0]
    stream.close()  # type: ignore[attr-defined]  # a generator
    assert closed == [True]


def answers_of(*bodies: tuple[list[bytes], bool]) -> Any:
    """What asks for one body after the other; each breaks, but where it is whole."""
    remaining = iter(bodies)

    class Breaking(httpx.SyncByteStream):
        def __init__(self, parts: list[bytes], whole: bool) -> None:
            self.parts, self.whole = parts, whole

        def __iter__(self) -> Iterator[bytes]:
            yield from self.parts
            if not self.whole:
                raise httpx.RemoteProtocolError("cut")

    def ask() -> httpx.Response:
        return httpx.Response(200, stream=Breaking(*next(remaining)))

    return ask


def test_beyond_what_is_kept_the_same_beginning_is_continued() -> None:
    ask = answers_of((LINES[:8], False), (LINES[:9], False), (LINES, True))
    assert list(stream_lines(ask, most_kept=3)) == ROWS


def test_beyond_what_is_kept_another_beginning_is_an_error_rather_than_a_guess() -> None:
    ask = answers_of((LINES[:8], False), (LINES[::-1], True))
    stream = stream_lines(ask, most_kept=3)
    assert [next(stream) for _ in range(8)] == ROWS[:8]
    with pytest.raises(MixpanelHeadlessError, match="in another order"):
        next(stream)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_whatever_is_cut_and_shuffled_every_line_comes_as_often_as_it_is_there(data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.sampled_from(LINES[:4]), max_size=12))
    bodies: list[tuple[list[bytes], bool]] = []
    for _ in range(data.draw(st.integers(0, 4))):
        shuffled = b"".join(data.draw(st.permutations(rows)))
        bodies.append(([shuffled[: data.draw(st.integers(0, len(shuffled)))]], False))
    whole = b"".join(data.draw(st.permutations(rows)))
    size = data.draw(st.integers(1, 50))
    bodies.append(([whole[start : start + size] for start in range(0, len(whole), size)], True))
    with mock.patch("time.sleep"):
        found = list(stream_lines(answers_of(*bodies), reconnects=10))
    assert sorted(json.dumps(row) for row in found) == sorted(json.dumps(json.loads(row)) for row in rows)


@pytest.mark.usefixtures("_no_sleep")
def test_a_stream_holds_eight_bytes_a_line_and_never_the_whole() -> None:
    line = json.dumps({"event": "Buy", "properties": {"time": 1, "note": "x" * 900}}).encode() + b"\n"
    count = 20_000

    class Long(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            for _ in range(count // 10):
                yield line * 10

    tracemalloc.start()
    try:
        read = sum(1 for _ in stream_lines(lambda: httpx.Response(200, stream=Long())))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read == count
    assert peak < 8 * 2 * count + 500_000  # an array grows by doubling; the lines themselves are 19 MB


@pytest.fixture
def _no_sleep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


def test_events_are_made_readable() -> None:
    body = LINES[0] + b'{"event":"Visit","properties":{"time":1740823200,"page":"/"}}\n'
    with cutting(Answer(body)) as (_, workspace):
        buy, visit = workspace.stream_events(**DAYS)
    assert buy == {
        "event_name": "Buy",
        "event_time": datetime(2025, 3, 1, 10, tzinfo=UTC),
        "distinct_id": "ü0",
        "insert_id": "i0",
        "properties": {},
    }
    assert (visit["distinct_id"], visit["properties"]) == ("", {"page": "/"})
    assert len(visit["insert_id"]) == 36


def test_a_limit_is_checked_before_anything_is_sent() -> None:
    workspace, requests = recorded([])
    for limit, code in ((0, "WR2_LIMIT_TOO_SMALL"), (100_001, "WR3_LIMIT_TOO_LARGE")):
        with pytest.raises(ParamValidationError) as error:
            workspace.stream_events(limit=limit, **DAYS)
        assert error.value.code == code
    assert requests == []


def test_a_local_project_exports_what_is_chosen() -> None:
    shop = over(
        [
            event("Buy", "u1", "2025-03-01T10:00:00.250", price=5),
            event("Buy", "u2", "2025-03-02T10:00", price=50),
            event("Visit", "u1", "2025-03-01T09:00"),
            event("Buy", "u1", "2025-03-03T00:00", price=7),
        ]
    )
    names = [row["event_name"] for row in shop.stream_events(**DAYS)]
    assert names == ["Visit", "Buy", "Buy"]
    dear = shop.stream_events(events=["Buy"], where='properties["price"] > 10', raw=True, **DAYS)
    assert [row["properties"]["distinct_id"] for row in dear] == ["u2"]
    assert [row["event_name"] for row in shop.stream_events(limit=1, **DAYS)] == ["Visit"]
    precise = next(shop.stream_events(events=["Buy"], time_in_ms=True, **DAYS))
    assert precise["event_time"] == datetime(2025, 3, 1, 10, 0, 0, 250_000, tzinfo=UTC)


PAGES = [
    {
        "results": [
            {"$distinct_id": "u1", "$properties": {"$last_seen": "2025-01-09T08:00:00", "plan": "pro"}}
        ]
    },
    {"results": [{"$distinct_id": "u2"}]},
]


def page(number: int, session: str | None) -> bytes:
    more = {"session_id": session, "page": number, "page_size": 1, "total": 2}
    return json.dumps({**PAGES[number], **more}).encode()


@pytest.mark.usefixtures("_no_sleep")
@pytest.mark.parametrize("framing", ["chunked", "length"])
def test_profiles_come_page_by_page_and_a_page_that_was_cut_comes_again(framing: Framing) -> None:
    told: list[ProfilesStreamed] = []
    first, last = page(0, "s-1"), page(1, None)
    answers = [Answer(first, 20, framing), Answer(first), Answer(last, len(last) - 1, framing), Answer(last)]
    with cutting(*answers) as (server, workspace):
        found = list(workspace.stream_profiles(progress=told.append))
    assert found == [
        {"distinct_id": "u1", "last_seen": "2025-01-09T08:00:00", "properties": {"plan": "pro"}},
        {"distinct_id": "u2", "last_seen": None, "properties": {}},
    ]
    assert told == [ProfilesStreamed(1, 1, 2), ProfilesStreamed(2, 2, 2)]
    assert [json.loads(body) for body in server.bodies] == [
        {"project_id": "7", "page": 0},
        {"project_id": "7", "page": 0},
        {"project_id": "7", "page": 1, "session_id": "s-1"},
        {"project_id": "7", "page": 1, "session_id": "s-1"},
    ]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"distinct_id": "u", "distinct_ids": ["u"]}, "AC2_DISTINCT_ID_CONFLICT"),
        ({"behaviors": [{}], "cohort_id": "3"}, "AC3_BEHAVIORS_COHORT_CONFLICT"),
        ({"include_all_users": True}, "AC4_INCLUDE_ALL_USERS_REQUIRES_COHORT"),
        ({"behaviors": "x"}, "AC5_BEHAVIORS_NOT_LIST"),
        ({"as_of_timestamp": 99_999_999_999}, "AC6_AS_OF_TIMESTAMP_FUTURE"),
    ],
)
def test_profiles_by_arguments_that_exclude_each_other_are_refused(
    arguments: dict[str, Any], code: str
) -> None:
    workspace, requests = recorded({})
    with pytest.raises(ParamValidationError) as error:
        workspace.stream_profiles(**arguments)
    assert error.value.code == code
    assert requests == []


def test_a_local_project_chooses_profiles_by_what_users_did() -> None:
    from tests.engine.events import project

    rows = [
        event("Buy", "u1", "2025-03-20T10:00", price=5),
        event("Buy", "u1", "2025-03-21T10:00", price=50),
        event("Buy", "u2", "2025-03-21T10:00", price=5),
        event("Buy", "u3", "2025-02-01T10:00", price=50),
    ]
    shop = over(
        project(rows, profiles=[{"$distinct_id": f"u{n}", "n": n} for n in (1, 2, 3)]), now="2025-03-30"
    )

    def found(where: str, window: str = "30d", **selector: str) -> list[str]:
        behaviors = [{"window": window, "name": "b", "event_selectors": [{"event": "Buy", **selector}]}]
        return [row["distinct_id"] for row in shop.stream_profiles(where=where, behaviors=behaviors)]

    assert found('behaviors["b"] > 0') == ["u1", "u2"]
    assert found('(behaviors["b"] >= 2)') == ["u1"]
    assert found('behaviors["b"] == 0') == ["u3"]
    assert found('behaviors["b"] > 0', window="3m") == ["u1", "u2", "u3"]
    assert found('behaviors["b"] > 0', selector='properties["price"] > 10') == ["u1"]
    with pytest.raises(QueryError, match="no behavior is called 'c'"):
        found('behaviors["c"] > 0')
    with pytest.raises(QueryError, match="like 30d"):
        found('behaviors["b"] > 0', window="soon")


def test_no_ids_are_no_profiles_and_no_request() -> None:
    workspace, requests = recorded({})
    assert list(workspace.stream_profiles(distinct_ids=[])) == []
    assert requests == []


def test_a_local_project_has_its_profiles_in_pages() -> None:
    from tests.engine.events import project

    many = over(project([], profiles=[{"$distinct_id": f"u{n:04}", "n": n} for n in range(2_500)]))
    found = [row["distinct_id"] for row in many.stream_profiles()]
    assert len(found) == len(set(found)) == 2_500
    some = many.stream_profiles(where='properties["n"] < 3', output_properties=["n"])
    assert [row["properties"] for row in some] == [{"n": 0}, {"n": 1}, {"n": 2}]
