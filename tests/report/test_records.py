"""Runs as JSON."""

from __future__ import annotations

import json

from syrupy.assertion import SnapshotAssertion

from pytest_mixpanel.report.records import json_report, jsonl_report
from pytest_mixpanel.report.run import Run


def test_a_run(run: Run, golden: SnapshotAssertion) -> None:
    assert json_report(run) == golden


def test_lines_hold_the_same_as_the_whole(run: Run) -> None:
    whole = json.loads(json_report(run))
    head, *checks = (json.loads(line) for line in jsonl_report(run).splitlines())
    assert head == {"type": "run", "schema": whole["schema"], "run": whole["run"]}
    assert [{**check, "type": "check"} for check in whole["checks"]] == checks


def test_it_is_strict_json_even_of_numbers_that_json_has_no_word_for(run: Run) -> None:
    def refuse(word: str) -> None:
        raise AssertionError(word)

    json.loads(json_report(run), parse_constant=refuse)
    assert json.loads(json_report(run))["checks"][2]["verdict"]["mde"] is None
