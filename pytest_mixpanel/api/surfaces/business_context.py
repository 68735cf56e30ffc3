"""Business context: Markdown that says what an organization and a project are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_mixpanel.api.declare import Surface, get, put

if TYPE_CHECKING:
    from pytest_mixpanel.api.entities.business_context import Stored, StoredChain


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
