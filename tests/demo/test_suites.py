"""The suites in ``checks/`` on the demo project: green but for two to be seen, and red where it should be."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

HEALTHY = {
    "week-two": "warn",
    "referred-first-cart": "inconclusive",
}
STRUCK = HEALTHY | {
    "purchase-floor": "fail",
    "purchase-no-regression": "fail",
    "payment-floor": "fail",
    "payment-as-agreed": "fail",
    "purchase-volume": "fail",
    "search-volume": "fail",
    "search-leads-to-items": "blocked",
    "plan": "fail",
    "signup-channels": "warn",
}


@dataclass(frozen=True)
class Finished:
    """A run of the suites: exit status, outcome by check, and what was printed."""

    status: int
    outcomes: dict[str, str]
    printed: str

    @property
    def not_passed(self) -> dict[str, str]:
        return {check: outcome for check, outcome in self.outcomes.items() if outcome != "pass"}


def finished(project: str, folder: Path) -> Finished:
    report = folder / "report.jsonl"
    run = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "checks", f"--mixpanel-project={project}"),
            *(f"--mixpanel-report={report}", "-p", "no:cacheprovider"),
        ],
        cwd=ROOT,
        env={**os.environ, "MIXPANEL_CACHE": str(folder), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    records = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    outcomes = {record["id"]: record["verdict"]["outcome"] for record in records if "verdict" in record}
    return Finished(run.returncode, outcomes, run.stdout)


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    return finished("demo", tmp_path_factory.mktemp("healthy"))


@pytest.fixture(scope="module")
def struck(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    return finished("demo:incident", tmp_path_factory.mktemp("struck"))


def test_the_healthy_shop_is_green_but_for_a_warning_and_an_open_question(healthy: Finished) -> None:
    assert healthy.not_passed == HEALTHY, healthy.printed
    assert len(healthy.outcomes) >= 20
    assert healthy.status == 0


def test_the_incident_fails_the_checks_it_should_and_no_others(struck: Finished) -> None:
    assert struck.not_passed == STRUCK, struck.printed
    assert struck.status == 1


def test_the_incidents_report_names_the_causes(struck: Finished) -> None:
    told = " ".join(struck.printed.split())
    assert re.search(r"Android .{10,60} ◀ 1\d\d % of the drop", told)
    assert "Purchase.deal_sweet_spot planned, on none of" in told
    assert 'now "Search Performed"?' in told
