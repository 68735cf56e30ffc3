"""Tags of the Lexicon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_mixpanel.api.declare import Surface, get, patch, post, results

if TYPE_CHECKING:
    from pytest_mixpanel.api.entities.lexicon_tags import CreateTagParams, LexiconTag, UpdateTagParams


def tags(document: Any) -> Any:
    """Tags of an answer that holds objects, or names only."""
    found = results(document)
    if not isinstance(found, list):
        return found
    return [{"id": 0, "name": tag} if isinstance(tag, str) else tag for tag in found]


class LexiconTags(Surface):
    """Tags of the Lexicon."""

    @get("{S}/data-definitions/tags/", read=tags)
    def list_lexicon_tags(self) -> list[LexiconTag]:
        """All tags."""

    @post("{S}/data-definitions/tags/")
    def create_lexicon_tag(self, params: CreateTagParams) -> LexiconTag:
        """Add a tag."""

    @patch("{S}/data-definitions/tags/{tag_id}/")
    def update_lexicon_tag(self, tag_id: int, params: UpdateTagParams) -> LexiconTag:
        """Rename a tag."""

    @post("{S}/data-definitions/tags/", names={"tag_name": "name"}, body={"delete": True})
    def delete_lexicon_tag(self, tag_name: str) -> None:
        """Delete a tag, by its name; events that carry it lose it."""
