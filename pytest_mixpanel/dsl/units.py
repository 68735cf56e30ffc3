"""Numbers with their units: ``18%`` level, ``2pp`` points, ``5%rel`` relative, ``3x`` ratio, ``28d`` time."""

from __future__ import annotations

import math
import re
from typing import Literal

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.time import SECONDS

QuantityUnit = Literal["level", "pp", "rel", "ratio", "count", "duration"]

_QUANTITY = re.compile(r"([+-]?(?:\d[\d_]*)(?:\.\d+)?|[+-]?\.\d+)\s*(%rel|%|pp|x|[smhdw])?")
_SCALE: dict[str, tuple[QuantityUnit, float]] = {
    "%": ("level", 0.01),
    "pp": ("pp", 0.01),
    "%rel": ("rel", 0.01),
    "x": ("ratio", 1.0),
    **{unit: ("duration", float(seconds)) for unit, seconds in SECONDS.items()},
}


class UnitError(ValueError):
    """A number or unit that cannot be read; ``hint`` says what to write."""

    def __init__(self, message: str, hint: str, code: str = "bad-number") -> None:
        super().__init__(message)
        self.hint = hint
        self.code = code


@frozen
class Quantity:
    """A number in the unit of its meaning: fractions for ``%``, ``pp`` and ``%rel``, seconds for times."""

    value: float
    unit: QuantityUnit
    text: str

    def __str__(self) -> str:
        return self.text


def parse_quantity(text: str) -> Quantity:
    """Read a number with its unit. Raises ``UnitError``."""
    match = _QUANTITY.fullmatch(text.strip())
    if match is None or len(text) > 40:
        raise UnitError(
            f"{text[:40]!r} is not a number with a unit", "write 18%, 2pp, 5%rel, 3x, 28d or a plain number"
        )
    unit, scale = _SCALE.get(match[2] or "", ("count", 1.0))
    # Rounded so that 18 % is the float 0.18 and not the product 18 * 0.01.
    value = float(match[1].replace("_", "")) * scale
    return Quantity(round(value, 12) if math.isfinite(value) else value, unit, text.strip())


def parse_change(text: str) -> Quantity:
    """Read the size of a change: ``2pp`` or ``5%rel``, above nought. Raises ``UnitError``."""
    quantity = parse_quantity(text)
    if quantity.unit == "level":
        number = text.strip().removesuffix("%").strip()
        raise UnitError(
            f"{text.strip()!r} in a change can mean points or relative",
            f"write '{number}pp' (points: {_points(quantity.value)}) or "
            f"'{number}%rel' (relative: {_relative(quantity.value)})",
            "ambiguous-unit",
        )
    if quantity.unit not in ("pp", "rel"):
        raise UnitError(f"{text.strip()!r} is not the size of a change", "write 2pp or 5%rel")
    if quantity.value <= 0:
        raise UnitError(f"a change of {text.strip()} tolerates nothing", "write a size above 0, as 2pp")
    if quantity.value >= 1:
        raise UnitError(
            f"a change of {text.strip()} can never be exceeded",
            f"write a size under {_HUNDRED[quantity.unit]}",
        )
    return quantity


_HUNDRED = {"pp": "100pp", "rel": "100%rel"}


def _points(share: float) -> str:
    return f"20 % → {_told(20 - share * 100)} %"


def _relative(share: float) -> str:
    return f"20 % → {_told(20 * (1 - share))} %"


def _told(number: float) -> str:
    return f"{number:.4g}"
