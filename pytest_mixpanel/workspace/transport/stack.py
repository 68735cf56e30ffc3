"""The layers of a client, in their order."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.place import cache_folder
from pytest_mixpanel.core.version import VERSION
from pytest_mixpanel.workspace.transport.bounds import Bounds
from pytest_mixpanel.workspace.transport.budget import HOURLY, Budgeted, Rate
from pytest_mixpanel.workspace.transport.cache import Cache
from pytest_mixpanel.workspace.transport.guard import ReadOnly
from pytest_mixpanel.workspace.transport.layer import Away
from pytest_mixpanel.workspace.transport.logs import mask_logs
from pytest_mixpanel.workspace.transport.retries import Retries
from pytest_mixpanel.workspace.transport.waiting import Teller, untold
from pytest_mixpanel.workspace.transport.whose import Whose
from pytest_mixpanel.workspace.transport.wire import Wire

if TYPE_CHECKING:
    from pytest_mixpanel.workspace.transport.recording import Draft, Head
    from pytest_mixpanel.workspace.transport.replay import Recording


@frozen(kw_only=True)
class Travel:
    """How requests travel, beside where they go and who asks.

    ``timeout``: seconds that replace the deadlines of the query and app families. ``budget``: queries in a
    time, shared by everything on this machine. ``cache``: the cache folder, if not the usual one;
    ``keeps_answers``: whether answers are kept in it. Where those two are ``None``, 60 queries an hour and
    kept answers are for services elsewhere, not for a server on this machine. ``record``: where to record;
    a ``Draft`` is ended by who made it. ``replay``: the recording to answer from. ``tell`` hears why and how
    long the client waits. Raises ``ConfigError`` for both of record and replay.
    """

    timeout: float | None = None
    budget: Rate | None = None
    cache: Path | None = None
    keeps_answers: bool | None = None
    record: Path | Draft | None = None
    replay: Path | None = None
    tell: Teller = untold

    def __post_init__(self) -> None:
        if self.record is not None and self.replay is not None:
            raise ConfigError(
                "record and replay exclude each other: a replay asks nothing that is not recorded"
            )

    @property
    def answers(self) -> Path | None:
        """The folder of kept answers, where they are kept."""
        return None if self.keeps_answers is False else (self.cache or cache_folder()) / ANSWERS


AS_USUAL = Travel()
ANSWERS = "answers"
BUDGETS = "budgets"


def live_client(
    auth: httpx.Auth,
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


def local_client(
    server: httpx.BaseTransport, auth: httpx.Auth, record: Path | Draft | None, head: Callable[[], Head]
) -> httpx.Client:
    """A client of a project on this machine: nothing is bounded, kept or retried."""
    return httpx.Client(transport=recorded(server, record, head), auth=auth)


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
