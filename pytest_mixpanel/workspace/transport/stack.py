"""The layers of a client, in their order."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from pytest_mixpanel.core.place import cache_folder
from pytest_mixpanel.core.version import VERSION
from pytest_mixpanel.workspace.transport.bounds import Bounds
from pytest_mixpanel.workspace.transport.budget import Budgeted
from pytest_mixpanel.workspace.transport.cache import Cache
from pytest_mixpanel.workspace.transport.guard import ReadOnly
from pytest_mixpanel.workspace.transport.layer import Away
from pytest_mixpanel.workspace.transport.logs import mask_logs
from pytest_mixpanel.workspace.transport.rate import HOURLY
from pytest_mixpanel.workspace.transport.retries import Retries
from pytest_mixpanel.workspace.transport.travel import Travel
from pytest_mixpanel.workspace.transport.whose import Whose
from pytest_mixpanel.workspace.transport.wire import Wire

if TYPE_CHECKING:
    from pytest_mixpanel.workspace.sessions.authorize import SessionAuth
    from pytest_mixpanel.workspace.transport.recording import Draft, Head
    from pytest_mixpanel.workspace.transport.replay import Recording


BUDGETS = "budgets"
"""The folder of budgets in the cache folder."""


def live_client(
    auth: SessionAuth,
    travel: Travel,
    whose: Callable[[], Whose],
    *,
    head: Callable[[], Head],
    allow_writes: bool,
) -> httpx.Client:
    """A client of the live service; ``auth`` puts on requests who asks. From the wire up:

    an answer is read within bounds, for a request that had a place in the budget, which is asked again where
    the service put it off, unless the answer is kept; what is asked is recorded, and refused where it writes.
    """
    mask_logs()
    transport: httpx.BaseTransport = Wire()
    transport = Bounds(transport, travel.timeout)
    budgets = cache_folder() / BUDGETS  # one for the machine, wherever the answers are kept
    budgeted = Budgeted(
        transport, budgets, lambda: whose().project_id, travel.budget or HOURLY, tell=travel.tell
    )
    transport = budgeted if travel.budget is not None else Away(budgeted)
    transport = Retries(transport, tell=travel.tell)
    if travel.answers is not None:
        cache = Cache(transport, travel.answers, whose)
        transport = cache if travel.keeps_answers else Away(cache)
    transport = recorded(transport, travel.record, head)
    if not allow_writes:
        transport = ReadOnly(transport)
    return httpx.Client(transport=transport, auth=auth, headers={"user-agent": user_agent()})


def user_agent() -> str:
    """Who asks: this client and its version."""
    return f"pytest-mixpanel/{VERSION} (python/{sys.version_info.major}.{sys.version_info.minor})"


def replay_client(recording: Recording, *, allow_writes: bool) -> httpx.Client:
    """A client that has no way to a network, and no credentials."""
    from pytest_mixpanel.workspace.transport.replay import Replay

    transport: httpx.BaseTransport = Replay(recording)
    return httpx.Client(transport=transport if allow_writes else ReadOnly(transport), trust_env=False)


def recorded(
    inner: httpx.BaseTransport, record: Path | Draft | None, head: Callable[[], Head]
) -> httpx.BaseTransport:
    """The transport, recording where a place is named."""
    if record is None:
        return inner
    from pytest_mixpanel.workspace.transport.recording import Draft, Recorder

    draft = record if isinstance(record, Draft) else Draft.of(record)
    return Recorder(inner, draft, head, ends=draft is not record)
