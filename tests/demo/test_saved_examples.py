"""The seed's examples that keep something in the project first; they write to the in-process server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pytest_mixpanel import (
    BUSINESS_CONTEXT_MAX_CHARS,
    CohortCriteria,
    CohortDefinition,
    CohortMetric,
    ComposedPropertyValue,
    CreateCohortParams,
    CreateCustomPropertyParams,
    CustomPropertyRef,
    GroupBy,
    Metric,
    Workspace,
)


@pytest.fixture
def ws(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    monkeypatch.setenv("MIXPANEL_CACHE", str(tmp_path_factory.mktemp("cache")))
    with Workspace(project="demo") as workspace:
        yield workspace


def test_a_saved_property_cleans_names(ws: Workspace) -> None:
    cleaning = 'LET(raw, A, REGEX_REPLACE(REGEX_REPLACE(raw, "^[0-9]+_", ""), "_", " "))'
    campaign = ComposedPropertyValue(
        resource_type="event",
        type="string",
        value="campaign_name",
        label="Campaign Name",
        property_default_type="string",
    )
    saved = ws.create_custom_property(
        CreateCustomPropertyParams(
            name="Clean Campaign Name",
            resource_type="events",
            display_formula=cleaning,
            composed_properties={"A": campaign},
        )
    )
    by_name = GroupBy(CustomPropertyRef(saved.custom_property_id))
    frame = ws.query("Purchase", group_by=by_name, last=30, mode="total").df
    segments = set(frame["segment"]) - {"$overall", "undefined"}
    assert len(segments) > 2
    assert not any("_" in segment or segment[:1].isdigit() for segment in segments)


def test_the_share_of_a_saved_cohort_that_is_active(ws: Workspace) -> None:
    power_users = CohortDefinition.all_of(
        CohortCriteria.did_event("Purchase", at_least=5, within_days=30),
        CohortCriteria.did_not_do_event("Support Ticket", within_days=90),
    )
    saved = ws.create_cohort(CreateCohortParams(name="Power Users", definition=power_users.to_dict()))
    result = ws.query(
        [Metric("Login", math="unique"), CohortMetric(saved.id, "Power Users")],
        formula="(B / A) * 100",
        formula_label="% Power Users Active",
        last=90,
    )
    assert list(result.series) == ["% Power Users Active"]
    assert len(result.df) == 90
    assert result.df["count"].between(0, 100).all()
    assert result.df["count"].max() > 0


def test_the_context_of_a_project(ws: Workspace) -> None:
    assert BUSINESS_CONTEXT_MAX_CHARS == 50_000
    written = "# About the shop\n"
    ws.set_business_context(written, level="project")
    ws.set_business_context("# Standards of the organization", level="organization")
    chain = ws.get_business_context_chain()
    assert chain.project.content == written
    assert chain.organization.content == "# Standards of the organization"
    project = ws.get_business_context(level="project")
    assert (project.character_count, project.is_empty) == (len(written), False)
    ws.clear_business_context(level="project")
    assert ws.get_business_context(level="project").is_empty


def test_sessions_as_the_unit_of_a_funnel(ws: Workspace) -> None:
    found = ws.query_funnel(
        ["View Item", "Add to Cart", "Purchase"],
        conversion_window=1,
        conversion_window_unit="session",
        math="conversion_rate_session",
        last=30,
    )
    assert 0 < found.overall_conversion_rate < 1
    assert found.conversions > 100
