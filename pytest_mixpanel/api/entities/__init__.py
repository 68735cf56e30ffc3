"""The entities of a project, one module each: models, params, and the surface that declares the methods."""

from __future__ import annotations

from pytest_mixpanel.api.entities.alerts import Alerts
from pytest_mixpanel.api.entities.annotations import Annotations
from pytest_mixpanel.api.entities.audits import Audits
from pytest_mixpanel.api.entities.blueprints import Blueprints
from pytest_mixpanel.api.entities.bookmarks import Bookmarks
from pytest_mixpanel.api.entities.cohorts import Cohorts
from pytest_mixpanel.api.entities.custom_events import CustomEvents
from pytest_mixpanel.api.entities.custom_properties import CustomProperties
from pytest_mixpanel.api.entities.definitions import Definitions
from pytest_mixpanel.api.entities.deletions import DeletionRequests
from pytest_mixpanel.api.entities.drop_filters import DropFilters
from pytest_mixpanel.api.entities.experiments import Experiments
from pytest_mixpanel.api.entities.feature_flags import FeatureFlags
from pytest_mixpanel.api.entities.lexicon_tags import LexiconTags
from pytest_mixpanel.api.entities.lookup_tables import LookupTables
from pytest_mixpanel.api.entities.schema_enforcement import SchemaEnforcement
from pytest_mixpanel.api.entities.schemas import SchemaRegistry
from pytest_mixpanel.api.entities.webhooks import Webhooks


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
