"""How long to wait, and waiting that can be seen: the reason and the seconds left are told once a second."""

from __future__ import annotations

import time
from collections.abc import Callable

Teller = Callable[[str, float], None]
"""Is told why the client waits and how many seconds are left, at the end ``0``."""

Sleep = Callable[[float], None]

TOLD_EVERY = 1.0
LONGEST_WAIT = 60.0
JITTER = 0.1
"""At most this part of a wait is added, so that workers do not come back all at once."""


def untold(reason: str, left: float) -> None:
    """Tell nobody."""


def wait(seconds: float, reason: str, tell: Teller = untold, sleep: Sleep = time.sleep) -> None:
    """Sleep, telling what is left."""
    while seconds > 0:
        tell(reason, seconds)
        sleep(min(seconds, TOLD_EVERY))
        seconds -= TOLD_EVERY
    tell(reason, 0.0)


def back_off(attempt: int, chance: float) -> float:
    """Seconds before the next attempt where the service names none: 1, 2, 4 … up to a minute, and jitter."""
    return min(2.0**attempt, LONGEST_WAIT) * (1 + JITTER * chance)
