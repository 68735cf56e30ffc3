"""The block at the end of a run."""

from __future__ import annotations

from syrupy.assertion import SnapshotAssertion

from pytest_mixpanel.report.run import Run
from pytest_mixpanel.report.summary import heading, summary
from pytest_mixpanel.report.text import cells


def test_a_run(run: Run, golden: SnapshotAssertion) -> None:
    assert "\n".join([heading(run), *summary(run)]) + "\n" == golden


def test_no_line_is_wider_than_asked(run: Run) -> None:
    assert max(cells(line) for line in summary(run, 60)) <= 60


def test_a_single_check_is_counted_in_the_singular(run: Run) -> None:
    assert summary(Run("demo", None, None, run.results[:1])) == [
        " 1 check   1 fail",
        " owners    growth-analytics 1 fail",
    ]


def test_a_run_without_a_clock_claims_no_date() -> None:
    assert heading(Run("export/", None, None, ())) == "mixpanel: project export/"
