"""What is asked again: whatever the service put off (429), and exports whose connection failed.

A request that was put off was not executed, so this holds for all verbs. Anything else is not repeated:
nobody knows how far it went (reference §2.3).
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from pytest_mixpanel.workspace.transport.client import Response
from pytest_mixpanel.workspace.transport.family import family_of
from pytest_mixpanel.workspace.transport.layer import Layer
from pytest_mixpanel.workspace.transport.waiting import LONGEST_WAIT, Sleep, Teller, back_off, untold, wait

RETRIES = 3
MOST_DIGITS = 9
"""Of a number of seconds; Python reads no integer of any length."""

_PUT_OFF = httpx.codes.TOO_MANY_REQUESTS


def seconds_asked(response: Response, now: datetime) -> int | None:
    """What ``Retry-After`` asks for, as seconds or as a date; ``None`` where it says nothing readable."""
    said = response.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdecimal():
        return int(said[:MOST_DIGITS])
    try:
        moment = parsedate_to_datetime(said)
    except (ValueError, OverflowError):
        return None
    until = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0, round((until - now).total_seconds()))


class Retries(Layer):
    """Asks up to ``retries`` times more, waiting as the service says, else ever longer."""

    def __init__(
        self,
        inner: httpx.BaseTransport,
        *,
        retries: int = RETRIES,
        tell: Teller = untold,
        sleep: Sleep = time.sleep,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        chance: Callable[[], float] = random.random,
    ) -> None:
        super().__init__(inner)
        self._retries, self._tell, self._sleep = retries, tell, sleep
        self._now, self._chance = now, chance

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        is_export = family_of(request) == "export"
        for attempt in range(self._retries):
            seconds = back_off(attempt, self._chance())
            try:
                response = self.inner.handle_request(request)
            except httpx.TransportError:
                if not is_export:
                    raise
                self._wait(seconds, "the connection failed")
                continue
            failed = is_export and response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR
            if response.status_code != _PUT_OFF and not failed:
                return response
            asked = seconds_asked(response, self._now()) if not failed else None
            response.close()
            self._wait(
                min(seconds if asked is None else float(asked), LONGEST_WAIT),
                "the service failed" if failed else "Mixpanel asks to slow down",
            )
        return self.inner.handle_request(request)

    def _wait(self, seconds: float, reason: str) -> None:
        wait(seconds, reason, self._tell, self._sleep)
