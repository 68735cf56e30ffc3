from __future__ import annotations

import pytest

from pytest_mixpanel.core.errors import ConfigError
from pytest_mixpanel.core.zones import known_zone


def test_a_zone_is_known_by_its_name() -> None:
    assert known_zone("Europe/Berlin", "here") == "Europe/Berlin"


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("Europe/Berln", "did you mean 'Europe/Berlin'?"),
        ("america/new york", "did you mean 'America/New_York'?"),
        ("utc", "did you mean 'UTC'?"),
        ("Berlin", "did you mean 'Europe/Berlin'?"),
        ("new york", "did you mean 'America/New_York'?"),
        ("Mars/Base", "write one as Europe/Berlin"),
        ("../../etc/passwd", "write one as Europe/Berlin"),
        ("Europe", "write one as Europe/Berlin"),
        ("", "write one as Europe/Berlin"),
        (5, "write one as Europe/Berlin"),
    ],
)
def test_what_is_no_zone_is_told_with_the_nearest(name: object, instead: str) -> None:
    with pytest.raises(ConfigError) as told:
        known_zone(name, "here")
    assert told.value.message == f"here: {name!r} is no time zone; {instead}"
