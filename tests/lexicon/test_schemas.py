"""The Lexicon as a plan."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from pytest_mixpanel.lexicon.plan import PlannedEvent, PlannedProperty
from pytest_mixpanel.lexicon.schemas import plan_of_schemas


def schema(name: str, entity_type: str = "event", metadata: Any = None, **types: str) -> Any:
    properties = {
        key: SimpleNamespace(type=kind, description=None, metadata=None) for key, kind in types.items()
    }
    definition = SimpleNamespace(description=f"about {name}", properties=properties, metadata=metadata)
    return SimpleNamespace(entity_type=entity_type, name=name, schema_json=definition)


def test_events_with_their_properties_are_planned_and_profiles_are_not() -> None:
    plan = plan_of_schemas(
        [
            schema("Buy", price="integer", cart="array", note="mystery"),
            schema("$user", "profile", plan="string"),
        ]
    )
    assert plan.events == {
        "Buy": PlannedEvent(
            "Buy",
            {
                "price": PlannedProperty("price", "number"),
                "cart": PlannedProperty("cart", "list"),
                "note": PlannedProperty("note", None),
            },
            "about Buy",
        )
    }


def test_hidden_events_are_optional_and_dropped_ones_do_not_arrive() -> None:
    plan = plan_of_schemas(
        [
            schema("Hidden", metadata=SimpleNamespace(hidden=True, dropped=False)),
            schema("Dropped", metadata=SimpleNamespace(hidden=False, dropped=True)),
        ]
    )
    assert (plan.events["Hidden"].optional, plan.events["Hidden"].dropped) == (True, False)
    assert (plan.events["Dropped"].optional, plan.events["Dropped"].dropped) == (False, True)
