"""What the results of older calls share: a frame, made once, and faces for JSON and notebooks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

Unit = Literal["day", "week", "month"]
NumericUnit = Literal["hour", "day"]
Counting = Literal["general", "unique", "average"]
"""Events, users, or events per user."""

Series = Mapping[str, Mapping[str, Any]]
"""Segment → date → number."""


class Tabular:
    """A frozen dataclass whose fields are the answer; ``_frame`` makes the table."""

    @cached_property
    def df(self) -> pd.DataFrame:
        """The result as a frame, made once."""
        return self._frame()

    def _frame(self) -> pd.DataFrame:
        raise NotImplementedError

    def to_dict(self) -> dict[str, Any]:
        """All fields, ready for JSON."""
        return asdict(self)  # type: ignore[call-overload,no-any-return]  # subclasses are dataclasses

    def to_table_dict(self) -> list[dict[str, Any]]:
        """The frame's rows as dictionaries."""
        return [{str(name): value for name, value in row.items()} for row in self.df.to_dict("records")]

    def __repr__(self) -> str:
        told = (getattr(self, one.name) for one in fields(self))  # type: ignore[arg-type]  # every heir is a dataclass
        short = [str(value) for value in told if isinstance(value, str | int | float)]
        return f"<{type(self).__name__} {' '.join(short)}: {len(self.df)} rows>"

    def _repr_html_(self) -> str:
        html: str = self.df.to_html(max_rows=30, escape=True, index=False)
        return html


def long_frame(series: Series, columns: tuple[str, str, str]) -> pd.DataFrame:
    """Segment → date → number as rows of date, segment and number."""
    import pandas as pd

    rows = [(day, name, number) for name, numbers in series.items() for day, number in numbers.items()]
    return pd.DataFrame(rows, columns=list(columns))
