"""The entities of a project, one module each: models, params, and the surface that declares the methods."""

from __future__ import annotations

from pytest_mixpanel.api.surfaces.alerts import Alerts
from pytest_mixpanel.api.surfaces.annotations import Annotations
from pytest_mixpanel.api.surfaces.audits import Audits
from pytest_mixpanel.api.surfaces.blueprints import Blueprints
from pytest_mixpanel.api.surfaces.bookmarks import Bookmarks
from pytest_mixpanel.api.surfaces.cohorts import Cohorts
from pytest_mixpanel.api.surfaces.custom_events import CustomEvents
from pytest_mixpanel.api.surfaces.custom_properties import CustomProperties
from pytest_mixpanel.api.surfaces.definitions import Definitions
from pytest_mixpanel.api.surfaces.deletions import DeletionRequests
from pytest_mixpanel.api.surfaces.drop_filters import DropFilters
from pytest_mixpanel.api.surfaces.experiments import Experiments
from pytest_mixpanel.api.surfaces.feature_flags import FeatureFlags
from pytest_mixpanel.api.surfaces.lexicon_tags import LexiconTags
from pytest_mixpanel.api.surfaces.lookup_tables import LookupTables
from pytest_mixpanel.api.surfaces.schema_enforcement import SchemaEnforcement
from pytest_mixpanel.api.surfaces.schemas import SchemaRegistry
from pytest_mixpanel.api.surfaces.webhooks import Webhooks


class Entities(
    Bookmarks,  # and Dashboards, on which reports are shown
    Blueprints,
    Cohorts,
    FeatureFlags,
    Experiments,
    Alerts,
    Annotations,
    Audits,
    CustomEvents,
    CustomProperties,
    Definitions,
    DeletionRequests,
    DropFilters,
    LexiconTags,
    LookupTables,
    SchemaEnforcement,
    SchemaRegistry,
    Webhooks,
):
    """Every entity's methods."""
