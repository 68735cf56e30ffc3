"""What discovery answers with: the most active events, the entries of the Lexicon."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from pytest_mixpanel.core.errors import ResponseValidationError


@dataclass(frozen=True, slots=True)
class TopEvent:
    """An event of today, its count, and the change against yesterday as a fraction."""

    event: str
    count: int
    percent_change: float

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class LexiconProperty:
    """A property as the Lexicon describes it; ``type`` is a word of JSON Schema."""

    type: str
    description: str | None = None
    metadata: LexiconMetadata | None = None


@dataclass(frozen=True, slots=True)
class LexiconDefinition:
    """The schema of an entry: its description, its properties, those that must be there."""

    description: str | None
    properties: dict[str, LexiconProperty]
    metadata: LexiconMetadata | None = None
    required: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
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
        return asdict(self)
