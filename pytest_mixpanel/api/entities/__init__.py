"""The entities of a project, one module each: models, params, and the surface that declares the methods."""

from __future__ import annotations

from pytest_mixpanel.api.entities.alerts import Alerts
from pytest_mixpanel.api.entities.annotations import Annotations
from pytest_mixpanel.api.entities.blueprints import Blueprints
from pytest_mixpanel.api.entities.bookmarks import Bookmarks
from pytest_mixpanel.api.entities.cohorts import Cohorts
from pytest_mixpanel.api.entities.experiments import Experiments
from pytest_mixpanel.api.entities.feature_flags import FeatureFlags
from pytest_mixpanel.api.entities.webhooks import Webhooks


class Entities(
    Bookmarks,  # and Dashboards, on which reports are shown
    Blueprints,
    Cohorts,
    FeatureFlags,
    Experiments,
    Alerts,
    Annotations,
    Webhooks,
):
    """Every entity's methods."""
