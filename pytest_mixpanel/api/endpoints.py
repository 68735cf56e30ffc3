"""The endpoints of the query, export and Lexicon APIs."""

from __future__ import annotations

from pytest_mixpanel.api.endpoint import Endpoint

INSIGHTS = Endpoint("POST", "query", "/insights")
"""Insights, funnels and retention: ``{"bookmark": params, "project_id": …, "queryLimits": {…}}``."""

FLOWS = Endpoint("POST", "query", "/arb_funnels")
"""Flows: ``{"bookmark": params, "project_id": …, "query_type": …}``."""

ENGAGE = Endpoint("POST", "query", "/engage")
"""Profiles, page by page."""

ENGAGE_PAGES = Endpoint("POST", "query", "/engage/")
"""The same with the slash that the service redirects to."""

ENGAGE_OLD = Endpoint("POST", "export", "/engage")
"""The same, where older clients ask."""

ENGAGE_STATS = Endpoint("POST", "query", "/engage/stats")
"""An aggregate of profiles; the body's ``selector`` is what params call ``where``."""

EVENT_NAMES = Endpoint("GET", "query", "/events/names")
TOP_EVENTS = Endpoint("GET", "query", "/events/top")
TOP_PROPERTIES = Endpoint("GET", "query", "/events/properties/top")
PROPERTY_VALUES = Endpoint("GET", "query", "/events/properties/values")
FUNNELS = Endpoint("GET", "query", "/funnels/list")
COHORTS = Endpoint("POST", "query", "/cohorts/list")
"""Saved cohorts; the body is empty."""

EXPORT = Endpoint("GET", "export", "/export")
BOOKMARKS = Endpoint("GET", "app", "/projects/{project_id}/bookmarks")
SCHEMAS = Endpoint("GET", "app", "/projects/{project_id}/schemas")
SCHEMAS_OF_TYPE = Endpoint("GET", "app", "/projects/{project_id}/schemas/{entity_type}")

SEGMENTATION = Endpoint("GET", "query", "/segmentation")
SEGMENTATION_NUMERIC = Endpoint("GET", "query", "/segmentation/numeric")
SEGMENTATION_SUM = Endpoint("GET", "query", "/segmentation/sum")
SEGMENTATION_AVERAGE = Endpoint("GET", "query", "/segmentation/average")
EVENT_COUNTS = Endpoint("GET", "query", "/events")
PROPERTY_COUNTS = Endpoint("GET", "query", "/events/properties")
FREQUENCY = Endpoint("GET", "query", "/retention/addiction")
ACTIVITY = Endpoint("POST", "query", "/stream/bookmark")
ACTIVITY_BY_DATES = Endpoint("GET", "query", "/stream/query")
"""What users did; the public form, which older clients send."""

RETENTION = Endpoint("GET", "query", "/retention")
"""Of two events, or of a saved report by its ``bookmark_id``."""

FUNNEL = Endpoint("GET", "query", "/funnels")
"""A saved funnel on given days, by its ``funnel_id``."""

SAVED_REPORT = Endpoint("GET", "query", "/insights")
SAVED_FLOWS = Endpoint("GET", "query", "/arb_funnels")
"""A saved report, by its ``bookmark_id``."""

ME = Endpoint("GET", "app", "/me")
"""The user, and what they may see."""

WORKSPACES = Endpoint("GET", "app", "/projects/{project_id}/workspaces/public")
"""The workspaces of a project: ``id``, ``name``, ``is_global``, ``is_default``, ``is_visible``."""

METADATA = Endpoint("GET", "app", "/projects/metadata/index")
"""The same of every project, by id."""
