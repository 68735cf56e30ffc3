"""Tags of the Lexicon; entries carry them by name."""

from __future__ import annotations

from collections.abc import Iterable

from pytest_mixpanel.api.entities.lexicon_tags import CreateTagParams, UpdateTagParams
from pytest_mixpanel.api.surfaces.lexicon_tags import LexiconTags
from pytest_mixpanel.server.entities import lexicon
from pytest_mixpanel.server.entities.asked import Asked, Kind, Routes
from pytest_mixpanel.server.entities.store import Row
from pytest_mixpanel.server.messages import BadRequest

TAG = Kind("lexicon_tags", "tag of the Lexicon", created=None, modified=None)


def all_tags(asked: Asked) -> list[Row]:
    """Every tag, those that entries began with too."""
    make_tags(
        asked, (tag for row in lexicon.entries(asked) for tag in row.get("metadata", {}).get("tags", ()))
    )
    return TAG.all(asked)


def make_tags(asked: Asked, names: Iterable[str]) -> None:
    """Make the tags that are not there yet."""
    known = {row["name"] for row in TAG.all(asked)}
    for name in dict.fromkeys(names):
        if name not in known:
            TAG.add(asked, {"name": name})


def change_tags(asked: Asked) -> Row | None:
    """Make a tag, or, with ``delete``, delete one."""
    name = asked.read(CreateTagParams)["name"]
    tags = {row["name"]: row for row in all_tags(asked)}
    if asked.body.get("delete"):
        if name not in tags:
            raise BadRequest(f"there is no tag {name!r}", 404)
        TAG.remove(asked, tags[name]["id"])
        _replace(asked, name, None)
        return None
    if name in tags:
        raise BadRequest(f"name: there is a tag {name!r} already")
    return TAG.add(asked, {"name": name})


def rename(asked: Asked) -> Row:
    all_tags(asked)
    tag = TAG.one(asked, asked.path["tag_id"])
    name = asked.read(UpdateTagParams).get("name")
    if name is None or name == tag["name"]:
        return tag
    if any(row["name"] == name for row in TAG.all(asked)):
        raise BadRequest(f"name: there is a tag {name!r} already")
    _replace(asked, tag["name"], name)
    return TAG.change(asked, tag["id"], {"name": name})


def _replace(asked: Asked, old: str, new: str | None) -> None:
    for row in lexicon.entries(asked):
        tags = row.get("metadata", {}).get("tags") or []
        if old in tags:
            changed = [tag if tag != old else new for tag in tags]
            metadata = {**row["metadata"], "tags": [tag for tag in changed if tag is not None]}
            lexicon.ENTRY.change(asked, row["id"], {"metadata": metadata})


ROUTES: Routes = {
    LexiconTags.list_lexicon_tags: all_tags,
    LexiconTags.create_lexicon_tag: change_tags,
    LexiconTags.update_lexicon_tag: rename,
    LexiconTags.delete_lexicon_tag: change_tags,
}
