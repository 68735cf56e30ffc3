"""The published client with made-up credentials: it builds params without a network."""

from __future__ import annotations

import os
from functools import cache
from typing import Any
from unittest import mock


@cache
def published_client() -> Any:
    """One client for all tests."""
    import mixpanel_headless

    made_up = {"MP_USERNAME": "u", "MP_SECRET": "s", "MP_PROJECT_ID": "1", "MP_REGION": "us"}
    with mock.patch.dict(os.environ, made_up):
        return mixpanel_headless.Workspace()
