"""The kinds by name; a kind's module is loaded when a check of it runs, its grammar when a file is read."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_mixpanel.dsl.grammar import Grammars
    from pytest_mixpanel.kinds.base import Kind

_GRAMMARS = {
    "funnel": "subjects:FUNNEL",
    "retention": "subjects:RETENTION",
    "volume": "subjects:VOLUME",
    "mix": "subjects:MIX",
    "lexicon": "data_subjects:LEXICON",
    "properties": "data_subjects:PROPERTIES",
}
NAMES = tuple(_GRAMMARS)


@cache
def grammars() -> Grammars:
    """What every kind adds to the language, by the kind's name."""
    return MappingProxyType({name: _load(where) for name, where in _GRAMMARS.items()})


@cache
def kind(name: str) -> Kind[Any]:
    """The kind of that name: the ``KIND`` of its module. Raises ``KeyError``."""
    if name not in _GRAMMARS:
        raise KeyError(name)
    found: Kind[Any] = _load(f"{name}:KIND")
    return found


def _load(where: str) -> Any:
    module, _, name = where.partition(":")
    return getattr(import_module(f"pytest_mixpanel.kinds.{module}"), name)
