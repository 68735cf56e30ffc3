"""Business context: one text of the project, one of its organization."""

from __future__ import annotations

from pytest_mixpanel.api.entities.business_context import BUSINESS_CONTEXT_MAX_CHARS
from pytest_mixpanel.api.surfaces.business_context import BusinessContextRequests
from pytest_mixpanel.server.entities.asked import Asked, Routes
from pytest_mixpanel.server.entities.store import Row
from pytest_mixpanel.server.members import ORGANIZATION_ID
from pytest_mixpanel.server.messages import BadRequest

COLLECTION = "business_context"


def of_project(asked: Asked) -> Row:
    return {"content": _text(asked, "project")}


def set_of_project(asked: Asked) -> Row:
    return _set(asked, "project")


def of_organization(asked: Asked) -> Row:
    _check_organization(asked)
    return {"content": _text(asked, "organization")}


def set_of_organization(asked: Asked) -> Row:
    _check_organization(asked)
    return _set(asked, "organization")


def chain(asked: Asked) -> Row:
    return {"org_context": _text(asked, "organization"), "project_context": _text(asked, "project")}


def _text(asked: Asked, level: str) -> str:
    return str(asked.entities.collection(COLLECTION).rows.get(level, {}).get("content", ""))


def _set(asked: Asked, level: str) -> Row:
    content = asked.body.get("content")
    if not isinstance(content, str):
        raise BadRequest("content: should be a text")
    if len(content) > BUSINESS_CONTEXT_MAX_CHARS:
        raise BadRequest(f"content exceeds maximum length of {BUSINESS_CONTEXT_MAX_CHARS} characters")
    asked.entities.collection(COLLECTION).rows[level] = {"id": level, "content": content}
    return {"content": content}


def _check_organization(asked: Asked) -> None:
    if asked.path["organization_id"] != str(ORGANIZATION_ID):
        raise BadRequest(f"there is no organization {asked.path['organization_id']}", 404)


ROUTES: Routes = {
    BusinessContextRequests._get_project_context: of_project,
    BusinessContextRequests._set_project_context: set_of_project,
    BusinessContextRequests._get_organization_context: of_organization,
    BusinessContextRequests._set_organization_context: set_of_organization,
    BusinessContextRequests._get_context_chain: chain,
}
