"""The life of a saved cohort, and queries that refer to it."""

from __future__ import annotations

import pytest

from pytest_mixpanel import CohortBreakdown, CohortCriteria, CohortDefinition, Filter, QueryError, Workspace
from pytest_mixpanel.api.entities.bookmarks import CreateBookmarkParams
from pytest_mixpanel.api.entities.cohorts import (
    BulkUpdateCohortEntry,
    Cohort,
    CreateCohortParams,
    UpdateCohortParams,
)
from pytest_mixpanel.api.entities.dashboards import CreateDashboardParams

BUYERS = CohortDefinition.all_of(CohortCriteria.did_event("Purchase", at_least=1, within_days=30)).to_dict()
VISITORS = CohortDefinition.all_of(CohortCriteria.did_event("Login", at_least=1, within_days=30)).to_dict()


def saved(ws: Workspace, name: str = "Buyers", **more: object) -> Cohort:
    return ws.create_cohort(CreateCohortParams(name=name, **{"definition": BUYERS, **more}))  # type: ignore[arg-type]  # any of its fields


def test_a_cohort_is_saved_found_changed_and_deleted(ws: Workspace) -> None:
    made = saved(ws, description="bought in a month")
    assert (made.name, made.count, made.is_visible) == ("Buyers", 2, True)  # ana and ben
    assert {name: (made.model_extra or {})[name] for name in BUYERS} == BUYERS
    assert ws.get_cohort(made.id) == made
    assert ws.list_cohorts_full() == [made]
    assert ws.list_cohorts_full(ids=[made.id + 1]) == []

    changed = ws.update_cohort(made.id, UpdateCohortParams(name="Visitors", definition=VISITORS))
    assert (changed.name, changed.count, changed.description) == ("Visitors", 3, "bought in a month")

    ws.update_cohort(made.id, UpdateCohortParams(deleted=True))
    assert ws.list_cohorts_full() == []
    ws.delete_cohort(made.id)
    with pytest.raises(QueryError, match="there is no cohort 1"):
        ws.get_cohort(made.id)


def test_several_are_changed_and_deleted_at_once(ws: Workspace) -> None:
    ids = [saved(ws, name).id for name in "ab"]
    ws.bulk_update_cohorts(
        [BulkUpdateCohortEntry(id=ids[0], name="A"), BulkUpdateCohortEntry(id=ids[1], definition=VISITORS)]
    )
    assert [(one.name, one.count) for one in ws.list_cohorts_full()] == [("A", 2), ("b", 3)]
    ws.bulk_delete_cohorts(ids)
    assert ws.list_cohorts_full() == []


def test_cohorts_are_found_by_their_group(ws: Workspace) -> None:
    saved(ws)
    company = saved(ws, "Companies", data_group_id="7")
    assert ws.list_cohorts_full(data_group_id="7") == [company]


def test_an_older_definition_is_kept_and_has_no_count(ws: Workspace) -> None:
    made = saved(ws, definition={"groups": [{"type": "cohort_group"}]})
    assert made.count is None
    assert (made.model_extra or {})["groups"] == [{"type": "cohort_group"}]


def test_queries_refer_to_a_saved_cohort(ws: Workspace) -> None:
    buyers = saved(ws)

    def total(where: Filter | None = None) -> int:
        result = ws.query("Login", where=where, mode="total", from_date="2026-03-01", to_date="2026-03-03")
        return int(result.df["count"].iloc[0])

    assert total() == 9  # three users on three days
    assert total(Filter.in_cohort(buyers.id, "Buyers")) == 6
    assert total(Filter.not_in_cohort(buyers.id, "Buyers")) == 3
    everybody = ws.query_user(cohort=buyers.id, mode="aggregate", aggregate="count", include_all_users=True)
    assert everybody.value == 2
    by_cohort = ws.query(
        "Login", group_by=CohortBreakdown(buyers.id, "Buyers"), mode="total",
        from_date="2026-03-01", to_date="2026-03-03",
    )  # fmt: skip
    assert 6 in set(by_cohort.df["count"])
    ws.delete_cohort(buyers.id)
    with pytest.raises(QueryError, match=f"the project has no cohort {buyers.id}"):
        total(Filter.in_cohort(buyers.id, "Buyers"))


def test_a_cohort_names_the_reports_that_refer_to_it(ws: Workspace) -> None:
    buyers = saved(ws)
    home = ws.create_dashboard(CreateDashboardParams(title="Home"))
    params = ws.build_params("Login", where=Filter.in_cohort(buyers.id, "Buyers"))
    report = ws.create_bookmark(
        CreateBookmarkParams(name="r", bookmark_type="insights", params=params, dashboard_id=home.id)
    )
    assert report.id in ws.get_cohort(buyers.id).referenced_directly_by
