"""All problems of a call are reported at once, with codes and suggestions."""

from __future__ import annotations

from datetime import date

import pytest

from pytest_mixpanel.core.errors import BookmarkValidationError
from pytest_mixpanel.query.build.funnel import build_funnel_params
from pytest_mixpanel.query.build.insights import build_params
from pytest_mixpanel.query.build.retention import build_retention_params
from pytest_mixpanel.query.inputs.events import Exclusion

TODAY = date(2026, 4, 1)


def codes(error: pytest.ExceptionInfo[BookmarkValidationError]) -> set[str]:
    return {problem.code for problem in error.value.errors}


def test_a_funnel_with_many_problems_names_them_all() -> None:
    with pytest.raises(BookmarkValidationError) as error:
        build_funnel_params(["A", 3], conversion_window=0, math="mean", last=0, today=TODAY)  # type: ignore[arg-type]  # wrong on purpose
    assert codes(error) == {
        "F2_EMPTY_STEP_EVENT",
        "F3_CONVERSION_WINDOW_POSITIVE",
        "B9_INVALID_MATH",
        "V7_LAST_POSITIVE",
    }


def test_a_misspelt_word_is_answered_with_the_nearest() -> None:
    with pytest.raises(BookmarkValidationError) as error:
        build_params("Login", unit="weeks", today=TODAY)  # type: ignore[arg-type]  # wrong on purpose
    assert error.value.errors[0].suggestion == ("week",)
    assert "did you mean 'week'?" in str(error.value)


def test_one_step_is_no_funnel() -> None:
    with pytest.raises(BookmarkValidationError) as error:
        build_funnel_params(["A"], today=TODAY)
    assert codes(error) == {"F1_MIN_STEPS"}


def test_a_window_beyond_a_year_is_refused() -> None:
    with pytest.raises(BookmarkValidationError, match="at most 367 days"):
        build_funnel_params(["A", "B"], conversion_window=400, today=TODAY)


def test_an_exclusion_must_lie_between_steps() -> None:
    with pytest.raises(BookmarkValidationError) as error:
        build_funnel_params(["A", "B"], exclusions=[Exclusion("X", 0, 5)], today=TODAY)
    assert codes(error) == {"F4_EXCLUSION_STEP_BOUNDS"}


def test_an_average_needs_a_property() -> None:
    with pytest.raises(BookmarkValidationError) as error:
        build_params(["Purchase", "Login"], math="average", today=TODAY)
    assert codes(error) == {"V1_MATH_REQUIRES_PROPERTY"}


def test_dates_must_be_dates_in_order() -> None:
    with pytest.raises(BookmarkValidationError) as error:
        build_params("Login", from_date="2026-03-09", to_date="March", today=TODAY)
    assert codes(error) == {"V8_DATE_FORMAT"}
    with pytest.raises(BookmarkValidationError) as error:
        build_params("Login", from_date="2026-03-09", to_date="2026-03-01", today=TODAY)
    assert codes(error) == {"V15_DATE_ORDER"}


def test_bucket_sizes_ascend() -> None:
    with pytest.raises(BookmarkValidationError) as error:
        build_retention_params("A", "B", bucket_sizes=[3, 3], today=TODAY)
    assert codes(error) == {"R6_BUCKET_SIZES_ASCENDING"}


def test_the_sum_of_a_property_goes_out_as_its_total() -> None:
    params = build_params("Purchase", math="sum", math_property="revenue", today=TODAY)
    measurement = params["sections"]["show"][0]["measurement"]
    assert measurement == {"math": "total", "property": {"name": "revenue", "resourceType": "events"}}
