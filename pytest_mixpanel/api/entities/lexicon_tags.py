"""Tags of the Lexicon."""

from __future__ import annotations

from pytest_mixpanel.api.model import CamelEntity, Params


class LexiconTag(CamelEntity):
    """A tag that events and properties can carry; ``id`` is 0 where the service tells names only."""

    id: int
    name: str


class CreateTagParams(Params):
    """A new tag."""

    name: str


class UpdateTagParams(Params):
    """A tag's new name."""

    name: str | None = None
