"""The suites in ``checks/`` on the demo project: green but for two to be seen, and red where it should be."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

AS_A_RULE = "pass"
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


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


def run(project: str, cache: Path, *options: str) -> tuple[int, dict[str, str], str]:
    """Exit status, outcome by check, and what was printed."""
    report = cache / f"{project.replace(':', '-')}.jsonl"
    finished = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "checks", f"--mixpanel-project={project}"),
            *(f"--mixpanel-report={report}", "-p", "no:cacheprovider", *options),
        ],
        cwd=ROOT,
        env={**os.environ, "MIXPANEL_CACHE": str(cache), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    records = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    outcomes = {record["id"]: record["verdict"]["outcome"] for record in records if "verdict" in record}
    return finished.returncode, outcomes, finished.stdout


@pytest.mark.parametrize(
    ("project", "expected", "status"), [("demo", HEALTHY, 0), ("demo:incident", STRUCK, 1)]
)
def test_every_check_comes_to_the_verdict_it_should(
    project: str, expected: dict[str, str], status: int, cache: Path
) -> None:
    exit_status, outcomes, printed = run(project, cache)
    assert len(outcomes) >= 20
    others = {check: outcome for check, outcome in outcomes.items() if outcome != AS_A_RULE}
    assert others == expected, printed
    assert exit_status == status
