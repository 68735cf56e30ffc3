"""So many requests an hour and so many at once, whoever sends them from this machine."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings, strategies as st

from pytest_mixpanel.core.errors import ConfigError, ParamValidationError
from pytest_mixpanel.workspace.transport.budget import LONGEST, Budget, Budgeted
from pytest_mixpanel.workspace.transport.rate import HOURLY, Rate


class Clock:
    """A clock that moves when somebody sleeps."""

    def __init__(self, now: float = 50_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def budget(
    folder: Path, rate: str, clock: Clock, at_once: int = 5, told: list[float] | None = None
) -> Budget:
    tell = (lambda _, left: told.append(left)) if told is not None else (lambda _, left: None)
    return Budget(folder, "p", Rate.parse(rate), at_once, clock=clock, sleep=clock.sleep, tell=tell)


@pytest.mark.parametrize(
    ("text", "rate"),
    [("60/h", HOURLY), (" 10 / m ", Rate(10, 60)), ("40/15m", Rate(40, 900)), ("5/2s", Rate(5, 2))],
)
def test_a_rate_is_written_as_requests_an_hour(text: str, rate: Rate) -> None:
    assert Rate.parse(text) == rate
    assert Rate.parse(str(rate)) == rate


def test_a_rate_can_be_said() -> None:
    assert HOURLY.words() == "60 an hour"
    assert Rate(40, 900).words() == "40/15m"


@pytest.mark.parametrize("text", ["", "60", "0/h", "60/0h", "-1/h", "60/w", "sixty/h", "6.5/h"])
def test_what_is_no_rate_is_refused_with_the_form(text: str) -> None:
    with pytest.raises(ParamValidationError, match="write a number of queries an hour, as 60/h"):
        Rate.parse(text)


def test_the_one_too_many_waits_until_the_window_has_passed_after_the_first_has_ended(tmp_path: Path) -> None:
    clock, told = Clock(), list[float]()
    shared = budget(tmp_path, "3/m", clock, told=told)
    begun = clock.now
    for _ in range(3):
        with shared.place():
            clock.sleep(10)
    with shared.place():
        assert clock.now == begun + 10 + 60
    assert told[0] == 60 - 20
    assert told[-1] == 0
    assert len(told) == 60 - 20 + 1  # once a second


@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 30)), min_size=5, max_size=25))
def test_no_window_holds_more_wherever_the_service_saw_the_requests(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, int]]
) -> None:
    clock = Clock()
    shared = budget(tmp_path_factory.mktemp("budget"), "4/m", clock)
    spans = []
    for pause, length in steps:
        clock.sleep(pause)
        with shared.place():
            begun = clock.now
            clock.sleep(length)
        spans.append((begun, clock.now))
    for place in range(len(spans) - 4):
        # At worst the service saw the first at its end and the fifth at its start.
        assert spans[place + 4][0] - spans[place][1] >= 60


def test_threads_share_the_places(tmp_path: Path) -> None:
    lock, under_way, most = threading.Lock(), 0, 0

    def ask(_: int) -> None:
        nonlocal under_way, most
        with Budget(tmp_path, "p", Rate(1_000, 60), 3).place():
            with lock:
                under_way += 1
                most = max(most, under_way)
            time.sleep(0.05)
            with lock:
                under_way -= 1

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(ask, range(24)))
    assert 2 <= most <= 3


KILLED = """
import os, sys
from pathlib import Path
from pytest_mixpanel.workspace.transport.budget import Budget
from pytest_mixpanel.workspace.transport.rate import Rate
with Budget(Path(sys.argv[1]), "p", Rate(2, 3600), 1).place():
    os._exit(9)
"""


def test_what_a_killed_process_held_is_free_and_its_request_counts(tmp_path: Path) -> None:
    assert subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False).returncode == 9
    clock = Clock()
    (sent,) = json.loads((tmp_path / "p.json").read_text()).values()
    clock.now = sent - LONGEST
    shared = budget(tmp_path, "2/m", clock, at_once=1)
    with shared.place():  # the place is free
        pass
    with shared.place():  # the killed request and this one's forerunner are two
        assert clock.now == pytest.approx(sent - LONGEST + 60, abs=1)


def test_a_machine_started_anew_waits_no_longer_than_the_window(tmp_path: Path) -> None:
    (tmp_path / "p.json").write_text(json.dumps({"before the start": 9e9}))
    clock = Clock(now=10.0)
    with budget(tmp_path, "1/m", clock).place():
        assert clock.now <= 10 + 60 + LONGEST + 1


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"a": "b"}', '{"a": null}', "\x00"])
def test_a_damaged_file_is_begun_anew(tmp_path: Path, content: str) -> None:
    (tmp_path / "p.json").write_text(content)
    clock = Clock()
    with budget(tmp_path, "1/h", clock).place():
        assert clock.now == 50_000


def test_queries_and_exports_have_budgets_of_their_own_and_entities_none(tmp_path: Path) -> None:
    clock = Clock()
    inner = httpx.MockTransport(lambda _: httpx.Response(200, json={}))
    layer = Budgeted(inner, tmp_path, lambda: "3", Rate(1, 60), clock=clock, sleep=clock.sleep)
    client = httpx.Client(transport=layer)
    for path in ("app/me", "app/me", "query/insights", "2.0/export"):
        client.get(f"https://mixpanel.com/api/{path}")
    assert clock.now == 50_000
    client.get("https://eu.mixpanel.com/api/query/insights")  # another region's project is another one
    assert clock.now == 50_000
    client.get("https://mixpanel.com/api/query/engage")
    assert clock.now == 50_060


def test_an_export_holds_its_place_until_it_is_read(tmp_path: Path) -> None:
    clock = Clock()
    inner = httpx.MockTransport(lambda _: httpx.Response(200, stream=httpx.ByteStream(b"{}\n")))
    layer = Budgeted(inner, tmp_path, lambda: "3", Rate(1, 3_600), clock=clock, sleep=clock.sleep)
    with httpx.Client(transport=layer) as client:
        with client.stream("GET", "https://data.mixpanel.com/api/2.0/export") as response:
            clock.sleep(100)
            assert list(response.iter_lines()) == ["{}"]
        (ended,) = json.loads((tmp_path / "data.mixpanel.com-3-export.json").read_text()).values()
    assert ended == 50_100


def test_a_request_that_fails_counts_and_gives_its_place_back(tmp_path: Path) -> None:
    clock = Clock()
    shared = budget(tmp_path, "2/h", clock, at_once=1)
    for _ in range(2):
        with pytest.raises(RuntimeError), shared.place():
            raise RuntimeError("lost")
    assert len(json.loads((tmp_path / "p.json").read_text())) == 2


def test_a_folder_that_cannot_be_made_is_named_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with (
        pytest.raises(ConfigError, match=r"cannot be made .* MIXPANEL_CACHE"),
        budget(tmp_path / "file" / "x", "1/h", Clock()).place(),
    ):
        pass
