"""Pages of profiles put together, one after the other or side by side, always in their order."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import Any

from pytest_mixpanel.core.errors import (
    AuthenticationError,
    MixpanelHeadlessError,
    QueryError,
    RateLimitError,
    ServerError,
)

Page = dict[str, Any]
Ask = Callable[[int, str | None], Page]
"""``ask(page, session)``: one page of an answer; the first one opens the session."""

FATAL = (AuthenticationError, RateLimitError, ServerError, QueryError)
"""What would fail every page alike."""


def pages_in_turn(ask: Ask, limit: int | None) -> Page:
    """Pages until one says there are no more, or is empty, or ``limit`` profiles are there."""
    found: list[Any] = []
    session, page = None, 0
    while True:
        answer = ask(page, session)
        rows, session = answer.get("results") or [], answer.get("session_id")
        found += rows
        page += 1
        if not rows or session is None or (limit is not None and len(found) >= limit):
            break
    meta = {"session_id": session, "pages_fetched": page, "parallel": False}
    return {**answer, "results": found[:limit], "meta": meta}


def pages_side_by_side(ask: Ask, limit: int | None, workers: int) -> Page:
    """The first page, then all others over ``workers`` threads; what it says it holds tells how many.

    When one fails for a reason that all share, or the caller is interrupted, those not begun are given up,
    those under way are waited for, and the error is raised.
    """
    from concurrent.futures import ThreadPoolExecutor

    first = ask(0, None)
    session = first.get("session_id")
    wanted = _wanted(first, limit) if session is not None else 1
    found, failed = list(first.get("results") or []), []
    pool = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="profiles")
    try:
        pages = [pool.submit(ask, page, session) for page in range(1, wanted)]
        for page, answer in enumerate(pages, 1):
            try:
                found += answer.result().get("results") or []
            except FATAL:
                raise
            except MixpanelHeadlessError:
                failed.append(page)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    meta = {
        "session_id": session,
        "pages_fetched": wanted - len(failed),
        "failed_pages": failed,
        "workers": workers,
        "parallel": True,
    }
    return {**first, "results": found[:limit], "meta": meta}


def _wanted(first: Page, limit: int | None) -> int:
    """How many pages there are to fetch, by what the first says of the size of all and of a page."""
    total, size = first.get("total"), first.get("page_size")
    if not isinstance(total, int) or not isinstance(size, int) or size < 1:
        return 1
    return max(1, ceil((total if limit is None else min(limit, total)) / size))
