"""What discovery answers with: the most active events, the entries of the Lexicon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, field
from typing import Any, Literal

from pytest_mixpanel.core.errors import ResponseValidationError
from pytest_mixpanel.core.frozen import frozen


@frozen
class TopEvent:
    """An event of today, its count, and the change against yesterday as a fraction."""

    event: str
    count: int
    percent_change: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@frozen
class FunnelInfo:
    """A saved funnel."""

    funnel_id: int
    name: str

    @classmethod
    def parse(cls, row: Any) -> FunnelInfo:
        """Read a row of an answer; raises ``ResponseValidationError``."""
        return cls(**_fields("FunnelInfo", row, ("funnel_id", "name")))

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@frozen
class SavedCohort:
    """A saved cohort and how many are in it."""

    id: int
    name: str
    count: int
    description: str
    created: str
    is_visible: bool

    @classmethod
    def parse(cls, row: Any) -> SavedCohort:
        """Read a row of an answer; raises ``ResponseValidationError``."""
        own = _fields("SavedCohort", row, ("id", "name", "count", "created"))
        return cls(
            **own, description=row.get("description") or "", is_visible=bool(row.get("is_visible", True))
        )

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


BookmarkType = Literal["insights", "funnels", "retention", "flows", "launch-analysis"]


@frozen
class BookmarkInfo:
    """A saved report, without its params."""

    id: int
    name: str
    type: BookmarkType
    project_id: int
    created: str
    modified: str
    workspace_id: int | None = None
    dashboard_id: int | None = None
    description: str | None = None
    creator_id: int | None = None
    creator_name: str | None = None

    @classmethod
    def parse(cls, row: Any) -> BookmarkInfo:
        """Read a row of an answer; raises ``ResponseValidationError``."""
        own = _fields("BookmarkInfo", row, ("id", "name", "type", "project_id", "created", "modified"))
        more = ("workspace_id", "dashboard_id", "description", "creator_id", "creator_name")
        return cls(**own, **{name: row.get(name) for name in more})

    def to_dict(self) -> dict[str, Any]:
        """All fields that are set."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@frozen
class SubPropertyInfo:
    """A key of the objects in a property, the type of its values, and some of them."""

    name: str
    type: Literal["string", "number", "boolean", "datetime"]
    sample_values: tuple[str | int | float | bool, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """All fields, ready for JSON."""
        return {**asdict(self), "sample_values": list(self.sample_values)}


def _fields(model: str, row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    """The named fields of a row, which must have them."""
    missing = [name for name in names if not isinstance(row, Mapping) or row.get(name) is None]
    if missing:
        raise ResponseValidationError(
            f"a {model} of the answer lacks {', '.join(missing)}",
            details={"model": model, "errors": missing},
        )
    return {name: row[name] for name in names}


@frozen
class LexiconMetadata:
    """What Mixpanel itself keeps about an entry: its tags, its owners, whether it is hidden or dropped."""

    source: str | None = None
    display_name: str | None = None
    tags: list[str] = field(default_factory=list)
    hidden: bool = False
    dropped: bool = False
    contacts: list[str] = field(default_factory=list)
    team_contacts: list[str] = field(default_factory=list)

    @classmethod
    def parse(cls, data: Mapping[str, Any] | None) -> LexiconMetadata | None:
        """Mixpanel's own part of a schema's metadata; ``None`` where there is none."""
        own = (data or {}).get("com.mixpanel")
        if not own:
            return None
        return cls(
            own.get("$source"),
            own.get("displayName"),
            list(own.get("tags") or []),
            bool(own.get("hidden", False)),
            bool(own.get("dropped", False)),
            list(own.get("contacts") or []),
            list(own.get("teamContacts") or []),
        )


@frozen
class LexiconProperty:
    """A property as the Lexicon describes it; ``type`` is a word of JSON Schema."""

    type: str
    description: str | None = None
    metadata: LexiconMetadata | None = None


@frozen
class LexiconDefinition:
    """The schema of an entry: its description, its properties, those that must be there."""

    description: str | None
    properties: dict[str, LexiconProperty]
    metadata: LexiconMetadata | None = None
    required: tuple[str, ...] = ()


@frozen
class LexiconSchema:
    """An entry of the Lexicon: an event or a profile with its properties."""

    entity_type: str
    name: str
    schema_json: LexiconDefinition

    @classmethod
    def parse(cls, row: Any) -> LexiconSchema:
        """Read a row of an answer; raises ``ResponseValidationError`` that names what is missing."""
        missing = [key for key in ("entityType", "name", "schemaJson") if key not in (row or {})]
        if missing:
            raise ResponseValidationError(
                f"a schema of the Lexicon lacks {', '.join(missing)}",
                details={"model": "LexiconSchema", "errors": missing},
            )
        schema = row["schemaJson"] or {}
        properties = {
            name: LexiconProperty(
                str(entry.get("type") or "string"),
                entry.get("description"),
                LexiconMetadata.parse(entry.get("metadata")),
            )
            for name, entry in (schema.get("properties") or {}).items()
        }
        definition = LexiconDefinition(
            schema.get("description"),
            properties,
            LexiconMetadata.parse(schema.get("metadata")),
            tuple(schema.get("required") or ()),
        )
        return cls(row["entityType"], row["name"], definition)

    def to_dict(self) -> dict[str, Any]:
        """What the entry says, ready for JSON; what it does not say is left out."""
        told: dict[str, Any] = _said(asdict(self))
        told["schema_json"].setdefault("properties", {})
        return told


def _said(value: Any) -> Any:
    """Without descriptions, metadata and requirements that are not there."""
    if not isinstance(value, dict):
        return value
    return {
        name: list(held) if isinstance(held, tuple) else _said(held)
        for name, held in value.items()
        if not (name in ("description", "metadata", "required") and not held)
    }
