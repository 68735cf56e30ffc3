"""The shared budget: so many requests an hour and so many at once, whoever sends them from this machine.

What was sent stands in a small file in the cache folder, under a lock of the operating system; a place among
those at once is such a lock itself. Threads, worker processes and runs side by side share both, and what a
killed process held is free again. Time is counted from the start of the machine: clocks that are set change
nothing. Where the machine was started anew, what was sent before counts for an hour at most.
"""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import filelock
import httpx

from pytest_mixpanel.api.endpoint import Host
from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.core.files import write_whole
from pytest_mixpanel.workspace.transport.bounds import CONNECT_TIMEOUT, TIMEOUTS
from pytest_mixpanel.workspace.transport.family import family_of, is_streamed
from pytest_mixpanel.workspace.transport.layer import Layer
from pytest_mixpanel.workspace.transport.rate import HOURLY, Rate
from pytest_mixpanel.workspace.transport.streams import closing
from pytest_mixpanel.workspace.transport.waiting import TOLD_EVERY, Sleep, Teller, untold

AT_ONCE: Mapping[Host, int] = {"query": 5, "export": 3}
"""Requests under way; the service allows 5 queries, and 3 exports a second (reference §2.4)."""

LONGEST = max(TIMEOUTS.values()) + CONNECT_TIMEOUT
"""Seconds after which a request that never ended, because its process was killed, has ended all the same."""

POLL = 0.05


def machine_time() -> float:
    """Seconds since this machine was started, sleep included where the system counts it."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class Budget:
    """One budget, shared by everything on this machine that names the same ``folder`` and ``name``."""

    def __init__(
        self,
        folder: Path,
        name: str,
        rate: Rate,
        at_once: int,
        *,
        tell: Teller = untold,
        sleep: Sleep = time.sleep,
        clock: Callable[[], float] = machine_time,
    ) -> None:
        self._file = folder / f"{name}.json"
        self._lock = folder / f"{name}.lock"
        self._places = [folder / f"{name}.{place}.lock" for place in range(1, at_once + 1)]
        self._rate, self._tell, self._sleep, self._clock = rate, tell, sleep, clock

    @contextmanager
    def place(self) -> Iterator[None]:
        """Wait for a place and for the budget, count a request, and hold the place until it has ended.

        A request counts from its start until the window has passed since its end: wherever in between the
        service saw it, it never sees more than ``rate`` in any window.
        """
        with self._one_of_the_places():
            ticket = self._count_request()
            try:
                yield
            finally:
                with _locked(self._lock):
                    self._write({**self._read(), ticket: self._clock()})

    @contextmanager
    def _one_of_the_places(self) -> Iterator[None]:
        while True:
            for path in self._places:
                lock = _lock_at(path)
                try:
                    lock.acquire(timeout=0)
                except filelock.Timeout:
                    continue
                try:
                    yield
                finally:
                    lock.release()
                return
            self._sleep(POLL)

    def _count_request(self) -> str:
        ticket, waited = secrets.token_hex(6), False
        reason = f"the budget of {self._rate.words()} is used up"
        while True:
            with _locked(self._lock):
                sent, now = self._read(), self._clock()
                left = self._left(sent, now)
                if left <= 0:
                    self._write({**sent, ticket: now + LONGEST})
                    break
            waited = True
            self._tell(reason, left)
            self._sleep(min(max(left, POLL), TOLD_EVERY))
        if waited:
            self._tell(reason, 0.0)
        return ticket

    def _left(self, sent: Mapping[str, float], now: float) -> float:
        """Seconds until one more request keeps the rate."""
        counted = sorted(ended for ended in sent.values() if ended + self._rate.seconds > now)
        if len(counted) < self._rate.count:
            return 0.0
        return counted[len(counted) - self._rate.count] + self._rate.seconds - now

    def _read(self) -> dict[str, float]:
        """When each request ended or will have, but for those that no window reaches any more."""
        now, window = self._clock(), max(self._rate.seconds, HOURLY.seconds)
        try:
            noted = {str(ticket): float(end) for ticket, end in json.loads(self._file.read_bytes()).items()}
        except (FileNotFoundError, ValueError, TypeError, AttributeError):
            return {}
        # An end that lies further ahead than any request lasts was noted before the machine's start.
        ends = {ticket: min(end, now + LONGEST) for ticket, end in noted.items()}
        if ends != noted:
            self._write(ends)
        return {ticket: end for ticket, end in ends.items() if end + window > now}

    def _write(self, sent: Mapping[str, float]) -> None:
        write_whole(self._file, json.dumps(sent))


class Budgeted(Layer):
    """Sends queries and exports within the project's budgets; other requests have none."""

    def __init__(
        self,
        inner: httpx.BaseTransport,
        folder: Path,
        project_id: Callable[[], str],
        rate: Rate = HOURLY,
        *,
        tell: Teller = untold,
        sleep: Sleep = time.sleep,
        clock: Callable[[], float] = machine_time,
    ) -> None:
        super().__init__(inner)
        self._folder, self._project_id, self._rate = folder, project_id, rate
        self._tell, self._sleep, self._clock = tell, sleep, clock

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        family = family_of(request)
        if family not in AT_ONCE:
            return self.inner.handle_request(request)
        with ExitStack() as until_ended:
            until_ended.enter_context(self._budget(request, family).place())
            response = self.inner.handle_request(request)
            if is_streamed(request):
                response.stream = closing(response.stream, until_ended.pop_all().close)
            return response

    def _budget(self, request: httpx.Request, family: Host) -> Budget:
        name = re.sub(r"[^\w.-]", "_", f"{request.url.netloc.decode('ascii')}-{self._project_id()}-{family}")
        return Budget(
            self._folder,
            name,
            self._rate,
            min(AT_ONCE[family], self._rate.count),
            tell=self._tell,
            sleep=self._sleep,
            clock=self._clock,
        )


def _lock_at(path: Path) -> filelock.BaseFileLock:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"the cache folder {path.parent} cannot be made ({error.strerror}); name another one in the "
            "environment as MIXPANEL_CACHE"
        ) from error
    return filelock.FileLock(path, thread_local=False)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with _lock_at(path):
        yield
