"""The lives of definitions, tags and custom events; queries see what they change."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_mixpanel import (
    BulkEventUpdate,
    BulkPropertyUpdate,
    BulkUpdateEventsParams,
    BulkUpdatePropertiesParams,
    CreateCustomEventParams,
    CreateTagParams,
    CustomEventRef,
    Metric,
    MixpanelHeadlessError,
    ParamValidationError,
    QueryError,
    UpdateEventDefinitionParams,
    UpdatePropertyDefinitionParams,
    UpdateTagParams,
    Workspace,
)
from tests.api.recording import recorded


def test_every_event_that_was_seen_is_defined(ws: Workspace) -> None:
    found = ws.get_event_definitions(names=["Login", "Purchase", "Nothing"])
    assert [(one.name, one.hidden, one.verified, one.tags) for one in found] == [
        ("Login", False, False, []),
        ("Purchase", False, False, []),
    ]
    assert len({one.id for one in found}) == 2


def test_a_definition_is_changed_keeps_its_history_and_goes(ws: Workspace) -> None:
    (before,) = ws.get_event_definitions(names=["Login"])
    params = UpdateEventDefinitionParams(
        display_name="Visit", description="A visit began", tags=["core"], verified=True
    )
    changed = ws.update_event_definition("Login", params)
    assert (changed.id, changed.name, changed.display_name) == (before.id, "Login", "Visit")
    assert (changed.description, changed.tags, changed.verified) == ("A visit began", ["core"], True)
    assert ws.get_event_definitions(names=["Login"]) == [changed]

    again = ws.update_event_definition("Login", UpdateEventDefinitionParams(verified=False))
    assert (again.display_name, again.verified) == ("Visit", False)
    history = ws.get_event_history("Login")
    assert [entry["action"] for entry in history] == ["updated", "updated", "created"]
    assert history[0]["changes"] == {"verified": False}

    ws.delete_event_definition("Login")
    assert ws.get_event_definitions(names=["Login"]) == []
    with pytest.raises(QueryError, match="no event 'Login'"):
        ws.get_event_history("Login")
    assert "Login" in ws.events()


def test_a_hidden_event_is_left_out_of_all_events_and_found_by_name(ws: Workspace) -> None:
    """Semantics §9.1: hidden events are no part of "all events" and still work when chosen by name."""

    def count(event: str) -> float:
        return float(
            ws.query(event, from_date="2026-03-01", to_date="2026-03-03", mode="total").df["count"][0]
        )

    assert (count("$any_event"), count("Login"), count("Purchase")) == (11, 9, 2)
    ws.update_event_definition("Purchase", UpdateEventDefinitionParams(hidden=True))
    assert (count("$any_event"), count("Login"), count("Purchase")) == (9, 9, 2)
    ws.update_event_definition("Purchase", UpdateEventDefinitionParams(hidden=False))
    assert count("$any_event") == 11


def test_several_events_change_at_once_or_not_at_all(ws: Workspace) -> None:
    params = BulkUpdateEventsParams(
        events=[
            BulkEventUpdate(name="Login", tags=["visits"], contacts=["ana@shop.test"]),
            BulkEventUpdate(name="Purchase", dropped=True),
        ]
    )
    found = ws.bulk_update_event_definitions(params)
    assert [(one.name, one.tags, one.dropped) for one in found] == [
        ("Login", ["visits"], False),
        ("Purchase", [], True),
    ]
    with pytest.raises(QueryError, match="no entry of the Lexicon 99"):
        ws.bulk_update_event_definitions(
            BulkUpdateEventsParams(
                events=[BulkEventUpdate(name="Login", hidden=True), BulkEventUpdate(id=99, hidden=True)]
            )
        )
    (login,) = ws.get_event_definitions(names=["Login"])
    assert not login.hidden


def test_a_property_is_defined_described_and_marked(ws: Workspace) -> None:
    (plan,) = ws.get_property_definitions(names=["plan"], resource_type="event")
    assert (plan.name, plan.resource_type, plan.sensitive) == ("plan", "Event", False)
    changed = ws.update_property_definition(
        "plan", UpdatePropertyDefinitionParams(description="What they pay for", sensitive=True)
    )
    assert (changed.description, changed.sensitive) == ("What they pay for", True)
    assert ws.get_property_definitions(names=["plan"], resource_type="events") == [changed]
    assert ws.get_property_definitions(names=["plan"], resource_type="people") == []

    bulk = BulkUpdatePropertiesParams(
        properties=[BulkPropertyUpdate(name="plan", resource_type="Event", hidden=True)]
    )
    (hidden,) = ws.bulk_update_property_definitions(bulk)
    assert (hidden.hidden, hidden.sensitive) == (True, True)
    assert [one["action"] for one in ws.get_property_history("plan", "event")] == [
        "updated",
        "updated",
        "created",
    ]
    with pytest.raises(QueryError, match="no property 'tier'"):
        ws.update_property_definition("tier", UpdatePropertyDefinitionParams(hidden=True))


def test_the_export_holds_what_was_defined(ws: Workspace) -> None:
    ws.update_event_definition("Login", UpdateEventDefinitionParams(description="A visit began"))
    whole = ws.export_lexicon()
    assert {one["name"]: one.get("description") for one in whole["events"]} == {
        "Login": "A visit began",
        "Purchase": None,
    }
    assert "plan" in {one["name"] for one in whole["event_properties"]}
    assert set(ws.export_lexicon(export_types=["All User Profile Properties"])) == {"user_properties"}


def test_an_export_that_is_sent_later_says_so() -> None:
    workspace, _ = recorded({"status": "ok", "results": "You will get a mail"})
    assert workspace.export_lexicon() == {"status": "pending", "message": "You will get a mail"}


def test_tracking_metadata_tell_since_when_an_event_comes(ws: Workspace) -> None:
    """Nine logins in three days; the clock is an hour after the last event."""
    told = ws.get_tracking_metadata("Login")
    assert told["first_seen"] == "2026-03-01T10:00:00Z"
    assert told["last_seen"] == "2026-03-03T10:00:00Z"
    assert told["volume_30d"] == 9
    with pytest.raises(QueryError, match="no event 'Nothing'"):
        ws.get_tracking_metadata("Nothing")


def test_a_tag_is_made_renamed_and_deleted_wherever_it_is_carried(ws: Workspace) -> None:
    made = ws.create_lexicon_tag(CreateTagParams(name="core"))
    ws.update_event_definition("Login", UpdateEventDefinitionParams(tags=["core", "new"]))
    assert [one.name for one in ws.list_lexicon_tags()] == ["core", "new"]
    renamed = ws.update_lexicon_tag(made.id, UpdateTagParams(name="kernel"))
    assert (renamed.id, renamed.name) == (made.id, "kernel")
    assert ws.get_event_definitions(names=["Login"])[0].tags == ["kernel", "new"]
    with pytest.raises(QueryError, match="'kernel' already"):
        ws.create_lexicon_tag(CreateTagParams(name="kernel"))
    ws.delete_lexicon_tag("kernel")
    assert ws.get_event_definitions(names=["Login"])[0].tags == ["new"]
    assert [one.name for one in ws.list_lexicon_tags()] == ["new"]
    with pytest.raises(QueryError, match="no tag 'kernel'"):
        ws.delete_lexicon_tag("kernel")


def test_tags_may_come_as_names_only() -> None:
    workspace, _ = recorded({"results": ["core", "new"]})
    assert [(one.id, one.name) for one in workspace.list_lexicon_tags()] == [(0, "core"), (0, "new")]


def test_a_custom_event_is_made_defined_changed_and_deleted(ws: Workspace) -> None:
    made = ws.create_custom_event(
        CreateCustomEventParams(name="Any activity", alternatives=["Login", "Purchase"])
    )
    assert [one.event for one in made.alternatives] == ["Login", "Purchase"]
    (listed,) = ws.list_custom_events()
    assert (listed.custom_event_id, listed.name) == (made.id, "Any activity")
    assert ws.get_event_definitions(names=["Any activity"]) == [listed]
    changed = ws.update_custom_event(made.id, UpdateEventDefinitionParams(description="Whatever they do"))
    assert (changed.custom_event_id, changed.description) == (made.id, "Whatever they do")
    ws.delete_custom_event(made.id)
    assert ws.list_custom_events() == []
    with pytest.raises(QueryError, match=f"no custom event {made.id}"):
        ws.delete_custom_event(made.id)


def test_a_custom_event_is_asked_for_by_number_or_name_in_every_engine(ws: Workspace) -> None:
    """Its records are those of its events, whose users are one set (semantics E-63)."""
    made = ws.create_custom_event(
        CreateCustomEventParams(name="Any activity", alternatives=["Login", "Purchase"])
    )
    span: Any = {"from_date": "2026-03-01", "to_date": "2026-03-05"}

    def total(event: Any, **more: Any) -> int:
        return int(ws.query(event, mode="total", **span, **more).df["count"].iloc[0])

    each = total("Login") + total("Purchase")
    assert total("Any activity") == total(Metric(CustomEventRef(made.id))) == each > 0
    assert total(f"$custom_event:{made.id}", math="unique") <= each
    funnel = ws.query_funnel(["Any activity", "Purchase"], **span)
    assert funnel.df["event"].tolist() == ["Any activity", "Purchase"]
    assert funnel.df["count"].iloc[0] == total("Any activity", math="unique")
    assert ws.query_retention("Any activity", "Login", retention_unit="day", **span).cohorts
    nodes = ws.query_flow("Any activity", forward=1, **span).nodes_df
    assert nodes["event"].iloc[0] == "Any activity"
    with pytest.raises(QueryError, match="no custom event 99"):
        ws.query(Metric(CustomEventRef(99)))


def test_a_custom_event_needs_events_that_are_there(ws: Workspace) -> None:
    for bad in ([], ["Login", "Login"], [" "]):
        with pytest.raises(ParamValidationError):
            CreateCustomEventParams(name="x", alternatives=bad)
    with pytest.raises(QueryError, match="no event 'Nothing'"):
        ws.create_custom_event(CreateCustomEventParams(name="x", alternatives=["Nothing"]))


def test_a_change_of_another_custom_event_is_an_error() -> None:
    workspace, _ = recorded({"results": {"id": 1, "name": "x", "customEventId": 8}})
    with pytest.raises(MixpanelHeadlessError, match="8 instead of 7") as error:
        workspace.update_custom_event(7, UpdateEventDefinitionParams(hidden=True))
    assert error.value.code == "UPDATE_TARGET_MISMATCH"
