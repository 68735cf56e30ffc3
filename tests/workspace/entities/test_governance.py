"""The lives of drop filters, custom properties, lookup tables and deletion requests."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from pytest_mixpanel import (
    ComposedPropertyValue,
    CreateCustomPropertyParams,
    CreateDeletionRequestParams,
    CreateDropFilterParams,
    CustomPropertyRef,
    EventDeletionRequest,
    GroupBy,
    MarkLookupTableReadyParams,
    MixpanelHeadlessError,
    ParamValidationError,
    PreviewDeletionFiltersParams,
    QueryError,
    UpdateCustomPropertyParams,
    UpdateDropFilterParams,
    UpdateLookupTableParams,
    UploadLookupTableParams,
    Workspace,
)
from pytest_mixpanel.api.surfaces.lookup_tables import finished
from tests.api.recording import recorded

TEST_PAGES = [{"resourceType": "event", "filterType": "string", "filterOperator": "equals", "value": "test"}]


def upper(name: str = "Plan in capitals", formula: str = "UPPER(A)") -> CreateCustomPropertyParams:
    plan = ComposedPropertyValue(resource_type="event", type="string", value="plan")
    return CreateCustomPropertyParams(
        name=name, resource_type="events", display_formula=formula, composed_properties={"A": plan}
    )


def test_a_drop_filter_is_made_switched_off_and_deleted(ws: Workspace) -> None:
    (made,) = ws.create_drop_filter(CreateDropFilterParams(event_name="Login", filters=TEST_PAGES))
    assert (made.event_name, made.filters, made.active) == ("Login", TEST_PAGES, True)
    (changed,) = ws.update_drop_filter(UpdateDropFilterParams(id=made.id, active=False))
    assert (changed.active, changed.filters) == (False, TEST_PAGES)
    assert ws.list_drop_filters() == [changed]
    with pytest.raises(QueryError, match="needs a condition"):
        ws.create_drop_filter(CreateDropFilterParams(event_name="Login", filters=[]))
    assert ws.delete_drop_filter(made.id) == []
    with pytest.raises(QueryError, match=f"no drop filter {made.id}"):
        ws.delete_drop_filter(made.id)


def test_there_are_as_many_drop_filters_as_the_limit_says(ws: Workspace) -> None:
    limit = ws.get_drop_filter_limits().filter_limit
    for _ in range(limit):
        ws.create_drop_filter(CreateDropFilterParams(event_name="Login", filters=TEST_PAGES))
    with pytest.raises(QueryError, match=f"at most {limit}"):
        ws.create_drop_filter(CreateDropFilterParams(event_name="Login", filters=TEST_PAGES))


def test_a_custom_property_is_made_queried_changed_and_deleted(ws: Workspace) -> None:
    """Six logins on the pro plan and three on the free one."""
    made = ws.create_custom_property(upper())
    assert ws.get_custom_property(str(made.custom_property_id)) == made
    assert ws.list_custom_properties() == [made]

    def by_plan() -> dict[str, float]:
        ref = CustomPropertyRef(made.custom_property_id)
        found = ws.query(
            "Login", group_by=GroupBy(ref), from_date="2026-03-01", to_date="2026-03-03", mode="total"
        ).df
        return {str(row["segment"]): float(row["count"]) for row in found.to_dict("records")}

    segments = by_plan()
    assert {name: segments[name] for name in ("PRO", "FREE")} == {"PRO": 6, "FREE": 3}

    changed = ws.update_custom_property(
        str(made.custom_property_id), UpdateCustomPropertyParams(display_formula="LEFT(A, 1)")
    )
    assert (changed.name, changed.composed_properties) == (made.name, made.composed_properties)
    assert by_plan()["p"] == 6

    ws.delete_custom_property(str(made.custom_property_id))
    with pytest.raises(QueryError, match="no custom property"):
        by_plan()
    with pytest.raises(QueryError, match="no custom property"):
        ws.get_custom_property(str(made.custom_property_id))


def test_a_formula_is_checked_before_it_is_saved(ws: Workspace) -> None:
    assert ws.validate_custom_property(upper())["valid"]
    for formula, told in (("UPPER(A", "displayFormula: "), ("UPPER(B)", "B")):
        with pytest.raises(QueryError, match=told):
            ws.validate_custom_property(upper(formula=formula))
        with pytest.raises(QueryError, match=told):
            ws.create_custom_property(upper(formula=formula))
    assert ws.list_custom_properties() == []


def test_a_custom_property_is_a_formula_or_a_behavior() -> None:
    with pytest.raises(ParamValidationError, match="either display_formula or behavior"):
        CreateCustomPropertyParams(name="x", resource_type="events")
    with pytest.raises(ParamValidationError, match="needs composed_properties"):
        CreateCustomPropertyParams(name="x", resource_type="events", display_formula="A")
    with pytest.raises(ParamValidationError, match="takes no composed_properties"):
        CreateCustomPropertyParams(
            name="x", resource_type="events", behavior={"a": 1}, composed_properties={}
        )


def test_a_lookup_table_is_joined_to_the_property_its_key_is_named_after(
    ws: Workspace, tmp_path: Path
) -> None:
    """Semantics E-61; a column is named in the params, as the client has no word for it."""
    file = tmp_path / "plans.csv"
    file.write_bytes(b"plan,price\npro,20\n")
    table = ws.upload_lookup_table(UploadLookupTableParams(name="Plans", file_path=str(file)))
    params = ws.build_params(
        "Login", group_by="plan", mode="total", from_date="2026-03-01", to_date="2026-03-05"
    )
    plans = ws.run_query("insights", params).df.set_index("segment")["count"]
    params["sections"]["group"][0]["lookupColumn"] = "price"
    prices = ws.run_query("insights", params).df.set_index("segment")["count"]
    assert prices["20"] == plans["pro"] > 0
    assert prices["$overall"] == prices["20"] + prices.get("undefined", 0)
    ws.delete_lookup_tables([table.id])
    assert "20" not in ws.run_query("insights", params).df["segment"].tolist()


def test_a_lookup_table_is_uploaded_downloaded_replaced_renamed_and_deleted(
    ws: Workspace, tmp_path: Path
) -> None:
    file = tmp_path / "plans.csv"
    file.write_bytes(b"plan,price\npro,20\nfree,0\n")
    made = ws.upload_lookup_table(UploadLookupTableParams(name="Plans", file_path=str(file)))
    assert ws.list_lookup_tables() == [made]
    assert ws.list_lookup_tables(data_group_id=made.id) == [made]
    assert ws.download_lookup_table(made.id, file_name="plans.csv") == file.read_bytes()
    assert ws.download_lookup_table(made.id, limit=1) == b"plan,price\npro,20\n"
    assert ws.get_lookup_download_url(made.id).endswith(f"/download/?data-group-id={made.id}")

    file.write_bytes(b"plan,price\npro,25\n")
    again = UploadLookupTableParams(name="Plans", file_path=str(file), data_group_id=made.id)
    assert ws.upload_lookup_table(again).id == made.id
    assert ws.download_lookup_table(made.id) == file.read_bytes()

    assert ws.update_lookup_table(made.id, UpdateLookupTableParams(name="Prices")).name == "Prices"
    ws.delete_lookup_tables([made.id])
    assert ws.list_lookup_tables() == []
    with pytest.raises(QueryError, match="no lookup table"):
        ws.download_lookup_table(made.id)


def test_a_large_lookup_table_is_waited_for(ws: Workspace, tmp_path: Path) -> None:
    file = tmp_path / "large.csv"
    file.write_text("key,value\n" + "".join(f"{n},{'x' * 90}\n" for n in range(55_000)), encoding="utf-8")
    made = ws.upload_lookup_table(UploadLookupTableParams(name="Large", file_path=str(file)), poll_interval=0)
    assert [one.name for one in ws.list_lookup_tables()] == [made.name] == ["Large"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "no header"),
        (b"a,a\n1,2\n", "column twice"),
        (b"a,b\n1,2\n1,3\n", "key twice"),
        (b"\xff\xfe", "no CSV in UTF-8"),
    ],
)
def test_a_file_that_is_no_table_is_refused(ws: Workspace, tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    with pytest.raises(QueryError, match=told):
        ws.upload_lookup_table(UploadLookupTableParams(name="Bad", file_path=str(file)))
    assert ws.list_lookup_tables() == []


def test_a_file_that_is_not_there_costs_no_request() -> None:
    workspace, requests = recorded({})
    with pytest.raises(FileNotFoundError):
        workspace.upload_lookup_table(UploadLookupTableParams(name="x", file_path="no/such.csv"))
    assert requests == []


def test_a_table_can_be_made_of_a_file_that_is_uploaded_already(ws: Workspace) -> None:
    target = ws.get_lookup_upload_url()
    assert target.url not in repr(target)
    ws.api.upload(target.url, b"plan,price\n", "text/csv")
    made = ws.mark_lookup_table_ready(MarkLookupTableReadyParams(name="Plans", key=target.key))
    assert ws.list_lookup_tables() == [made]
    with pytest.raises(MixpanelHeadlessError) as refused:
        ws.api.upload(target.url + "x", b"plan,price\n", "text/csv")
    assert refused.value.code == "UPLOAD_ERROR"
    assert target.key not in str(refused.value)


def test_an_upload_carries_no_credentials() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/upload-url/"):
            return httpx.Response(200, json={"url": "https://storage.test/k", "path": "p", "key": "k"})
        return httpx.Response(200, json={"id": 3})

    workspace, requests = recorded(answer)
    workspace.upload_lookup_table(UploadLookupTableParams(name="x", file_path=__file__))
    assert str(requests[1].url) == "https://storage.test/k"
    assert "authorization" not in requests[1].headers


@pytest.mark.parametrize(
    ("states", "code"),
    [
        (["PENDING", "FAILURE"], "UPLOAD_FAILED"),
        (["REVOKED"], "UPLOAD_FAILED"),
        (["NOTFOUND"], "UPLOAD_NOT_FOUND"),
        (["PENDING"] * 9, "UPLOAD_TIMEOUT"),
    ],
)
def test_an_upload_that_does_not_end_well_says_how(states: list[str], code: str) -> None:
    moments, told = iter(range(99)), iter(states)
    with pytest.raises(MixpanelHeadlessError) as error:
        finished(
            lambda: {"uploadStatus": next(told)},
            1,
            5,
            sleep=lambda _: None,
            clock=lambda: float(next(moments)),
        )
    assert error.value.code == code


def test_a_deletion_takes_events_from_queries_and_its_cancellation_gives_them_back(ws: Workspace) -> None:
    """Three users log in on each of three days."""

    def logins() -> float:
        days = {"from_date": "2026-03-01", "to_date": "2026-03-03"}
        return float(ws.query("Login", mode="total", **days).df["count"][0])  # type: ignore[arg-type]  # any of its arguments

    wanted = {"event_name": "Login", "from_date": "2026-03-01", "to_date": "2026-03-02"}
    assert [one["count"] for one in ws.preview_deletion_filters(PreviewDeletionFiltersParams(**wanted))] == [
        6
    ]
    assert logins() == 9
    (made,) = ws.create_deletion_request(CreateDeletionRequestParams(**wanted))
    assert (made.status, made.deleted_events_count, made.event_name) == ("Submitted", 6, "Login")
    assert ws.list_deletion_requests() == [made]
    assert logins() == 3
    assert ws.cancel_deletion_request(made.id) == []
    assert logins() == 9
    with pytest.raises(QueryError, match=f"no deletion request {made.id}"):
        ws.cancel_deletion_request(made.id)


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2026-03-02", "2026-03-01", "before toDate"),
        ("2025-03-02", "2026-03-01", "last 180 days"),
        ("2026-02-01", "2026-02-02", "no event matches"),
        ("March", "2026-02-02", "should be days"),
    ],
)
def test_a_deletion_that_the_service_would_refuse_is_refused(
    ws: Workspace, first: str, last: str, told: str
) -> None:
    params = CreateDeletionRequestParams(event_name="Login", from_date=first, to_date=last)
    with pytest.raises(QueryError, match=told):
        ws.create_deletion_request(params)


def test_filters_of_a_deletion_may_come_as_a_list() -> None:
    row = {
        "id": 1, "eventName": "x", "fromDate": "a", "toDate": "b", "status": "Submitted",
        "deletedEventsCount": 0, "created": "c", "requestingUser": {},
    }  # fmt: skip
    assert EventDeletionRequest.model_validate({**row, "filters": []}).filters is None
    assert EventDeletionRequest.model_validate({**row, "filters": [1]}).filters == {"items": [1]}
