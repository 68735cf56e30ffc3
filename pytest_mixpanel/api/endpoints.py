"""The endpoints of the query, export and Lexicon APIs."""

from __future__ import annotations

from pytest_mixpanel.api.endpoint import Endpoint

INSIGHTS = Endpoint("POST", "query", "/insights")
"""Insights, funnels and retention: ``{"bookmark": params, "project_id": …, "queryLimits": {…}}``."""

FLOWS = Endpoint("POST", "query", "/arb_funnels")
"""Flows: ``{"bookmark": params, "project_id": …, "query_type": …}``."""

ENGAGE = Endpoint("POST", "query", "/engage")
"""Profiles, page by page."""

ENGAGE_STATS = Endpoint("POST", "query", "/engage/stats")
"""An aggregate of profiles; the body's ``selector`` is what params call ``where``."""

EVENT_NAMES = Endpoint("GET", "query", "/events/names")
TOP_EVENTS = Endpoint("GET", "query", "/events/top")
TOP_PROPERTIES = Endpoint("GET", "query", "/events/properties/top")
PROPERTY_VALUES = Endpoint("GET", "query", "/events/properties/values")
EXPORT = Endpoint("GET", "export", "/export")
SCHEMAS = Endpoint("GET", "app", "/projects/{project_id}/schemas")
SCHEMAS_OF_TYPE = Endpoint("GET", "app", "/projects/{project_id}/schemas/{entity_type}")

WORKSPACES = Endpoint("GET", "app", "/projects/{project_id}/workspaces/public")
"""The workspaces of a project: ``id``, ``name``, ``is_global``, ``is_default``, ``is_visible``."""

METADATA = Endpoint("GET", "app", "/projects/metadata/index")
"""The same of every project, by id."""
