"""Assertions on the data itself: the tracking plan, the properties of events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.assertions.claims import ClaimFailed, Undecided, settle
from pytest_mixpanel.core.explanation import Explanation, Table
from pytest_mixpanel.core.verdict import Outcome, Verdict

if TYPE_CHECKING:
    import pandas as pd

    from pytest_mixpanel.kinds.expectations import Expectation
    from pytest_mixpanel.workspace import Workspace


def assert_lexicon(
    workspace: Workspace,
    plan: str | PathLike[str],
    *,
    last: str = "7d",
    events: Sequence[str] = (),
    drift: Mapping[str, str] | None = None,
    undecided: Undecided = "skip",
) -> Verdict:
    """What arrives is what the tracking plan says; ``drift={"risky": "fail"}`` is stricter.

    Raises ``ClaimFailed`` with every change, breaking ones first.
    """
    __tracebackhide__ = True
    from pathlib import Path

    from pytest_mixpanel.kinds.builders import lexicon
    from pytest_mixpanel.runner.session import CheckSession

    options = {"events": list(events)} if events else {}
    check = lexicon(fspath(Path(plan).absolute()), last=last, **options).named("assert_lexicon")
    if drift is not None:
        check = check.with_keys(drift=dict(drift))
    result = CheckSession(workspace).run(check)
    return settle(result.verdict, result.explanation, undecided)


def assert_expectations(
    frame: pd.DataFrame | Sequence[Mapping[str, Any]],
    expectations: Sequence[Expectation | Mapping[str, Mapping[str, Any]]],
) -> Verdict:
    """A frame, or raw events, meet Great Expectations: ``[{"ExpectColumnToExist": {"column": "price"}}]``.

    An expectation that cannot be evaluated fails the assertion as well, and says that it was an error.
    """
    __tracebackhide__ = True
    from pytest_mixpanel.kinds.expectations import Expectation, validate

    asked = [
        item if isinstance(item, Expectation) else Expectation(*next(iter(item.items())))
        for item in expectations
    ]
    findings = validate(_frame(frame), asked)
    words = {Outcome.PASS: "ok", Outcome.ERROR: "ERROR", Outcome.FAIL: "FAIL", Outcome.WARN: "warn"}
    rows = tuple(
        (f.expectation.label, f.problem or f.got, f.expectation.limit, words[f.outcome]) for f in findings
    )
    wrong = [f for f in findings if f.outcome in (Outcome.FAIL, Outcome.ERROR)]
    told = f"{len(wrong)} of {len(findings)} expectations are not met"
    explanation = Explanation(told, blocks=(Table("rules", ("rule", "got", "limit", "result"), rows),))
    if wrong:
        raise ClaimFailed(Verdict(wrong[0].outcome, "expectations"), explanation)
    return Verdict(Outcome.PASS, n={"expectations": float(len(findings))})


def _frame(events: pd.DataFrame | Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    if isinstance(events, pd.DataFrame):
        return events
    return pd.DataFrame([dict(event.get("properties", event)) for event in events])
