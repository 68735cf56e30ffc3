"""Who asks, and what they may see: ``/me`` and the workspaces of a project."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, field, fields
from typing import Any, TypeVar

from pytest_mixpanel.core.errors import ResponseValidationError
from pytest_mixpanel.core.frozen import frozen

T = TypeVar("T")


@frozen
class MeOrgInfo:
    """An organization of the user's."""

    id: int
    name: str
    role: str | None = None
    permissions: list[str] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@frozen
class MeProjectInfo:
    """A project the user may see; ``domain`` tells its region."""

    name: str
    organization_id: int
    timezone: str | None = None
    has_workspaces: bool | None = None
    domain: str | None = None
    type: str | int | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@frozen
class MeWorkspaceInfo:
    """A workspace the user may see."""

    id: int
    name: str
    project_id: int
    is_default: bool | None = None
    is_global: bool | None = None
    is_restricted: bool | None = None
    is_visible: bool | None = None
    description: str | None = None
    creator_name: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return {**self.extra, **_own(self)}


@frozen
class PublicWorkspace:
    """A workspace of the current project, as everyone in it sees it."""

    id: int
    name: str
    project_id: int
    is_default: bool
    description: str | None = None
    is_global: bool | None = None
    is_restricted: bool | None = None
    is_visible: bool | None = None
    created_iso: str | None = None
    creator_name: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, data: Any) -> PublicWorkspace:
        """Raises ``ResponseValidationError`` that names what is missing."""
        return _record(cls, data)

    def to_dict(self) -> dict[str, Any]:
        return {**self.extra, **_own(self)}


@frozen
class MeResponse:
    """The user, and their organizations, projects and workspaces by id (as text).

    ``cached_at`` (seconds since 1970) and ``cached_region`` are set on an answer that was kept.
    """

    user_id: int | None = None
    user_email: str | None = None
    user_name: str | None = None
    organizations: Mapping[str, MeOrgInfo] = field(default_factory=dict)
    projects: Mapping[str, MeProjectInfo] = field(default_factory=dict)
    workspaces: Mapping[str, MeWorkspaceInfo] = field(default_factory=dict)
    cached_at: float | None = None
    cached_region: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, data: Any) -> MeResponse:
        """Read an answer, with or without its envelope; raises ``ResponseValidationError``."""
        if isinstance(data, dict) and isinstance(data.get("results"), dict):
            data = data["results"]
        parts: dict[str, Callable[[Any], Any]] = {
            "organizations": lambda row: _record(MeOrgInfo, row),
            "projects": lambda row: _record(MeProjectInfo, row),
            "workspaces": lambda row: _record(MeWorkspaceInfo, row),
        }
        if not isinstance(data, dict):
            raise _unreadable("MeResponse", ["an object is missing"])
        read = {
            name: {str(key): parse(row) for key, row in (data.get(name) or {}).items()}
            for name, parse in parts.items()
        }
        return _record(cls, {**data, **read})

    def workspaces_of(self, project_id: str) -> list[MeWorkspaceInfo]:
        """The workspaces of a project."""
        return [row for row in self.workspaces.values() if str(row.project_id) == project_id]

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON values, without envelope."""
        nested = {
            name: {key: {**row.extra, **_own(row)} for key, row in getattr(self, name).items()}
            for name in ("organizations", "projects", "workspaces")
        }
        return {**self.extra, **_own(self), **nested}


def _record(kind: type[T], data: Any) -> T:
    """A record from JSON; what it has no field for is kept in ``extra``."""
    if not isinstance(data, dict):
        raise _unreadable(kind.__name__, ["an object is missing"])
    own = [entry for entry in fields(kind) if entry.name != "extra"]  # type: ignore[arg-type]  # every kind is a dataclass
    required = [
        entry.name
        for entry in own
        if entry.default is MISSING and entry.default_factory is MISSING and data.get(entry.name) is None
    ]
    if required:
        raise _unreadable(kind.__name__, required)
    known = {entry.name: data[entry.name] for entry in own if data.get(entry.name) is not None}
    make: Any = kind
    read: T = make(**known, extra={key: value for key, value in data.items() if key not in known})
    return read


def _own(record: Any) -> dict[str, Any]:
    values = {entry.name: getattr(record, entry.name) for entry in fields(record) if entry.name != "extra"}
    return {name: value for name, value in values.items() if value is not None}


def _unreadable(model: str, missing: list[str]) -> ResponseValidationError:
    return ResponseValidationError(
        f"a {model} of the answer lacks {', '.join(missing)}", details={"model": model, "errors": missing}
    )
