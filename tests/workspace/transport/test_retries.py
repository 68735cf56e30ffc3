"""How long the client waits before it asks again (reference §2.3)."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given, strategies as st

from pytest_mixpanel.workspace.transport.retries import Retries, seconds_asked
from pytest_mixpanel.workspace.transport.waiting import back_off

NOW = datetime(2026, 10, 21, 7, 28, tzinfo=UTC)


def put_off(said: str | None) -> httpx.Response:
    return httpx.Response(429, headers=[] if said is None else [(b"retry-after", said.encode("latin-1"))])


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("5", 5),
        (" 0 ", 0),
        ("9" * 5_000, 999_999_999),
        ("Wed, 21 Oct 2026 07:28:30 GMT", 30),
        ("Wed, 21 Oct 2026 07:27:00 GMT", 0),
        ("-1", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("²", None),
    ],
)
def test_a_wait_is_asked_for_in_seconds_or_as_a_date(said: str | None, seconds: int | None) -> None:
    assert seconds_asked(put_off(said), NOW) == seconds


@given(st.text(alphabet=st.characters(max_codepoint=255, exclude_characters="\r\n"), max_size=40))
def test_no_header_is_too_strange(said: str) -> None:
    asked = seconds_asked(put_off(said), NOW)
    assert asked is None or asked >= 0


def test_without_a_word_of_the_service_waits_double_up_to_a_minute() -> None:
    assert [back_off(attempt, 0.0) for attempt in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert back_off(0, 1.0) == pytest.approx(1.1)  # jitter adds a tenth at most


@pytest.mark.parametrize(
    ("said", "waits"), [(None, [1, 2, 4]), ("5", [5, 5, 5]), ("9999", [60, 60, 60])], ids=str
)
def test_waits_are_those_measured_on_the_reference_client(said: str | None, waits: list[int]) -> None:
    slept: list[float] = []
    inner = httpx.MockTransport(lambda _: put_off(said))
    layer = Retries(inner, sleep=slept.append, chance=lambda: 0.0, now=lambda: NOW)
    response = httpx.Client(transport=layer).get("https://mixpanel.com/api/query/insights")
    assert response.status_code == 429
    assert sum(slept) == sum(waits)


def test_a_wait_is_told_second_by_second_with_its_reason() -> None:
    told: list[tuple[str, float]] = []
    answers = iter([put_off("3"), httpx.Response(200)])
    layer = Retries(
        httpx.MockTransport(lambda _: next(answers)),
        tell=lambda reason, left: told.append((reason, left)),
        sleep=lambda _: None,
    )
    httpx.Client(transport=layer).get("https://mixpanel.com/api/app/me")
    assert told == [("Mixpanel asks to slow down", left) for left in (3, 2, 1, 0)]


def test_a_write_that_was_put_off_is_sent_again_but_one_that_was_lost_is_not() -> None:
    sent: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request.method)
        if len(sent) == 1:
            return put_off("0")
        raise httpx.ReadError("reset", request=request)

    client = httpx.Client(transport=Retries(httpx.MockTransport(answer), sleep=lambda _: None))
    with pytest.raises(httpx.ReadError):
        client.post("https://mixpanel.com/api/app/projects/3/dashboards", json={})
    assert sent == ["POST", "POST"]
