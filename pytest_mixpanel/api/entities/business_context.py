"""Business context: Markdown that says what an organization and a project are about."""

from __future__ import annotations

from typing import Literal

from pydantic import computed_field

from pytest_mixpanel.api.declare import Surface, get, put
from pytest_mixpanel.api.model import Entity

BUSINESS_CONTEXT_MAX_CHARS = 50_000
"""The longest business context, in characters."""

Level = Literal["organization", "project"]


class BusinessContext(Entity):
    """The text of one level; ``""`` where there is none."""

    level: Level
    content: str
    organization_id: int | None = None
    project_id: str | None = None

    @computed_field  # type: ignore[prop-decorator]  # as pydantic's documentation has it
    @property
    def is_empty(self) -> bool:
        """Whether nothing is written."""
        return not self.content

    @computed_field  # type: ignore[prop-decorator]
    @property
    def character_count(self) -> int:
        """How long it is, in characters."""
        return len(self.content)


class BusinessContextChain(Entity):
    """Both levels, the organization's first: what is said of the project adds to it."""

    organization: BusinessContext
    project: BusinessContext


class Stored(Entity):
    """What the service keeps of one level."""

    content: str


class StoredChain(Entity):
    """What the service keeps of both levels."""

    org_context: str
    project_context: str


class BusinessContextRequests(Surface):
    """The requests that business context is made of."""

    @get("{P}/business-context", of="get_business_context")
    def _get_project_context(self) -> Stored:
        """The project's text."""

    @put("{P}/business-context", of="set_business_context")
    def _set_project_context(self, content: str) -> Stored:
        """Replace the project's text."""

    @get("/organizations/{organization_id}/business-context", of="get_business_context")
    def _get_organization_context(self, organization_id: int) -> Stored:
        """The organization's text."""

    @put("/organizations/{organization_id}/business-context", of="set_business_context")
    def _set_organization_context(self, organization_id: int, content: str) -> Stored:
        """Replace the organization's text."""

    @get("{P}/business-context/chain", of="get_business_context_chain")
    def _get_context_chain(self) -> StoredChain:
        """Both texts at once."""
