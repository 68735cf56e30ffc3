"""Problems as values: where, what, a code, the nearest legal words, and an argument that would do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, get_args

from pytest_mixpanel.core.errors import BookmarkValidationError, ValidationError
from pytest_mixpanel.core.words import nearest
from pytest_mixpanel.query.inputs.require import CONTROL_CHARACTERS

Problems = Iterator[ValidationError]
INVISIBLE = re.compile("[\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\u00ad]")
"""Characters with no width: a name of them alone looks blank and matches nothing."""


def problem(path: str, message: str, code: str, suggestion: Iterable[str] = ()) -> ValidationError:
    """One problem; ``suggestion`` holds the nearest legal values, the first of them is the ``fix``."""
    close = tuple(suggestion)
    fix = {path: close[0]} if close and "." not in path and "[" not in path else None
    return ValidationError(path, message, code, suggestion=close or None, fix=fix)


def check_choice(
    path: str, value: Any, vocabulary: Any, code: str, what: str | None = None, optional: bool = False
) -> Problems:
    """A problem where ``value`` is not of the vocabulary (a ``Literal``, or the words themselves)."""
    words = vocabulary if isinstance(vocabulary, set | frozenset | tuple) else get_args(vocabulary)
    if (optional and value is None) or (isinstance(value, str) and value in words):
        return
    close = nearest(str(value), sorted(words), most=3, alike=0.5)
    named = what or path.rsplit(".", 1)[-1]
    yield problem(path, f"Invalid {named} {value!r}; there are {', '.join(words)}", code, close)


def check_name(path: str, name: Any, empty: str, control: str, invisible: str) -> Problems:
    """A problem where an event's name is blank, holds control characters, or cannot be seen."""
    if not isinstance(name, str) or not name.strip():
        yield problem(path, f"an event needs a name, not {name!r}", empty)
    elif CONTROL_CHARACTERS.search(name):
        yield problem(path, f"an event's name holds no control characters: {name!r}", control)
    elif not INVISIBLE.sub("", name).strip():
        yield problem(path, f"the event's name {name!r} cannot be seen", invisible)


def is_whole(value: Any) -> bool:
    """Whether it is a whole number; ``True`` and ``1.0`` are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def raise_all(problems: Iterable[ValidationError]) -> None:
    """Raise ``BookmarkValidationError`` with every problem there is."""
    found = tuple(problems)
    if found:
        raise BookmarkValidationError(found)
