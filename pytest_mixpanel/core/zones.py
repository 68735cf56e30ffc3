"""Names of time zones that people write."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pytest_mixpanel.core.errors import ConfigError


def known_zone(name: object, place: str) -> str:
    """The name, if it is one of a time zone; raises ``ConfigError``, which begins with ``place``."""
    if isinstance(name, str) and name:
        try:
            return ZoneInfo(name).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    raise ConfigError(f"{place}: {name!r} is no time zone; {_instead(str(name))}")


def _instead(name: str) -> str:
    from difflib import get_close_matches

    wanted = name.casefold().replace(" ", "_")
    spelled = {zone.casefold(): zone for zone in available_timezones()}
    of_cities = (zone for zone in sorted(spelled) if wanted and zone.endswith(f"/{wanted}"))
    near = [wanted] if wanted in spelled else [*of_cities, *get_close_matches(wanted, spelled, 1, 0.8)]
    return f"did you mean {spelled[near[0]]!r}?" if near else "write one as Europe/Berlin"
