"""What a check of daily counts has measured: the window, and what is before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_mixpanel.baselines.daily import Daily
from pytest_mixpanel.baselines.snapshot import query_hash
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.time import DateRange
from pytest_mixpanel.kinds.changes import missing_baseline

if TYPE_CHECKING:
    from pytest_mixpanel.dsl.spec import CheckSpec
    from pytest_mixpanel.kinds.base import Question
    from pytest_mixpanel.kinds.context import Context
    from pytest_mixpanel.kinds.judging import Finding


@frozen
class Measured:
    """``before`` is ``None`` without a comparison, or where its baseline is missing (``missing`` says why).

    ``recent`` are the days that are compared: of the window, those after a snapshot ends. ``query`` is the
    hash of what was asked, under which ``now`` may be accepted as a snapshot.
    """

    now: Daily
    before: Daily | None
    query: str
    recent: Daily
    missing: tuple[str, str] | None = None

    def no_baseline(self, spec: CheckSpec) -> Finding | None:
        """The finding of a comparison that has nothing to compare with."""
        if spec.compare is None or self.missing is None:
            return None
        return missing_baseline(self.missing[0], spec.compare, self.missing[1])


def measured(
    spec: CheckSpec, daily: Daily, window: DateRange, question: Question, context: Context
) -> Measured:
    """Split daily counts into the window and the baseline that the check names.

    A window that begins before its snapshot ends is compared by its whole weeks after it.
    """
    now, query = daily.within(window), query_hash(question.engine, question.params)
    if spec.compare is None:
        return Measured(now, None, query, now)
    if spec.compare.to == "previous_period":
        return Measured(now, daily.within(window.before), query, now)
    snapshot = context.snapshot
    if context.accepting:
        told = f"this run accepts {window} as the baseline: commit the file that it writes"
        return Measured(now, None, query, now, ("accepted-now", told))
    if snapshot is None:
        told = "no snapshot was accepted yet: run with --mixpanel-baselines=create and commit the file"
        return Measured(now, None, query, now, ("no-snapshot", told))
    if snapshot.query != query:
        told = (
            f"the check asks something else than the snapshot of {snapshot.accepted_at[:10]} answers: "
            "run with --mixpanel-baselines=update and review the file"
        )
        return Measured(now, None, query, now, ("stale-snapshot", told))
    if snapshot.timezone != context.timezone:
        told = f"the snapshot counts days in {snapshot.timezone}, the project in {context.timezone}"
        return Measured(now, None, query, now, ("stale-snapshot", told))
    weeks = max(0, (window.last - snapshot.daily.days[-1]).days) // 7
    if weeks == 0:
        told = f"the snapshot reaches to {snapshot.daily.days[-1]}; it takes a whole week after it to compare"
        return Measured(now, None, query, now, ("young-snapshot", told))
    recent = now.within(DateRange.ending(window.last, min(weeks * 7, len(window))))
    return Measured(now, snapshot.daily, query, recent)
