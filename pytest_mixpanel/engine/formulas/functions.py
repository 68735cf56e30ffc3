"""The functions of formulas that only look at values (semantics 8.4); ``None`` is undefined, in and out."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any, TypeGuard
from urllib.parse import urlsplit

from pytest_mixpanel.engine.formulas import dates, patterns

_DECIMAL = re.compile(r"\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?\s*")


def is_number(value: Any) -> TypeGuard[int | float]:
    """A number; booleans are not numbers in this language."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def same(left: Any, right: Any) -> bool:
    """``==``: types must agree, strings ignore case, undefined equals undefined."""
    if isinstance(left, str) and isinstance(right, str):
        return left.lower() == right.lower()
    if is_number(left) and is_number(right):
        return bool(left == right)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and left == right


def contains(item: Any, container: Any) -> bool | None:
    """``in``: part of a string, ignoring case, or an element of a list."""
    if isinstance(container, list):
        return any(same(item, element) for element in container)
    if isinstance(item, str) and isinstance(container, str):
        return item.lower() in container.lower()
    return None


def boolean(value: Any) -> bool:
    return value is not None and value != 0 and value != "" and not same(value, "false")


def number(value: Any) -> float | int | None:
    if isinstance(value, bool):
        return int(value)
    if is_number(value):
        return value
    if not isinstance(value, str):
        return None
    if _DECIMAL.fullmatch(value):
        parsed = float(value)
        return int(parsed) if parsed.is_integer() and abs(parsed) < 2**53 else parsed
    return dates.epoch_seconds(value)


def string(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and math.isfinite(value):
        return format(int(value) if value.is_integer() else Decimal(repr(value)), "f" if value % 1 else "")
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return str(value)


def length(value: Any) -> int | None:
    return len(value) if isinstance(value, str | list) else None


def rounded(value: Any) -> int | None:
    """Half away from zero."""
    if not _finite(value):
        return None
    below = math.floor(abs(value))
    whole = below + (abs(value) - below >= 0.5)
    return whole if value >= 0 else -whole


def left(text: Any, count: Any) -> str | None:
    if not isinstance(text, str) or not _finite(count):
        return None
    return text[: max(int(count), 0)]


def right(text: Any, count: Any) -> str | None:
    if not isinstance(text, str) or not _finite(count):
        return None
    return text[-int(count) :] if int(count) > 0 else ""


def mid(text: Any, start: Any, count: Any) -> str | None:
    """``count`` characters from the 1-based ``start``."""
    if not isinstance(text, str) or not _finite(start) or not _finite(count) or start < 1:
        return None
    first = int(start) - 1
    return text[first : first + max(int(count), 0)]


def split(text: Any, delimiter: Any, part: Any = False) -> Any:
    """All parts, or the 1-based ``part``; the whole text for any part where the delimiter is absent."""
    if not isinstance(text, str) or not isinstance(delimiter, str):
        return None
    if len(delimiter) != 1 or not delimiter.isascii():
        return None
    parts = text.split(delimiter)
    if part is False:
        return parts
    if not _finite(part) or part < 1:
        return None
    if len(parts) == 1:
        return text
    return parts[int(part) - 1] if part <= len(parts) else None


def parse_url(url: Any, part: Any) -> str | None:
    """The registrable domain, or its label without the public suffix."""
    if not isinstance(url, str) or not isinstance(part, str) or part.lower() not in ("domain", "full_domain"):
        return None
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname
    except ValueError:
        return None
    if host is None or ":" in host or host.replace(".", "").isdecimal():
        return None  # an address has no domain
    domain = _public_suffixes().privatesuffix(host)
    if domain is None:
        return None
    return str(domain) if part.lower() == "full_domain" else str(domain).split(".", 1)[0]


@cache
def _public_suffixes() -> Any:
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(only_icann=True)


def total(items: Any) -> float | int | None:
    """``SUM``: the numbers of a list, others ignored."""
    if not isinstance(items, list):
        return None
    numbers: list[float | int] = [item for item in items if is_number(item)]
    return sum(numbers)


def _finite(value: Any) -> TypeGuard[int | float]:
    return is_number(value) and math.isfinite(value)


def _integer(turn: Callable[[float], int]) -> Callable[[Any], int | None]:
    return lambda value: turn(value) if _finite(value) else None


def _texts(decide: Callable[..., Any]) -> Callable[..., Any]:
    """Undefined unless every argument is a text."""
    return lambda *texts: decide(*texts) if all(isinstance(text, str) for text in texts) else None


def _numbers(decide: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda one, other: decide(one, other) if is_number(one) and is_number(other) else None


def _extract(text: Any, pattern: Any, group: Any = 0) -> str | None:
    if not isinstance(text, str) or not isinstance(pattern, str) or not _finite(group):
        return None
    return patterns.extract(text, pattern, int(group))


FUNCTIONS: dict[str, tuple[int, int, Callable[..., Any]]] = {
    "BOOLEAN": (1, 1, boolean),
    "NUMBER": (1, 1, number),
    "STRING": (1, 1, string),
    "DEFINED": (1, 1, lambda value: value is not None),
    "HAS_PREFIX": (2, 2, _texts(lambda text, part: text.lower().startswith(part.lower()))),
    "HAS_SUFFIX": (2, 2, _texts(lambda text, part: text.lower().endswith(part.lower()))),
    "MIN": (2, 2, _numbers(min)),
    "MAX": (2, 2, _numbers(max)),
    "FLOOR": (1, 1, _integer(math.floor)),
    "CEIL": (1, 1, _integer(math.ceil)),
    "ROUND": (1, 1, rounded),
    "UPPER": (1, 1, _texts(str.upper)),
    "LOWER": (1, 1, _texts(str.lower)),
    "LEN": (1, 1, length),
    "LEFT": (2, 2, left),
    "RIGHT": (2, 2, right),
    "MID": (3, 3, mid),
    "SPLIT": (2, 3, split),
    "PARSE_URL": (2, 2, parse_url),
    "REGEX_MATCH": (2, 2, _texts(patterns.matches)),
    "REGEX_EXTRACT": (2, 3, _extract),
    "REGEX_REPLACE": (3, 3, _texts(patterns.replace)),
    "DATEDIF": (3, 3, dates.between),
    "SUM": (1, 1, total),
}
"""Fewest and most arguments, and the function."""
