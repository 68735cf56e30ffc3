"""Which events count as what: virtual ones, those a service writes, those the Lexicon hides."""

from __future__ import annotations

from pytest_mixpanel.engine.store.store import Store

ALL_EVENTS = ("$any_event", "$all_events")
SESSION_START, SESSION_END = SESSION_EVENTS = ("$session_start", "$session_end")

OUTSIDE = frozenset(
    {
        "$identify",
        "$create_alias",
        "$merge",
        "$hotshard_events",
        "$campaign_delivery",
        "$campaign_bounced",
        "$campaign_marked_spam",
        "$message_suppressed",
        "$unsubscribe",
        "$journey_entered",
    }
)
"""Records that a service writes, not a user: they belong to no session (semantics S-4)."""

IDENTITY_EVENTS = ("$identify", "$merge", "$create_alias")


def hidden_events(store: Store) -> frozenset[str]:
    """Events the Lexicon hides: left out of "all events", found when chosen by name (semantics I-32)."""
    hidden = set(store.settings.hidden_events)
    for entry in store.lexicon:
        metadata = ((entry.get("schemaJson") or {}).get("metadata") or {}).get("com.mixpanel") or {}
        if entry.get("entityType") == "event" and metadata.get("hidden"):
            hidden.add(str(entry["name"]))
    return frozenset(hidden)


def not_any_event(store: Store) -> frozenset[str]:
    """What "all events" leaves out: hidden, virtual and identity events (semantics E-32, I-32)."""
    return hidden_events(store) | {*SESSION_EVENTS, *IDENTITY_EVENTS}
