"""The layers of a live connection, in their order."""

from __future__ import annotations

from dataclasses import dataclass

import httpx

from pytest_mixpanel.workspace.transport.bounds import Bounds
from pytest_mixpanel.workspace.transport.retries import Retries
from pytest_mixpanel.workspace.transport.waiting import Teller, untold
from pytest_mixpanel.workspace.transport.wire import Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Travel:
    """How requests travel, beside where they go and who asks.

    ``timeout``: seconds that replace the deadlines of the query and app families. ``tell`` hears why and how
    long the client waits.
    """

    timeout: float | None = None
    tell: Teller = untold


AS_USUAL = Travel()


def live_client(auth: httpx.Auth, travel: Travel) -> httpx.Client:
    """A client of the live service; from the wire up: deadlines and bounds, then retries.

    ``auth`` puts on requests who asks.
    """
    transport: httpx.BaseTransport = Wire()
    transport = Bounds(transport, travel.timeout)
    transport = Retries(transport, tell=travel.tell)
    return httpx.Client(transport=transport, auth=auth)
