"""How a project wants its events read: identities, merged names, sessions, calendars, groups, joined tables.

They are settings of the project in Mixpanel, so no query carries them; exported events have them in a file
beside them (``project.json``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field, fields
from typing import Any, Literal

from pytest_mixpanel.core.errors import EventDataError
from pytest_mixpanel.core.frozen import frozen

Identity = Literal["legacy", "simplified", "original"]

INHERITED = (
    "$app_build_number",
    "$app_version_string",
    "$browser",
    "$city",
    "$country_code",
    "$current_url",
    "$device",
    "$manufacturer",
    "$os",
    "$region",
    "mp_country_code",
    "mp_lib",
    "mp_platform",
    "utm_campaign",
    "utm_content",
    "utm_source",
)
"""What session events take over from the records of their session (semantics S-8)."""

MOST_INHERITED = 4
SHORTEST_S, LONGEST_S = 60, 86_400
"""Bounds of a session's timeout, in seconds (semantics S-2)."""


@frozen
class SessionRules:
    """When a session begins and ends (semantics S-2, S-5, S-6); every one ends at local midnight.

    ``timeout``: after a gap longer than ``timeout_s``; ``event``: from ``start`` to ``end``; ``property``:
    when the value of ``property`` changes. ``excluded`` events belong to no session.
    """

    type: Literal["timeout", "event", "property"] = "timeout"
    timeout_s: int = 1_800
    excluded: tuple[str, ...] = ()
    start: str = ""
    end: str = ""
    property: str = ""
    inherited: tuple[str, ...] = ()


@frozen
class Settings:
    """The settings that change numbers.

    ``identity``: ``legacy`` takes distinct ids as they are. ``merged_events``, ``merged_properties``: name →
    the name it answers under. ``week_start``: 0 is Monday; ``quarter_start``: the month of the first quarter.
    ``lookups``: property → key → column → value. ``group_keys``: the id of a kind of group → the property
    that names it.
    """

    identity: Identity = "legacy"
    merged_events: Mapping[str, str] = field(default_factory=dict)
    merged_properties: Mapping[str, str] = field(default_factory=dict)
    hidden_events: tuple[str, ...] = ()
    dedupe_by_day: bool = False
    sessions: SessionRules = SessionRules()
    week_start: int = 0
    quarter_start: int = 1
    lookups: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    group_keys: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """As ``project.json`` holds them."""
        told: dict[str, Any] = {each.name: getattr(self, each.name) for each in fields(self)}
        rules = told.pop("sessions")
        told["session"] = {each.name: getattr(rules, each.name) for each in fields(rules)}
        return told


DEFAULTS = Settings()


def settings_from(data: Mapping[str, Any], place: str = "project.json") -> Settings:
    """Settings as ``project.json`` holds them; raises ``EventDataError`` for what is none of them."""
    if not isinstance(data, Mapping):
        raise EventDataError(f"{place}: should be an object of settings")
    given = dict(data)
    rules = given.pop("session", None) or {}
    _check_names(given, {each.name for each in fields(Settings)} - {"sessions"}, place)
    _check(given.get("identity", "legacy") in ("legacy", "simplified", "original"), place, "identity")
    _check(_whole(given.get("week_start", 0), 0, 6), place, "week_start")
    _check(_whole(given.get("quarter_start", 1), 1, 12), place, "quarter_start")
    _check(isinstance(given.get("dedupe_by_day", False), bool), place, "dedupe_by_day")
    for name in ("merged_events", "merged_properties", "group_keys"):
        pairs = given.get(name, {})
        _check(isinstance(pairs, Mapping) and all(isinstance(to, str) for to in pairs.values()), place, name)
    _check(_are_tables(given.get("lookups", {})), place, "lookups")
    given["hidden_events"] = _texts(given.get("hidden_events", ()), place, "hidden_events")
    return Settings(**given, sessions=_rules(rules, place))


def _rules(given: Any, place: str) -> SessionRules:
    _check(isinstance(given, Mapping), place, "session")
    _check_names(given, {each.name for each in fields(SessionRules)}, f"{place}: session")
    rules = dict(given)
    _check(rules.get("type", "timeout") in ("timeout", "event", "property"), place, "session.type")
    _check(_whole(rules.get("timeout_s", 1_800), SHORTEST_S, LONGEST_S), place, "session.timeout_s")
    for name in ("start", "end", "property"):
        _check(isinstance(rules.get(name, ""), str), place, f"session.{name}")
    for name in ("excluded", "inherited"):
        rules[name] = _texts(rules.get(name, ()), place, f"session.{name}")
    _check(len(rules["inherited"]) <= MOST_INHERITED, place, "session.inherited")
    if rules.get("type") == "event":
        _check(bool(rules.get("start") and rules.get("end")), place, "session.start and session.end")
    if rules.get("type") == "property":
        _check(bool(rules.get("property")), place, "session.property")
    return SessionRules(**rules)


FORMS = {
    "identity": "is legacy, simplified or original",
    "merged_events": "says the new name of every merged event",
    "merged_properties": "says the new name of every merged property of events",
    "group_keys": "says the property of every kind of group",
    "week_start": "is 0 (Monday) to 6",
    "quarter_start": "is a month, 1 to 12",
    "dedupe_by_day": "is true or false",
    "hidden_events": "is a list of names",
    "lookups": "is an object: property → key → column → value",
    "session": "is an object",
    "session.type": "is timeout, event or property",
    "session.timeout_s": f"is {SHORTEST_S} to {LONGEST_S} seconds",
    "session.inherited": f"is a list of at most {MOST_INHERITED} properties",
}


def _check(holds: bool, place: str, name: str) -> None:
    if not holds:
        raise EventDataError(f"{place}: {name} {FORMS.get(name, 'should be given as text')}")


def _check_names(given: Mapping[str, Any], known: set[str], place: str) -> None:
    unknown = sorted(set(given) - known)
    if unknown:
        raise EventDataError(f"{place}: there is no setting {', '.join(unknown)}; there are {sorted(known)}")


def _whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _texts(given: Any, place: str, name: str) -> tuple[str, ...]:
    _check(isinstance(given, Sequence) and not isinstance(given, str), place, name)
    _check(all(isinstance(text, str) for text in given), place, name)
    return tuple(given)


def _are_tables(tables: Any) -> bool:
    return isinstance(tables, Mapping) and all(
        isinstance(table, Mapping) and all(isinstance(row, Mapping) for row in table.values())
        for table in tables.values()
    )
