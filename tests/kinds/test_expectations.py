"""Great Expectations, run leanly; what it cannot evaluate is an error."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pytest_mixpanel.core.verdict import Outcome
from pytest_mixpanel.kinds.expectations import Expectation, Finding, validate

FRAME = pd.DataFrame({"price": [10.0, 20.0, 30.0, None], "currency": ["USD", "EUR", "usd", "USD"]})


def one(name: str, frame: pd.DataFrame = FRAME, **arguments: Any) -> Finding:
    (finding,) = validate(frame, [Expectation(name, arguments)])
    return finding


def test_an_expectation_that_holds_passes_and_shows_what_was_observed() -> None:
    finding = one("ExpectColumnMedianToBeBetween", column="price", min_value=15, max_value=25)
    assert (finding.outcome, finding.got) == (Outcome.PASS, "20")
    assert finding.expectation.label == "column median to be between(price)"
    assert finding.expectation.limit == "15 – 25"


def test_one_that_does_not_hold_fails() -> None:
    finding = one("ExpectColumnMedianToBeBetween", column="price", min_value=25)
    assert (finding.outcome, finding.problem) == (Outcome.FAIL, None)
    assert finding.expectation.limit == "≥ 25"


def test_values_of_the_data_are_counted_not_shown() -> None:
    finding = one("ExpectColumnValuesToBeInSet", column="currency", value_set=["USD", "EUR"])
    assert (finding.outcome, finding.got) == (Outcome.FAIL, "1 of 4 unexpected")
    assert finding.expectation.limit == "value_set of 2"
    finding = one("ExpectColumnDistinctValuesToBeInSet", column="currency", value_set=["USD"])
    assert "usd" not in finding.got


def test_snake_case_names_are_understood() -> None:
    assert one("expect_table_row_count_to_be_between", min_value=1).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("severity", "outcome"),
    [("critical", Outcome.FAIL), ("warning", Outcome.WARN), ("info", Outcome.PASS)],
)
def test_the_severity_decides_what_a_failure_comes_to(severity: str, outcome: Outcome) -> None:
    finding = one("ExpectColumnMaxToBeBetween", column="price", max_value=1, severity=severity)
    assert finding.outcome is outcome


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("ExpectColumMedianToBeBetween", {}, "did you mean ExpectColumnMedianToBeBetween?"),
        ("os", {}, "there is no expectation 'os'"),
        ("ExpectColumnMedianToBeBetween", {"column": "prise", "min_value": 1}, "prise"),
        ("ExpectColumnMedianToBeBetween", {"colum": "price"}, "extra fields not permitted"),
        ("ExpectColumnMedianToBeBetween", {"column": "currency", "min_value": 1}, ""),
        ("UnexpectedRowsExpectation", {"unexpected_rows_query": "select * from {batch}"}, ""),
    ],
)
def test_what_cannot_be_evaluated_is_an_error_not_a_failure(
    name: str, arguments: dict[str, Any], words: str
) -> None:
    finding = one(name, **arguments)
    assert finding.outcome is Outcome.ERROR
    assert finding.problem
    assert words in finding.problem
    assert "\n" not in finding.problem


def test_an_error_in_one_does_not_keep_the_others_from_being_evaluated() -> None:
    findings = validate(
        FRAME,
        [Expectation("Nonsense"), Expectation("ExpectTableRowCountToEqual", {"value": 4})],
    )
    assert [finding.outcome for finding in findings] == [Outcome.ERROR, Outcome.PASS]


def test_a_custom_expectation_is_found_by_its_name() -> None:
    import great_expectations.expectations as gxe

    class ExpectPriceToBeModest(gxe.ExpectColumnMaxToBeBetween):  # type: ignore[misc]  # the library is untyped
        column: str = "price"
        max_value: float = 100

    assert one("ExpectPriceToBeModest").outcome is Outcome.PASS


def test_the_users_own_context_stays_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    import great_expectations as gx
    from great_expectations.data_context.data_context.context_factory import project_manager

    theirs = gx.get_context(mode="ephemeral")
    one("ExpectTableRowCountToEqual", value=4)
    assert project_manager.get_current_project() is theirs


def test_nothing_is_written_and_no_progress_shown(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    one("ExpectColumnValuesToNotBeNull", column="currency")
    assert list(tmp_path.iterdir()) == []
    assert capsys.readouterr() == ("", "")
    assert not caplog.records


def test_without_expectations_the_library_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "great_expectations", None)
    assert validate(FRAME, []) == ()


def test_warnings_stay_the_users(recwarn: pytest.WarningsRecorder) -> None:
    shown = warnings.showwarning
    one("ExpectTableRowCountToEqual", value=4)
    assert warnings.showwarning is shown
    assert not recwarn.list
