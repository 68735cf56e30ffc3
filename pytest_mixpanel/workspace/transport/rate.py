"""How many requests in how long a time."""

from __future__ import annotations

import re

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.time import SECONDS, Duration

_RATE = re.compile(r"(\d{1,7})\s*/\s*(\d{0,6})\s*([smhd])")


@frozen
class Rate:
    """At most ``count`` requests in any ``seconds``; written ``60/h``."""

    count: int
    seconds: int

    @classmethod
    def parse(cls, text: str) -> Rate:
        """Read ``60/h``, ``10/m`` or ``40/15m``; raises ``ParamValidationError``."""
        found = _RATE.fullmatch(text.strip())
        count, length = (int(found[1]), int(found[2] or 1) * SECONDS[found[3]]) if found else (0, 0)
        if not (count and length):
            raise ParamValidationError(
                f"{text!r} is not a budget; write a number of queries an hour, as 60/h"
            )
        return cls(count, length)

    def words(self) -> str:
        """``60 an hour``."""
        return f"{self.count} an hour" if self.seconds == SECONDS["h"] else str(self)

    def __str__(self) -> str:
        length = str(Duration(self.seconds))
        return f"{self.count}/{length[1:] if length[:-1] == '1' else length}"


HOURLY = Rate(60, SECONDS["h"])
"""The service's own limit for queries and for exports, a project (reference §2.4)."""
