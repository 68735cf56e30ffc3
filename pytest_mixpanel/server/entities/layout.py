"""The rows of a dashboard: which cards stand side by side, and how wide they are.

A layout is ``{"version", "order": [row ids], "rows": {row id: {"height", "cells"}}}``; the widths of a row's
cells are 12 in all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import Any

from pytest_mixpanel.server.entities.store import Row
from pytest_mixpanel.server.messages import BadRequest

VERSION = "2.0.0"
WIDTH = 12
MOST_CELLS, MOST_ROWS = 4, 30

Card = tuple[str, int]
"""The kind of a card, ``text`` or ``report``, and its id."""


def empty_layout() -> Row:
    return {"version": VERSION, "order": [], "rows": {}}


def append_row(layout: Row, cards: Sequence[Card]) -> None:
    """Add a row of one to four cards of equal widths."""
    if not 1 <= len(cards) <= MOST_CELLS:
        raise BadRequest(f"rows: a row holds 1 to {MOST_CELLS} cards, not {len(cards)}")
    if len(layout["order"]) >= MOST_ROWS:
        raise BadRequest(f"a dashboard has at most {MOST_ROWS} rows")
    name = next(free for n in count(1) if (free := f"row-{n}") not in layout["rows"])
    cells = [{"id": f"cell-{kind}-{id}", "content_id": id, "content_type": kind} for kind, id in cards]
    layout["order"].append(name)
    layout["rows"][name] = {"height": 0, "cells": _shared(cells)}


def take_out(layout: Row, card: Card) -> None:
    """Remove a card's cell; the others of its row share the width, an empty row goes."""
    for name, row in list(layout["rows"].items()):
        row["cells"] = _shared([cell for cell in row["cells"] if _card(cell) != card])
        if not row["cells"]:
            del layout["rows"][name]
            layout["order"].remove(name)


def rows_of(layout: Row) -> list[list[Card]]:
    """The cards, row by row."""
    return [[_card(cell) for cell in layout["rows"][name]["cells"]] for name in layout["order"]]


def arranged(wanted: Any, cards: Iterable[Card]) -> Row:
    """The layout that ``{"rows_order": […], "rows": [{"id", "height", "cells": […]}]}`` asks for.

    It places ``cards``; refuses rows that are too wide, too many, or leave a card out.
    """
    if not isinstance(wanted, Mapping) or set(wanted) != {"rows_order", "rows"}:
        raise BadRequest("layout: should hold rows_order and rows, and nothing else")
    rows = {
        str(row.get("id")): {"height": row.get("height", 0), "cells": _objects(row.get("cells"))}
        for row in _objects(wanted["rows"])
    }
    order = wanted["rows_order"]
    if not isinstance(order, list) or sorted(rows) != sorted(map(str, order)) or len(rows) > MOST_ROWS:
        raise BadRequest(f"layout: rows_order should name each of at most {MOST_ROWS} rows once")
    for row in rows.values():
        widths = [cell.get("width") for cell in row["cells"]]
        if (
            len(widths) > MOST_CELLS
            or not all(isinstance(w, int) and w > 0 for w in widths)
            or sum(widths) != WIDTH
        ):
            raise BadRequest(
                f"layout: a row holds at most {MOST_CELLS} cells whose widths are {WIDTH} in all"
            )
    layout = {"version": VERSION, "order": [str(name) for name in order], "rows": rows}
    if sorted(card for row in rows_of(layout) for card in row) != sorted(cards):
        raise BadRequest("layout: should place each card of the dashboard once")
    return layout


def _shared(cells: list[Row]) -> list[Row]:
    """Cells of equal widths; the first takes what is left over."""
    width, over = divmod(WIDTH, len(cells) or 1)
    return [{**cell, "width": width + (over if number == 0 else 0)} for number, cell in enumerate(cells)]


def _card(cell: Mapping[str, Any]) -> Card:
    kind, id = cell.get("content_type"), cell.get("content_id")
    if not isinstance(kind, str) or not isinstance(id, int):
        raise BadRequest("layout: a cell has content_type and content_id")
    return kind, id


def _objects(value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise BadRequest("layout: rows and cells are lists of objects")
    return value
