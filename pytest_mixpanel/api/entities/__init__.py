"""The entities of a project, one module each: models, params, and the surface that declares the methods."""

from __future__ import annotations

from pytest_mixpanel.api.entities.annotations import Annotations
from pytest_mixpanel.api.entities.webhooks import Webhooks


class Entities(Annotations, Webhooks):
    """Every entity's methods."""
