"""Business context: Markdown that says what an organization and a project are about."""

from __future__ import annotations

from typing import Literal

from pydantic import computed_field

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

    @computed_field  # type: ignore[prop-decorator]  # as pydantic's documentation has it  # mypy knows no decorated property
    @property
    def is_empty(self) -> bool:
        """Whether nothing is written."""
        return not self.content

    @computed_field  # type: ignore[prop-decorator]  # mypy knows no decorated property
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
