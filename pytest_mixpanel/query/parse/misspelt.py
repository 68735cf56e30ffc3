"""Keys that nobody reads because they are misspelt; others that a client sends are let pass."""

from __future__ import annotations

from collections.abc import Iterable

from pytest_mixpanel.query.parse.node import Node, PlanError

SENT = frozenset(
    {
        "propertyDefaultType",
        "defaultType",
        "filterJoinType",
        "joinPropertyType",
        "profileType",
        "propertyName",
        "dataGroupId",
        "globalDataGroupId",
        "data_group_id",
    }
)
"""By clients, and read by nobody: each resembles a key that is read."""
ALIKE = 0.8
"""From this on two keys are taken for one, misspelt; 1 is equal."""


def misspelt(root: Node) -> PlanError | None:
    """The first key that resembles one that was looked for in vain."""
    for path, (told, asked) in root.asked.items():
        strange = [key for key in told if key not in asked and key not in SENT and isinstance(key, str)]
        missed = [key for key in asked if told.get(key) is None and key not in told]
        if not strange or not missed or not path.startswith("$"):
            continue
        for key in strange:
            meant = alike(key, missed)
            if meant:
                return PlanError(f"{path}.{key}", f"nothing is called so there; did you mean {meant!r}?")
    return None


def alike(word: str, known: Iterable[str]) -> str | None:
    """The known word that another resembles most, whatever their case, if it resembles any."""
    from difflib import get_close_matches

    folded = {_folded(each): each for each in sorted(known)}
    return next((folded[each] for each in get_close_matches(_folded(word), folded, 1, ALIKE)), None)


def _folded(word: str) -> str:
    return word.lower().replace("_", "").replace("-", "")
