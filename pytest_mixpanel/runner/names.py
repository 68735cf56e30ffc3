"""Names that the project does not know are errors with the closest names, never noughts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pytest_mixpanel.core.errors import EventNotFoundError, MixpanelHeadlessError
from pytest_mixpanel.core.words import nearest
from pytest_mixpanel.dsl.spec import CheckSpec
from pytest_mixpanel.kinds.base import NamesEvents, NamesProperties
from pytest_mixpanel.runner.project import Project

VENDOR = ("$", "mp_")
"""How the names begin that the vendor's libraries add; a project does not list all of them."""


class PropertyNotFoundError(MixpanelHeadlessError):
    """No event of the check carries the property; the message holds the closest names."""

    default_code = "PROPERTY_NOT_FOUND"


class Names:
    """What the project knows by name, asked once each."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._events: frozenset[str] | None = None
        self._properties: dict[str, frozenset[str]] = {}

    def check(self, kind: Any, spec: CheckSpec) -> None:
        """Raise for the first event or property of the check that is not known."""
        if isinstance(kind, NamesEvents):
            for name in kind.events(spec):
                self._check_event(name)
        if isinstance(kind, NamesProperties):
            for name, events in kind.properties(spec).items():
                self._check_property(name, events)

    def _check_event(self, name: str) -> None:
        if self._events is None:
            self._events = frozenset(self._project.events())
        if name not in self._events and not name.startswith(VENDOR):
            raise EventNotFoundError(name, _near(name, self._events))

    def _check_property(self, name: str, events: tuple[str, ...]) -> None:
        known = frozenset().union(*(self._of(event) for event in events))
        if name in known or name.startswith(VENDOR):
            return
        near = _near(name, known)
        hint = f"; did you mean {', '.join(map(repr, near))}?" if near else ""
        carriers = " or ".join(map(repr, dict.fromkeys(events)))
        raise PropertyNotFoundError(
            f"{carriers} has no property {name!r}{hint}",
            details={"property": name, "events": list(events), "similar_properties": near},
        )

    def _of(self, event: str) -> frozenset[str]:
        if event not in self._properties:
            self._properties[event] = frozenset(self._project.properties(event))
        return self._properties[event]


def _near(name: str, known: Iterable[str]) -> list[str]:
    return nearest(name, sorted(known), most=3, alike=0.5)
