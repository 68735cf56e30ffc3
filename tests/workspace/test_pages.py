"""Pages are put together in their order, side by side or not, and stop cleanly."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from pytest_mixpanel.core.errors import APIError, RateLimitError
from pytest_mixpanel.workspace.pages import pages_in_turn, pages_side_by_side

SIZE = 10


class Profiles:
    """A service of ``total`` profiles, whose later pages come first; ``fails`` names pages with an error."""

    def __init__(self, total: int, fails: dict[int, Exception] | None = None) -> None:
        self.total, self.fails = total, fails or {}
        self.asked: list[tuple[int, str | None]] = []
        self.lock, self.busy, self.most = threading.Lock(), 0, 0

    def __call__(self, page: int, session: str | None) -> dict[str, Any]:
        with self.lock:
            self.asked.append((page, session))
            self.busy += 1
            self.most = max(self.most, self.busy)
        try:
            time.sleep(0.002 * max(0, 5 - page))
            if page in self.fails:
                raise self.fails[page]
            rows = list(range(page * SIZE, min((page + 1) * SIZE, self.total)))
            more = "s" if (page + 1) * SIZE < self.total else None
            return {"results": rows, "session_id": more, "page_size": SIZE, "total": self.total}
        finally:
            with self.lock:
                self.busy -= 1


@pytest.mark.parametrize(
    ("total", "limit"), [(0, None), (7, None), (45, None), (45, 23), (45, 200), (50, 50)]
)
def test_side_by_side_and_in_turn_give_the_same(total: int, limit: int | None) -> None:
    wanted = list(range(min(total, limit or total)))
    assert pages_in_turn(Profiles(total), limit)["results"] == wanted
    service = Profiles(total)
    assert pages_side_by_side(service, limit, 4)["results"] == wanted
    assert service.most <= 4
    assert len(service.asked) == max(1, -(-len(wanted) // SIZE))


def test_the_first_page_opens_the_session_of_all_others() -> None:
    service = Profiles(45)
    answer = pages_side_by_side(service, None, 3)
    assert service.asked[0] == (0, None)
    assert {session for _, session in service.asked[1:]} == {"s"}
    assert answer["meta"] == {
        "session_id": "s",
        "pages_fetched": 5,
        "failed_pages": [],
        "workers": 3,
        "parallel": True,
    }


def test_a_page_that_fails_by_itself_is_named() -> None:
    answer = pages_side_by_side(Profiles(45, {2: APIError("cut off", status_code=0)}), None, 4)
    assert answer["meta"]["failed_pages"] == [2]
    assert answer["results"] == [*range(20), *range(30, 45)]


def test_what_fails_all_ends_all_and_leaves_no_thread() -> None:
    service = Profiles(400, {1: RateLimitError("wait", status_code=429)})
    with pytest.raises(RateLimitError):
        pages_side_by_side(service, None, 2)
    assert len(service.asked) < 40
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("profiles")]


def test_an_interrupt_gives_up_what_is_not_begun() -> None:
    service = Profiles(400, {1: KeyboardInterrupt()})  # type: ignore[dict-item]  # what Ctrl-C raises
    with pytest.raises(KeyboardInterrupt):
        pages_side_by_side(service, None, 2)
    assert len(service.asked) < 40
