"""Numbers and dates in words, the same in every message."""

from __future__ import annotations

import math

from pytest_mixpanel.core.time import DateRange

MINUS = "−"


def percent(share: float, digits: int = 2) -> str:
    """``16.90 %``."""
    return "–" if math.isnan(share) else f"{share * 100:.{digits}f} %"


def limit_percent(share: float) -> str:
    """A limit as it was written: ``18 %``."""
    return f"{share * 100:.4g} %"


def points(difference: float, digits: int = 2) -> str:
    """``−2.30 pp``, always with its sign."""
    return f"{signed(difference * 100, digits)} pp"


def signed(number: float, digits: int = 2) -> str:
    sign = MINUS if number < 0 else "+"
    return f"{sign}{abs(number):.{digits}f}"


def whole(number: float) -> str:
    """``12,480``."""
    return f"{number:,.0f}"


def number(value: float) -> str:
    """A count as whole, another number with as many digits as say something."""
    return whole(value) if float(value).is_integer() or abs(value) >= 1000 else f"{value:.4g}"


def probability(p: float) -> str:
    """``p = 0.012``; what is smaller than anybody cares about is said to be so."""
    if p < 1e-20:
        return "p < 1e-20"
    return f"p = {p:.2g}" if p >= 0.001 else f"p = {p:.1e}"


def short(period: DateRange) -> str:
    """``07-24 → 08-20``."""
    return f"{period.first.isoformat()[5:]} → {period.last.isoformat()[5:]}"


def interval_of_rate(lo: float, hi: float, conf: float) -> str:
    return f"{conf * 100:g} % interval {lo * 100:.2f} – {hi * 100:.2f} %"


def interval_of_points(lo: float, hi: float, conf: float) -> str:
    return f"{conf * 100:g} % interval {signed(lo * 100)} … {signed(hi * 100)}"
