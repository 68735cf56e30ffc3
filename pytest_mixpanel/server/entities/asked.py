"""A request for an entity, and the few operations that every kind of entity is made of."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.engine.store.store import Store
from pytest_mixpanel.server.entities.store import EntityStore, Row
from pytest_mixpanel.server.members import EMAIL, USER_ID, USER_NAME
from pytest_mixpanel.server.messages import BadRequest, Request

if TYPE_CHECKING:
    from pytest_mixpanel.api.model import Params

USER = {"id": USER_ID, "name": USER_NAME, "email": EMAIL}
"""Who does everything in a local project."""

MOST_ENTRIES = 1_000
"""The longest page."""


@frozen
class Asked:
    """A routed request: the parameters of its path, the project, the clock."""

    request: Request
    path: Mapping[str, str]
    entities: EntityStore
    events: Store
    now: datetime

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query

    @property
    def body(self) -> dict[str, Any]:
        """The body, which has to be an object."""
        if self.request.body is None:
            return {}
        if not isinstance(self.request.body, dict):
            raise BadRequest("the body should be an object")
        return self.request.body

    @property
    def moment(self) -> str:
        """The clock as the service writes it."""
        return self.now.strftime("%Y-%m-%dT%H:%M:%SZ")

    def read(self, params: type[Params], *, whole: bool = False) -> dict[str, Any]:
        """The fields of ``params`` that the body holds, by their wire names; refuses values of wrong types.

        Keys that ``params`` does not know are left out, unless it passes them on. Of a ``whole`` entity
        what the body lacks has the default of ``params``.
        """
        return self.fields(params, self.body, whole=whole)

    def each(self, name: str, params: type[Params]) -> list[dict[str, Any]]:
        """The entries of a list in the body, each read as ``params``."""
        return [self.fields(params, one) for one in self.objects(name)]

    def objects(self, name: str) -> list[dict[str, Any]]:
        """A list of objects in the body."""
        entries = self.body.get(name)
        if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
            raise BadRequest(f"{name}: should be a list of objects")
        return entries

    def fields(
        self, params: type[Params], given: Mapping[str, Any], *, whole: bool = False
    ) -> dict[str, Any]:
        """Like ``read``, of another object than the body."""
        open_ended = params.model_config.get("extra") == "allow"
        known = params.names_on_the_wire()
        kept = {name: value for name, value in given.items() if open_ended or name in known}
        try:
            read = params(**kept)
            return read.wire() if whole else read.model_dump(mode="json", by_alias=True, exclude_unset=True)
        except ParamValidationError as error:
            raise BadRequest(str(error)) from error

    def listed_ids(self, name: str, kind: Kind) -> list[int]:
        """The explicit ids of a bulk deletion; where one is unknown nothing is deleted."""
        ids = self.body.get(name)
        if not isinstance(ids, list) or not ids or not all(isinstance(id, int) for id in ids):
            raise BadRequest(f"{name}: should be the ids of the {kind.noun}s to delete")
        return list(dict.fromkeys(ids))

    def ids(self, name: str) -> list[int] | None:
        """A comma-separated list of ids in the query, ``None`` where it is absent."""
        text = self.query.get(name)
        if text is None:
            return None
        if not all(part.strip().isdecimal() for part in text.split(",")):
            raise BadRequest(f"{name}: should be ids like 1,2,3, not {text!r}")
        return [int(part) for part in text.split(",")]


@frozen
class Kind:
    """A kind of entity: its collection, what one is called, the form of its ids, the names of its times.

    Of an ``authored`` kind the rows say who made them and who changed them last.
    """

    collection: str
    noun: str
    ids: Literal["number", "uuid"] = "number"
    created: str | None = "created"
    modified: str | None = "modified"
    authored: bool = False

    def all(self, asked: Asked) -> list[Row]:
        """Copies of all rows, in the order they were made."""
        return copy.deepcopy(list(asked.entities.collection(self.collection).rows.values()))

    def one(self, asked: Asked, id: str | int) -> Row:
        """A copy of a row; refuses an unknown id with 404."""
        rows = asked.entities.collection(self.collection).rows
        if str(id) not in rows:
            raise BadRequest(f"there is no {self.noun} {id}", 404)
        return copy.deepcopy(rows[str(id)])

    def add(self, asked: Asked, row: Mapping[str, Any], action: str = "created") -> Row:
        """Make a row: it gets an id and its times."""
        new_id = getattr(asked.entities, self.ids)(self.collection)
        times = {name: asked.moment for name in (self.created, self.modified) if name}
        author = {f"creator_{name}": value for name, value in USER.items()} if self.authored else {}
        return self._keep(asked, {"id": new_id, **times, **author, **row}, action, row)

    def change(self, asked: Asked, id: str | int, changes: Mapping[str, Any], action: str = "updated") -> Row:
        """Change fields of a row; refuses an unknown id with 404."""
        times = {self.modified: asked.moment} if self.modified else {}
        editor = {f"last_modified_by_{name}": value for name, value in USER.items()} if self.authored else {}
        return self._keep(asked, {**self.one(asked, id), **changes, **times, **editor}, action, changes)

    def remove(self, asked: Asked, id: str | int) -> None:
        """Delete a row; refuses an unknown id with 404. Its id is not given again."""
        self.one(asked, id)
        collection = asked.entities.collection(self.collection)
        del collection.rows[str(id)]
        collection.history.pop(str(id), None)

    def history(self, asked: Asked, id: str | int) -> list[Row]:
        """What happened to a row, the latest first."""
        self.one(asked, id)
        return copy.deepcopy(asked.entities.collection(self.collection).history[str(id)][::-1])

    def _keep(self, asked: Asked, row: Row, action: str, changes: Mapping[str, Any]) -> Row:
        collection = asked.entities.collection(self.collection)
        entry = {"action": action, "timestamp": asked.moment, "user": USER, "changes": dict(changes)}
        collection.rows[str(row["id"])] = copy.deepcopy(row)
        collection.history.setdefault(str(row["id"]), []).append(copy.deepcopy(entry))
        return row

    def found(self, asked: Asked, ids: list[int] | None) -> list[Row]:
        """Rows of these ids, all of them where ``None``; unknown ids are passed over."""
        wanted = None if ids is None else set(map(str, ids))
        return [row for row in self.all(asked) if wanted is None or str(row["id"]) in wanted]


def whole_number(text: str | None, name: str, default: int) -> int:
    """A positive number of the query."""
    if text is None:
        return default
    if not text.isdecimal() or int(text) < 1:
        raise BadRequest(f"{name}: should be a positive whole number, not {text!r}")
    return int(text)


def paged(entries: list[Any], cursor: str | None, size: int) -> dict[str, Any]:
    """A page of a list: its cursors are places in it."""
    start = whole_number(cursor, "cursor", 1) - 1
    end = start + size
    places = {
        "next_cursor": str(end + 1) if end < len(entries) else None,
        "previous_cursor": str(max(start - size, 0) + 1) if start else None,
        "page_size": size,
    }
    return {"results": entries[start:end], "pagination": places}


def page_size(asked: Asked, default: int) -> int:
    return min(whole_number(asked.query.get("page_size"), "page_size", default), MOST_ENTRIES)


Handler = Callable[[Asked], Any]
"""Answers with what belongs in ``results``, ``None`` for an answer without content, or a ``Response``."""
Routes = dict[Callable[..., Any], Handler]
"""Declared methods and what serves them."""
