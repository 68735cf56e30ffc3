"""Where stores and answers are kept between runs."""

from __future__ import annotations

import os
from pathlib import Path

CACHE_VARIABLE = "MIXPANEL_CACHE"
OFF = "off"
"""Names no folder: no answers are kept."""


def cache_folder() -> Path:
    """The folder that ``MIXPANEL_CACHE`` names, else the user's cache folder for this package."""
    if (named := os.environ.get(CACHE_VARIABLE)) and named != OFF:
        return Path(named).expanduser()
    import platformdirs

    return platformdirs.user_cache_path("pytest-mixpanel")
