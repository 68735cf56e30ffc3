"""The published client lives through governance on our server; ours reads the same from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pytest_mixpanel import Workspace
from pytest_mixpanel.server.running import LocalMixpanel


@pytest.fixture
def ours_there(local: LocalMixpanel, published: Any) -> Iterator[Workspace]:
    """Our client on the same server, over HTTP: ``published`` has set the environment."""
    with Workspace(allow_writes=True) as workspace:
        yield workspace


def same(theirs: Any, ours: Any) -> None:
    """Both clients read the same object, or list of objects, from one answer."""
    if isinstance(theirs, list):
        assert len(theirs) == len(ours)
        for one, other in zip(theirs, ours, strict=True):
            same(one, other)
        return
    assert theirs.model_dump(mode="json") == ours.model_dump(mode="json")


def test_definitions(published: Any, ours_there: Workspace) -> None:
    import mixpanel_headless as mh

    changed = published.update_event_definition(
        "Search", mh.UpdateEventDefinitionParams(description="Looked for something", verified=True)
    )
    assert (changed.description, changed.verified) == ("Looked for something", True)
    same(
        published.get_event_definitions(names=["Search", "Login"]),
        ours_there.get_event_definitions(names=["Search", "Login"]),
    )
    published.update_property_definition(
        "query", mh.UpdatePropertyDefinitionParams(sensitive=True, resource_type="Event")
    )
    theirs = published.get_property_definitions(names=["query"], resource_type="event")
    assert theirs[0].sensitive
    same(theirs, ours_there.get_property_definitions(names=["query"], resource_type="event"))
    assert published.get_event_history("Search") == ours_there.get_event_history("Search")
    assert published.get_tracking_metadata("Search") == ours_there.get_tracking_metadata("Search")
    assert published.export_lexicon() == ours_there.export_lexicon()


def test_tags(published: Any, ours_there: Workspace) -> None:
    import mixpanel_headless as mh

    made = published.create_lexicon_tag(mh.CreateTagParams(name="reviewed"))
    published.update_lexicon_tag(made.id, mh.UpdateTagParams(name="seen"))
    same(published.list_lexicon_tags(), ours_there.list_lexicon_tags())
    published.delete_lexicon_tag("seen")
    assert "seen" not in [one.name for one in ours_there.list_lexicon_tags()]


def test_drop_filters(published: Any, ours_there: Workspace) -> None:
    import mixpanel_headless as mh

    condition = [{"resourceType": "event", "filterOperator": "equals", "filterValue": "test"}]
    (made,) = published.create_drop_filter(
        mh.CreateDropFilterParams(event_name="Page View", filters=condition)
    )
    published.update_drop_filter(mh.UpdateDropFilterParams(id=made.id, active=False))
    same(published.list_drop_filters(), ours_there.list_drop_filters())
    same(published.get_drop_filter_limits(), ours_there.get_drop_filter_limits())
    assert published.delete_drop_filter(made.id) == []


def test_a_custom_property_is_queried_by_both(published: Any, ours_there: Workspace) -> None:
    import mixpanel_headless as mh

    raw = mh.ComposedPropertyValue(resource_type="event", type="string", value="campaign_name")
    made = published.create_custom_property(
        mh.CreateCustomPropertyParams(
            name="Campaign in capitals",
            resource_type="events",
            display_formula="UPPER(A)",
            composed_properties={"A": raw},
        )
    )
    same(made, ours_there.get_custom_property(str(made.custom_property_id)))
    same(published.list_custom_properties(), ours_there.list_custom_properties())
    days = {"from_date": "2025-03-01", "to_date": "2025-03-07", "mode": "total"}
    ref = mh.GroupBy(mh.CustomPropertyRef(made.custom_property_id))
    segments = published.query("Login", group_by=ref, **days).df["segment"]
    assert all(str(one) == str(one).upper() for one in segments if one not in ("$overall", "undefined"))
    assert len(segments) > 2
    published.update_custom_property(
        str(made.custom_property_id), mh.UpdateCustomPropertyParams(name="Loud campaign")
    )
    assert ours_there.get_custom_property(str(made.custom_property_id)).name == "Loud campaign"
    published.delete_custom_property(str(made.custom_property_id))
    assert ours_there.list_custom_properties() == []


def test_custom_events(published: Any, ours_there: Workspace) -> None:
    import mixpanel_headless as mh

    made = published.create_custom_event(
        mh.CreateCustomEventParams(name="Any look", alternatives=["Search", "View Item"])
    )
    assert [one.event for one in made.alternatives] == ["Search", "View Item"]
    published.update_custom_event(made.id, mh.UpdateEventDefinitionParams(description="A look"))
    same(published.list_custom_events(), ours_there.list_custom_events())
    published.delete_custom_event(made.id)
    assert ours_there.list_custom_events() == []


def test_lookup_tables(published: Any, ours_there: Workspace, tmp_path: Path) -> None:
    import mixpanel_headless as mh

    file = tmp_path / "plans.csv"
    file.write_bytes(b"plan,price\npremium,20\n")
    made = published.upload_lookup_table(mh.UploadLookupTableParams(name="Plans", file_path=str(file)))
    same(published.list_lookup_tables(), ours_there.list_lookup_tables())
    assert published.download_lookup_table(made.id) == file.read_bytes()
    published.update_lookup_table(made.id, mh.UpdateLookupTableParams(name="Prices"))
    assert [one.name for one in ours_there.list_lookup_tables()] == ["Prices"]
    published.delete_lookup_tables([made.id])
    assert ours_there.list_lookup_tables() == []


def test_schemas(published: Any, ours_there: Workspace) -> None:
    import mixpanel_headless as mh

    published.create_schema("event", "Return", {"properties": {"reason": {"type": "string"}}})
    published.update_schema("event", "Return", {"description": "Sent back"})
    entries = [mh.SchemaEntry(entity_type="event", name="Return", schema_definition={"required": ["reason"]})]
    results = published.update_schemas_bulk(mh.BulkCreateSchemasParams(entries=entries))
    assert [one.status for one in results] == ["ok"]
    same(published.list_schema_registry(), ours_there.list_schema_registry())
    (kept,) = [one for one in ours_there.list_schema_registry(entity_type="event") if one.name == "Return"]
    assert set(kept.schema_definition) == {"properties", "description", "required"}
    same(published.run_audit(), ours_there.run_audit())
    same(published.run_audit_events_only(), ours_there.run_audit_events_only())
    assert published.delete_schemas(entity_type="event", entity_name="Return").delete_count == 1


def test_schema_enforcement(published: Any, ours_there: Workspace) -> None:
    import mixpanel_headless as mh

    published.init_schema_enforcement(mh.InitSchemaEnforcementParams(rule_event="Warn and Accept"))
    published.update_schema_enforcement(mh.UpdateSchemaEnforcementParams(events=["Purchase"]))
    same(published.get_schema_enforcement(), ours_there.get_schema_enforcement())
    published.delete_schema_enforcement()


def test_deletion_requests(published: Any, ours_there: Workspace) -> None:
    import mixpanel_headless as mh

    days = {"event_name": "Support Ticket", "from_date": "2025-03-01", "to_date": "2025-03-03"}
    assert published.preview_deletion_filters(mh.PreviewDeletionFiltersParams(**days))
    (made,) = published.create_deletion_request(mh.CreateDeletionRequestParams(**days))
    same(published.list_deletion_requests(), ours_there.list_deletion_requests())
    assert published.cancel_deletion_request(made.id) == []


def test_anomalies(published: Any, ours_there: Workspace) -> None:
    same(published.list_data_volume_anomalies(), ours_there.list_data_volume_anomalies())


@pytest.mark.parametrize("level", ["project", "organization"])
def test_business_context(published: Any, ours_there: Workspace, level: Any) -> None:
    read: Callable[[Any], Any] = lambda ws: ws.get_business_context(level=level)  # noqa: E731  # one line says it
    published.set_business_context("# The shop", level=level)
    same(read(published), read(ours_there))
    assert read(ours_there).content == "# The shop"
    chain = published.get_business_context_chain()
    assert getattr(chain, level).content == "# The shop"
    published.clear_business_context(level=level)
    assert read(ours_there).is_empty
