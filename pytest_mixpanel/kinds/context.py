"""What a check knows of its surroundings: the clock, the calendar, how far the data reach, the snapshot."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.time import DateRange, Duration, last_full_day

if TYPE_CHECKING:
    from pytest_mixpanel.baselines.snapshot import Snapshot
    from pytest_mixpanel.dsl.spec import CheckSpec

DEFAULT_WINDOW = Duration(28 * 86_400)
SETTLE = Duration(86_400)
"""How long data may take to settle where a check does not say: anonymous and known users join in a day."""


class WindowError(ConfigError):
    """The days that a check asks for are not all there."""

    default_code = "WINDOW_EXCEEDS_DATA"


@frozen
class Context:
    """``now`` is aware; ``begins`` is the first day of the data, ``None`` where it is not known.

    ``snapshot`` is the accepted baseline of the check at hand, if there is one; ``accepting`` tells that
    this run writes it, so that there is nothing to compare with yet.
    """

    now: datetime
    timezone: str = "UTC"
    begins: date | None = None
    snapshot: Snapshot | None = None
    accepting: bool = False

    @property
    def today(self) -> date:
        return self.now.astimezone(ZoneInfo(self.timezone)).date()

    def window(self, spec: CheckSpec, needs: Duration | None = None) -> DateRange:
        """The days that are judged: the last ones on which everyone has had ``needs`` since.

        Raises ``WindowError`` where the data do not reach back that far.
        """
        wait = (spec.delay or (SETTLE if needs else Duration(0))).seconds + (needs.seconds if needs else 0)
        last = last_full_day(self.now, self.timezone, Duration(wait))
        days = (spec.window or DEFAULT_WINDOW).whole_days or 1
        window = DateRange.ending(last, days)
        self._check(spec, window, needs)
        return window

    def asked(self, spec: CheckSpec, window: DateRange) -> DateRange:
        """The days to ask for: with the period before them where that is the baseline."""
        if spec.compare is None or spec.compare.to != "previous_period":
            return window
        return DateRange(window.before.first, window.last)

    def _check(self, spec: CheckSpec, window: DateRange, needs: Duration | None) -> None:
        asked = self.asked(spec, window)
        if self.begins is None or asked.first >= self.begins:
            return
        there = (window.last - self.begins).days + 1
        both = len(asked) > len(window)
        fits = max(there // (2 if both else 1), 0)
        if both:
            fits -= fits % 7
        told = f"needs the days {asked}" + (" (the window and the period before it)" if both else "")
        late = f"; of the last ones, {needs} must have passed for everyone" if needs else ""
        hint = f"write window: {fits}d" if fits > 0 else "there are too few days for any window"
        raise WindowError(f"the check {told}, but the data begin on {self.begins}{late}; {hint}")
