"""The life of a schema; audits against it; schema enforcement."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pytest_mixpanel import (
    BulkAnomalyEntry,
    BulkCreateSchemasParams,
    BulkUpdateAnomalyParams,
    InitSchemaEnforcementParams,
    MixpanelHeadlessError,
    ParamValidationError,
    QueryError,
    ReplaceSchemaEnforcementParams,
    SchemaEntry,
    UpdateAnomalyParams,
    UpdateEventDefinitionParams,
    UpdatePropertyDefinitionParams,
    UpdateSchemaEnforcementParams,
    Workspace,
)
from tests.api.recording import recorded
from tests.engine.events import event

LOGIN: dict[str, Any] = {
    "description": "A visit began",
    "properties": {"plan": {"type": "string", "description": "What they pay for"}},
    "metadata": {"com.mixpanel": {"tags": ["core"], "hidden": False}},
}


def test_a_schema_is_registered_merged_replaced_and_deleted(ws: Workspace) -> None:
    ws.create_schema("event", "Login", LOGIN)
    assert ws.list_schema_registry() == [
        SchemaEntry(entity_type="event", name="Login", schema_definition=LOGIN)
    ]

    ws.update_schema("event", "Login", {"properties": {"kind": {"type": "string"}}})
    (merged,) = ws.list_schema_registry(entity_type="event")
    assert set(merged.schema_definition["properties"]) == {"plan", "kind"}
    assert merged.schema_definition["description"] == "A visit began"

    ws.create_schema("event", "Login", {"properties": {}, "metadata": {"com.mixpanel": {"hidden": None}}})
    (replaced,) = ws.list_schema_registry()
    assert replaced.schema_definition == {
        "properties": {},
        "metadata": {"com.mixpanel": {"tags": ["core"]}},
    }
    assert ws.delete_schemas(entity_type="event", entity_name="Login").delete_count == 1
    assert ws.list_schema_registry() == []
    with pytest.raises(QueryError, match="no schema of event 'Login'"):
        ws.update_schema("event", "Login", {})


def test_registry_and_definitions_are_one_truth(ws: Workspace) -> None:
    ws.create_schema("event", "Login", LOGIN)
    (defined,) = ws.get_event_definitions(names=["Login"])
    assert (defined.description, defined.tags) == ("A visit began", ["core"])

    ws.update_event_definition("Login", UpdateEventDefinitionParams(description="Hello", hidden=True))
    ws.update_property_definition("plan", UpdatePropertyDefinitionParams(display_name="Plan", dropped=True))
    ws.clear_discovery_cache()
    (schema,) = ws.lexicon_schemas(entity_type="event")
    assert schema.schema_json.description == "Hello"
    assert schema.schema_json.metadata is not None
    assert schema.schema_json.metadata.hidden
    plan = schema.schema_json.properties["plan"].metadata
    assert plan is not None
    assert (plan.display_name, plan.dropped) == ("Plan", True)

    ws.delete_schemas(entity_type="event")
    (kept,) = ws.get_event_definitions(names=["Login"])
    assert kept.hidden


def test_several_schemas_at_once(ws: Workspace) -> None:
    entries = [
        SchemaEntry(entity_type="event", name=name, schema_definition={"properties": {}})
        for name in ("Login", "Purchase")
    ]
    profile = SchemaEntry(entity_type="profile", name="$user", schema_definition={"properties": {}})
    made = ws.create_schemas_bulk(BulkCreateSchemasParams(entries=[*entries, profile]))
    assert (made.added, made.deleted) == (3, 0)
    again = ws.create_schemas_bulk(
        BulkCreateSchemasParams(entries=entries[:1], truncate=True, entity_type="event")
    )
    assert (again.added, again.deleted) == (1, 2)
    assert [one.name for one in ws.list_schema_registry()] == ["Login", "$user"]
    results = ws.update_schemas_bulk(BulkCreateSchemasParams(entries=entries))
    assert [(one.name, one.status) for one in results] == [("Login", "ok"), ("Purchase", "error")]
    assert ws.delete_schemas().delete_count == 2


def test_what_is_no_schema_is_refused(ws: Workspace) -> None:
    with pytest.raises(QueryError, match=r"properties.plan.type: should be of array"):
        ws.create_schema("event", "Login", {"properties": {"plan": {"type": "text"}}})
    with pytest.raises(QueryError, match="entityType: should be one of"):
        ws.create_schema("events", "Login", {})
    with pytest.raises(ParamValidationError, match="every schema would be deleted"):
        ws.delete_schemas(entity_name="Login")
    assert ws.list_schema_registry() == []


def test_an_audit_tells_where_the_data_are_not_as_the_schemas_say(ws: Workspace) -> None:
    """Nine logins carry ``plan`` as text; two purchases are in no schema."""
    with pytest.raises(QueryError, match="no schemas") as error:
        ws.run_audit()
    assert error.value.status_code == 400

    schema = {"properties": {"plan": {"type": "number"}}, "required": ["basket"]}
    ws.create_schema("event", "Login", schema)
    found = ws.run_audit()
    assert [(one.violation, one.name, one.event, one.count) for one in found.violations] == [
        ("Unexpected Event", "Purchase", None, 2),
        ("Missing Property", "basket", "Login", 9),
        ("Unexpected Type for Property", "plan", "Login", 9),
    ]
    assert found.violations[2].property_type_error == "number expected, string found"
    assert found.computed_at.startswith("2026-03-03T")
    events = ws.run_audit_events_only()
    assert [(one.violation, one.name) for one in events.violations] == [("Unexpected Event", "Purchase")]

    ws.update_event_definition("Purchase", UpdateEventDefinitionParams(hidden=True))
    ws.create_schema("event", "Login", {"properties": {}})
    assert [(one.violation, one.name) for one in ws.run_audit().violations] == [
        ("Unexpected Property", "plan")
    ]


@pytest.mark.parametrize("answer", [{"results": [{}, {}]}, {"results": "later"}, {"results": ["x"]}])
def test_an_audit_of_another_shape_is_an_error(answer: Any) -> None:
    with pytest.raises(MixpanelHeadlessError):
        recorded(answer)[0].run_audit()


def test_an_empty_audit_has_no_violations() -> None:
    audit = recorded({"results": []})[0].run_audit()
    assert (audit.violations, audit.computed_at) == ([], "")


def test_enforcement_begins_changes_and_ends(ws: Workspace) -> None:
    with pytest.raises(QueryError) as none:
        ws.get_schema_enforcement()
    assert none.value.status_code == 404
    ws.init_schema_enforcement(InitSchemaEnforcementParams(rule_event="Warn and Accept"))
    with pytest.raises(QueryError, match="already"):
        ws.init_schema_enforcement(InitSchemaEnforcementParams(rule_event="Warn and Drop"))
    ws.update_schema_enforcement(
        UpdateSchemaEnforcementParams(
            notification_emails=["ana@shop.test"], events=["Login"], properties={"Login": ["plan"]}
        )
    )
    config = ws.get_schema_enforcement()
    assert (config.rule_event, config.notification_emails) == ("Warn and Accept", ["ana@shop.test"])
    assert config.events == [{"name": "Login", "properties": ["plan"]}]
    assert ws.get_schema_enforcement(fields="ruleEvent").model_dump(exclude_none=True) == {
        "rule_event": "Warn and Accept"
    }
    ws.replace_schema_enforcement(
        ReplaceSchemaEnforcementParams(
            common_properties=[],
            user_properties=[],
            events=[{"name": "Purchase"}],
            rule_event="Warn and Hide",
            notification_emails=[],
        )
    )
    assert ws.get_schema_enforcement().events == [{"name": "Purchase"}]
    with pytest.raises(QueryError, match="ruleEvent: should be one of"):
        ws.update_schema_enforcement(UpdateSchemaEnforcementParams(rule_event="Shout"))
    ws.delete_schema_enforcement()
    with pytest.raises(QueryError, match="not initialized"):
        ws.delete_schema_enforcement()


def test_an_unexpected_volume_is_found_and_dismissed(tmp_path: Path) -> None:
    """100 logins a day for ten weeks, 40 on the last Monday but one: 60 % less than its weekday's median."""
    first = date(2026, 1, 5)
    days = [first + timedelta(days=n) for n in range(70)]
    odd = date(2026, 3, 2)
    file = tmp_path / "events.jsonl"
    file.write_text(
        "".join(
            json.dumps(event("Login", f"u{n}", f"{day}T10:{n % 60:02d}:{n // 60:02d}")) + "\n"
            for day in days
            for n in range(40 if day == odd else 100)
        ),
        encoding="utf-8",
    )
    now = datetime(2026, 3, 16, tzinfo=UTC)
    with Workspace(project=str(file), cache=tmp_path, now=now) as ws:
        (found,) = ws.list_data_volume_anomalies()
        assert (found.event_name, found.timestamp, found.actual_count) == ("Login", "2026-03-02", 40)
        assert (found.predicted_lower, found.predicted_upper, found.percent_variance) == (100, 100, "-60.0")
        assert (found.status, found.anomaly_class) == ("open", "Event")
        ws.update_anomaly(UpdateAnomalyParams(id=found.id, status="dismissed", anomaly_class="Event"))
        assert ws.list_data_volume_anomalies(query_params={"status": "open"}) == []
        entry = BulkAnomalyEntry(id=found.id, anomaly_class="Event")
        ws.bulk_update_anomalies(BulkUpdateAnomalyParams(anomalies=[entry], status="open"))
        assert ws.list_data_volume_anomalies(query_params={"status": "open", "limit": "1"}) == [found]


def test_anomalies_that_are_missing_are_an_error() -> None:
    with pytest.raises(MixpanelHeadlessError):
        recorded({"results": {}})[0].list_data_volume_anomalies()
