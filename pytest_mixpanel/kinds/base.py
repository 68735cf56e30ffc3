"""The seam every kind of check meets.

A kind says what it asks, turns answers into a measurement (counts, not rates), decides, and explains.
The four stages are separate; none of them prints, none of them knows where the data lives.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, runtime_checkable

from pytest_mixpanel.core.frozen import frozen

if TYPE_CHECKING:
    from pytest_mixpanel.baselines.daily import Daily
    from pytest_mixpanel.core.explanation import Explanation
    from pytest_mixpanel.core.verdict import Verdict
    from pytest_mixpanel.dsl.grammar import Grammar
    from pytest_mixpanel.dsl.spec import CheckSpec
    from pytest_mixpanel.kinds.context import Context

Measurement = TypeVar("Measurement")


@frozen
class Question:
    """One request to a project; the runner asks equal questions once.

    ``engine`` names the engine or call (``insights``, ``funnels``, ``retention``, ``export``, ``lexicon``),
    ``params`` is the JSON that will be sent, from a ``build_*_params`` function.
    """

    engine: str
    params: Mapping[str, Any]


class Kind(Protocol[Measurement]):
    """What a module in ``kinds/`` provides. ``grammar`` declares its subject, metrics and extra keys."""

    name: str
    grammar: Grammar

    def questions(self, spec: CheckSpec, context: Context) -> Mapping[str, Question]:
        """The questions to ask, by a name of the kind's choice (``now``, ``before``, ``by platform``)."""

    def measure(self, spec: CheckSpec, answers: Mapping[str, Any], context: Context) -> Measurement:
        """Typed results, under the same names, become counts with their dates."""

    def decide(self, spec: CheckSpec, measurement: Measurement, context: Context) -> Verdict:
        """Counts become a verdict through ``stats``."""

    def explain(
        self, spec: CheckSpec, measurement: Measurement, verdict: Verdict, context: Context
    ) -> Explanation:
        """A verdict becomes a message."""


@runtime_checkable
class NamesEvents(Protocol):
    """A kind whose checks name events: one that the project does not know is an error, not a nought."""

    def events(self, spec: CheckSpec) -> tuple[str, ...]:
        """The names, in the order of the check."""


@runtime_checkable
class NamesProperties(Protocol):
    """A kind whose checks name properties: one that no event of the check carries is an error."""

    def properties(self, spec: CheckSpec) -> Mapping[str, tuple[str, ...]]:
        """Each property with the events of which one, at least, must carry it."""


@runtime_checkable
class KeepsSnapshots(Protocol):
    """A kind whose measurement may be accepted as what "before" was."""

    def accepted(self, measurement: Any) -> tuple[str, Daily]:
        """The hash of what was asked, and the daily counts of the window."""
