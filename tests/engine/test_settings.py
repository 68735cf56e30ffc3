"""What lies beside exported events: settings, identities, profiles, and how each is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pytest_mixpanel.core.errors import EventDataError
from pytest_mixpanel.engine.importing.clusters import canonical_ids
from pytest_mixpanel.engine.importing.companions import companions
from pytest_mixpanel.engine.importing.open import open_source
from pytest_mixpanel.engine.importing.profiles import updated
from pytest_mixpanel.engine.settings import Settings, settings_from
from pytest_mixpanel.engine.store import Store
from tests.engine.events import event, project

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "project-settings.md"
ANONYMOUS = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"


def owners_of(store: Store, name: str) -> list[str]:
    """The users of an event's records, in the store's order."""
    at = store.user_of_event()[store.event == store.event_code(name)]
    return [store.users[user] for user in at.tolist()]


def test_the_documented_settings_are_read_and_written_back() -> None:
    block = re.search(r"```json\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert block is not None
    told = json.loads(block[1])
    del told["time_zone"]
    found = settings_from(told)
    assert found.sessions.timeout_s == 900
    assert settings_from(json.loads(json.dumps(found.to_json()))) == found


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        ({"identity": "magic"}, "identity is legacy, simplified or original"),
        ({"sesion": {}}, "there is no setting sesion"),
        ({"session": {"type": "event", "start": "Login"}}, r"session\.start and session\.end"),
        ({"session": {"timeout_s": 5}}, "60 to 86400 seconds"),
        ({"week_start": 7}, "week_start is 0"),
        ({"lookups": {"sku": ["a1"]}}, "lookups is an object"),
        ([], "an object of settings"),
    ],
)
def test_settings_that_are_none_are_refused_by_name(told: Any, complaint: str) -> None:
    with pytest.raises(EventDataError, match=complaint):
        settings_from(told)


def test_a_folder_is_read_with_what_lies_beside_its_events(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "day.jsonl").write_text(json.dumps(event("Buy", "u1", "2025-03-01T10:00")))
    (folder / "project.json").write_text('{"time_zone": "Asia/Tokyo", "hidden_events": ["Debug"]}')
    (folder / "profiles.jsonl").write_text('{"$distinct_id": "u1", "$properties": {"plan": "pro"}}')
    (folder / "group-4.jsonl").write_text('{"$group_id": "acme", "$set": {"size": 3}}')
    (folder / "cohorts.json").write_text('{"7": {"selector": {}, "behaviors": {}}}')
    opened = open_source(folder, tmp_path / "cache")
    assert len(opened.store) == 1
    assert opened.store.time_zone == "Asia/Tokyo"
    assert opened.store.profiles["plan"].values == ("pro",)  # type: ignore[union-attr]  # a coded column
    assert opened.store.groups["4"] == [{"$distinct_id": "acme", "size": 3}]
    assert list(opened.saved.cohorts) == [7]
    assert open_source(folder, tmp_path / "cache").saved.cohorts == opened.saved.cohorts
    (folder / "project.json").write_text('{"time_zone": "UTC"}')
    assert open_source(folder, tmp_path / "cache").store.time_zone == "UTC"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("project.json", "{"),
        ("profiles.jsonl", "[1]"),
        ("profiles.jsonl", '{"plan": "pro"}'),
        ("cohorts.json", '{"x": {}}'),
        ("lexicon.json", "{}"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(EventDataError, match=name):
        companions(tmp_path)


def test_profiles_are_made_of_updates_in_their_order() -> None:
    """Semantics E-34."""
    updates = [
        {"$set": {"plan": "free", "n": 1, "tags": ["a"]}},
        {"$set_once": {"plan": "pro", "first": "x"}},
        {"$add": {"n": 2, "m": 5}},
        {"$union": {"tags": ["a", "b"]}},
        {"$append": {"tags": "b"}},
        {"$remove": {"tags": "a"}},
        {"$unset": ["first"]},
    ]
    found = updated([{"$distinct_id": "u1", **update} for update in updates])
    assert found == [{"$distinct_id": "u1", "plan": "free", "n": 3, "m": 5, "tags": ["b", "b"]}]
    assert updated([{"$distinct_id": "u1", "plan": "pro"}, {"$distinct_id": "u1", "$delete": ""}]) == []


def test_a_device_is_the_first_users_who_had_it() -> None:
    """Semantics E-27: over all history; an event of another user on it is that user's own."""
    store = project(
        [
            event("View", "", "2025-03-01T09:00", **{"$device_id": "D"}),
            event("View", "", "2025-03-01T11:00", **{"$device_id": "D", "$user_id": "late"}),
            event("View", "", "2025-03-01T10:00", **{"$device_id": "D", "$user_id": "early"}),
            event("View", "", "2025-03-01T12:00", **{"$device_id": "D"}),
            event("Other", "plain", "2025-03-01T12:00"),
        ],
        settings=Settings(identity="simplified"),
    )
    assert sorted(owners_of(store, "View")) == ["early", "early", "early", "late"]
    assert owners_of(store, "Other") == ["plain"]


def test_identifiers_are_joined_as_the_events_say() -> None:
    """Semantics E-28: one identified id per anonymous one, one id per alias, 500 ids at most."""
    joins = [
        ("$identify", ANONYMOUS, "u1"),
        ("$identify", ANONYMOUS, "u2"),
        ("$identify", "no-uuid", "u1"),
        ("$create_alias", "nick", "u1"),
        ("$create_alias", "nick", "u3"),
        ("$merge", "u4", "u5"),
    ]
    found = canonical_ids(["u1", "u2", "u3", "u4", "u5"], iter(joins))
    assert found[ANONYMOUS] == found["u1"] == found["nick"] == "nick"
    assert found["u4"] == found["u5"] == "u4"
    assert "u2" not in found
    many = canonical_ids([], iter([("$merge", f"u{n}", f"u{n + 1}") for n in range(600)]))
    assert max(list(many.values()).count(name) for name in set(many.values())) == 500


def test_a_joined_user_keeps_the_canonical_profile() -> None:
    store = project(
        [
            event("$merge", "", "2025-03-01T09:00", **{"$distinct_ids": ["a", "b"]}),
            event("View", "b", "2025-03-01T10:00"),
        ],
        profiles=[{"$distinct_id": "b", "plan": "pro", "age": 3}, {"$distinct_id": "a", "plan": "free"}],
        settings=Settings(identity="original"),
    )
    assert owners_of(store, "View") == ["a"]
    row = list(store.users).index("a")
    plan, age = (store.profiles[name] for name in ("plan", "age"))
    assert plan.values[plan.codes[row]] == "free"  # type: ignore[union-attr]  # a coded column
    assert age.values[age.codes[row]] == 3  # type: ignore[union-attr]  # a coded column
