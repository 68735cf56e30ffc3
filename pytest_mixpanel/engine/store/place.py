"""Where stores are kept between runs."""

from __future__ import annotations

import os
from pathlib import Path

CACHE_VARIABLE = "MIXPANEL_CACHE"


def cache_folder() -> Path:
    """The folder that ``MIXPANEL_CACHE`` names, else the user's cache folder for this package."""
    if named := os.environ.get(CACHE_VARIABLE):
        return Path(named).expanduser()
    import platformdirs

    return platformdirs.user_cache_path("pytest-mixpanel")
