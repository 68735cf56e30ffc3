"""Reading and writing business context, of the project or of the organization it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from pytest_mixpanel.api.surfaces.business_context import BusinessContextRequests
from pytest_mixpanel.core.errors import (
    BusinessContextValidationError,
    ParamValidationError,
    WorkspaceScopeError,
)
from pytest_mixpanel.workspace.connection import Connection

if TYPE_CHECKING:
    from pytest_mixpanel.api.entities.business_context import BusinessContext, BusinessContextChain, Level
    from pytest_mixpanel.api.members import MeResponse


class BusinessContexts(BusinessContextRequests):
    """Business context."""

    _connection: Connection

    def get_business_context(
        self, *, level: Level = "project", organization_id: int | None = None
    ) -> BusinessContext:
        """The text of the project, or of its organization; empty where there is none.

        Without ``organization_id`` it is the project's own organization. Raises ``WorkspaceScopeError``
        (``ORGANIZATION_AMBIGUOUS``) where that is not known, ``ParamValidationError`` for another level.
        """
        _check_level(level)
        if level == "project":
            return self._of_project(self._get_project_context().content)
        organization = self._organization(organization_id)
        return _of_organization(organization, self._get_organization_context(organization).content)

    def set_business_context(
        self, content: str, *, level: Level = "project", organization_id: int | None = None
    ) -> BusinessContext:
        """Replace the text of the project, or of its organization, whole.

        Raises ``BusinessContextValidationError`` before any request where it is longer than
        ``BUSINESS_CONTEXT_MAX_CHARS``, and what ``get_business_context`` raises.
        """
        _check_level(level)
        _check_length(content)
        if level == "project":
            return self._of_project(self._set_project_context(content).content)
        organization = self._organization(organization_id)
        return _of_organization(organization, self._set_organization_context(organization, content).content)

    def clear_business_context(
        self, *, level: Level = "project", organization_id: int | None = None
    ) -> BusinessContext:
        """Empty the text of the project, or of its organization."""
        return self.set_business_context("", level=level, organization_id=organization_id)

    def get_business_context_chain(self) -> BusinessContextChain:
        """The texts of both levels, by one request; the organization's id is told where it is known."""
        from pytest_mixpanel.api.entities.business_context import BusinessContext, BusinessContextChain

        stored = self._get_context_chain()
        me = self._connection.seen.remembered()
        known = organization_of(me, self._connection.project_id) if me else None
        organization = BusinessContext(
            level="organization", content=stored.org_context, organization_id=known
        )
        return BusinessContextChain(
            organization=organization, project=self._of_project(stored.project_context)
        )

    def _of_project(self, content: str) -> BusinessContext:
        from pytest_mixpanel.api.entities.business_context import BusinessContext

        return BusinessContext(level="project", content=content, project_id=self._connection.project_id)

    def _organization(self, given: int | None) -> int:
        if given is not None:
            return given
        me = self._connection.seen.me()
        found = organization_of(me, self._connection.project_id)
        if found is None:
            raise WorkspaceScopeError(
                f"it is not known which organization project {self._connection.project_id} belongs to; "
                "give organization_id=…",
                code="ORGANIZATION_AMBIGUOUS",
                details={
                    "project_id": self._connection.project_id,
                    "available_organizations": sorted(one.id for one in me.organizations.values()),
                },
            )
        return found


def organization_of(me: MeResponse, project_id: str) -> int | None:
    """The organization of a project, else the only one there is, else ``None``."""
    project = me.projects.get(project_id)
    if project is not None:
        return project.organization_id
    ids = [one.id for one in me.organizations.values()]
    return ids[0] if len(ids) == 1 else None


def _of_organization(organization_id: int, content: str) -> BusinessContext:
    from pytest_mixpanel.api.entities.business_context import BusinessContext

    return BusinessContext(level="organization", content=content, organization_id=organization_id)


def _check_level(level: str) -> None:
    from pytest_mixpanel.api.entities.business_context import Level

    if level not in get_args(Level):
        raise ParamValidationError(
            f"level: should be organization or project, not {level!r}", code="WS2_INVALID_LEVEL"
        )


def _check_length(content: str) -> None:
    from pytest_mixpanel.api.entities.business_context import BUSINESS_CONTEXT_MAX_CHARS

    if len(content) > BUSINESS_CONTEXT_MAX_CHARS:
        raise BusinessContextValidationError(
            f"business context of {len(content):,} characters; at most {BUSINESS_CONTEXT_MAX_CHARS:,} "
            "are allowed",
            details={"length": len(content), "max": BUSINESS_CONTEXT_MAX_CHARS},
        )
