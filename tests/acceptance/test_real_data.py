"""Numbers about real events that others computed, reproduced through pytest and a checks file.

BPI Challenge 2012 (B.F. van Dongen, doi:10.4121/uuid:3926db30-f712-4394-aebc-75976070e91f): totals as
published with the log; funnels computed twice independently, by SQL self-joins and by a scan.
retentioneering-ecom: event totals of the published data set.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pytest_mixpanel import Workspace

STEPS = ["A_SUBMITTED", "A_PREACCEPTED", "A_ACCEPTED", "A_FINALIZED", "A_APPROVED"]
LAST_DAY = datetime(2012, 3, 14, tzinfo=UTC)
FUNNELS = {
    365: [13087, 7367, 5113, 5015, 2246],  # no case lasts as long: this is the funnel without a window
    1: [13087, 7255, 4051, 3969, 28],
    7: [13087, 7366, 5023, 4932, 126],
    14: [13087, 7367, 5089, 4993, 1086],
    30: [13087, 7367, 5113, 5015, 2058],
}
LOANS = {
    "A_SUBMITTED": 13087,
    "A_PARTLYSUBMITTED": 13087,
    "A_PREACCEPTED": 7367,
    "W_Completeren aanvraag": 54850,
    "A_DECLINED": 7635,
    "W_Afhandelen leads": 16566,
    "A_ACCEPTED": 5113,
    "A_FINALIZED": 5015,
    "O_SELECTED": 7030,
    "O_CREATED": 7030,
    "O_SENT": 7030,
    "W_Nabellen offertes": 52016,
    "O_CANCELLED": 3655,
    "A_CANCELLED": 2807,
    "W_Beoordelen fraude": 664,
    "O_SENT_BACK": 3454,
    "W_Valideren aanvraag": 20809,
    "W_Nabellen incomplete dossiers": 25190,
    "O_ACCEPTED": 2243,
    "A_REGISTERED": 2246,
    "A_ACTIVATED": 2246,
    "A_APPROVED": 2246,
    "O_DECLINED": 802,
    "W_Wijzigen contractgegevens": 12,
}
SHOP = {
    "product_view": 6851,
    "catalog": 6521,
    "search": 4011,
    "home": 2762,
    "add_to_cart": 1346,
    "cart": 1204,
    "shipping_details": 958,
    "payment_details": 709,
    "purchase": 470,
    "payment_error": 119,
    "checkout_bug": 44,
}


@pytest.fixture
def run_checks(pytester: pytest.Pytester) -> Callable[..., dict[str, dict[str, Any]]]:
    """Run checks over an export, as of a moment, and return the records of the report by check id."""

    def run(export: Path, now: datetime, checks: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        file = pytester.path / "real.checks.yaml"
        file.write_text(json.dumps({"version": 1, "suite": "real", "checks": checks}))  # JSON is YAML
        report = pytester.path / "report.json"
        result = pytester.runpytest_subprocess(
            f"--mixpanel-project={export}",
            f"--mixpanel-now={now.isoformat()}",
            f"--mixpanel-report={report}",
            file.name,
        )
        result.assert_outcomes(passed=len(checks))
        return {check["id"]: check for check in json.loads(report.read_text())["checks"]}

    return run


@pytest.mark.parametrize("window", FUNNELS, ids=lambda days: f"{days}d")
def test_the_loan_funnel_is_reproduced(
    window: int, data: Callable[[str], Path], run_checks: Callable[..., dict[str, dict[str, Any]]]
) -> None:
    """Judged when the last entrants had their window and a day to settle, so that no day is left out."""
    export = data("bpic2012.events.jsonl.gz")
    checks = [
        {
            "id": f"step-{step}",
            "measure": {"funnel": {"steps": STEPS, "within": f"{window}d"}},
            "window": "167d",
            "fail_if": f"conversion(step {step}) < 0.01%",
        }
        for step in range(2, 6)
    ]
    found = run_checks(export, LAST_DAY + timedelta(days=window + 2), checks)
    counts = [found[f"step-{step}"]["verdict"]["n"] for step in range(2, 6)]
    assert {count["entrants"] for count in counts} == {FUNNELS[window][0]}
    assert [count["conversions"] for count in counts] == FUNNELS[window][1:]


def test_the_loan_funnel_by_amount_is_reproduced(data: Callable[[str], Path]) -> None:
    """Approved of submitted, by the amount requested."""
    from pytest_mixpanel import Filter

    bands = {
        (1842, 65): Filter.less_than("amount_requested", 5_000),
        (4398, 706): Filter.between("amount_requested", 5_000, 9_999.99),
        (3749, 808): Filter.between("amount_requested", 10_000, 19_999.99),
        (3098, 667): Filter.at_least("amount_requested", 20_000),
    }
    with Workspace(project=str(data("bpic2012.events.jsonl.gz"))) as loans:
        for (entrants, approved), band in bands.items():
            result = loans.query_funnel(
                ["A_SUBMITTED", "A_APPROVED"],
                conversion_window=365,
                from_date="2011-09-01",
                to_date="2012-03-14",
                where=band,
            )
            assert (result.entrants, result.conversions) == (entrants, approved)


@pytest.mark.parametrize(
    ("name", "totals", "first", "last"),
    [
        ("bpic2012.events.jsonl.gz", LOANS, "2011-09-30", "2012-03-14"),
        ("retentioneering-ecom.events.jsonl.gz", SHOP, "2024-01-01", "2024-06-30"),
    ],
)
def test_event_totals_are_reproduced(
    name: str, totals: dict[str, int], first: str, last: str, data: Callable[[str], Path]
) -> None:
    with Workspace(project=str(data(name))) as workspace:
        found = {
            event: workspace.query(event, from_date=first, to_date=last, mode="total").df["count"].iloc[0]
            for event in totals
        }
        report = workspace.import_report
    assert found == totals
    assert report is not None
    assert (report.rejected, report.repeated) == ((), 0)


def test_event_totals_are_reproduced_by_a_checks_file(
    data: Callable[[str], Path], run_checks: Callable[..., dict[str, dict[str, Any]]]
) -> None:
    export = data("bpic2012.events.jsonl.gz")
    checks = [
        {
            "id": f"total-{number}",
            "measure": {"volume": {"event": event, "unit": "day"}},
            "window": "167d",
            "fail_if": "highest < 1",
        }
        for number, event in enumerate(LOANS)
    ]
    found = run_checks(export, LAST_DAY + timedelta(days=1), checks)
    totals = [found[f"total-{number}"]["verdict"]["n"]["events"] for number in range(len(LOANS))]
    assert totals == list(LOANS.values())
