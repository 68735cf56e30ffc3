"""Events on disk: columns sorted by user and time, dictionary-coded, memory-mapped."""

from pytest_mixpanel.engine.store.columns import UNDEFINED, CodedColumn, Column, NumberColumn
from pytest_mixpanel.engine.store.store import Store

__all__ = ["UNDEFINED", "CodedColumn", "Column", "NumberColumn", "Store"]
