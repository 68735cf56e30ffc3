"""Values that must not be shown."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from typing import Any, NoReturn

from pytest_mixpanel.core.masking import MASK, remember


class Secret:
    """Text that no ``repr``, ``str``, format, copy or dump shows; ``get_secret_value`` gives it.

    From then on it is masked wherever text leaves the process (``masking``). Keep the plain text in
    expressions, not in variables: tracebacks may show those.
    """

    __slots__ = ("_text",)

    def __init__(self, text: Secret | str) -> None:
        self._text: str = text._text if isinstance(text, Secret) else text
        remember(self._text)

    def get_secret_value(self) -> str:
        """The plain text."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret('{MASK}')"

    def __str__(self) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and hmac.compare_digest(self._text.encode(), other._text.encode())

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, _memo: dict[int, Any]) -> Secret:
        return self

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise TypeError("a secret is not pickled; read it again where it is needed")


class SecretValues(dict[str, str]):
    """A mapping whose values may be secret, such as headers; only its keys are shown."""

    def __repr__(self) -> str:
        return f"<values of {', '.join(self) or 'nothing'}>"

    __str__ = __repr__


def hidden(value: Any, shown: Collection[str] = ()) -> Any:
    """Data with every text and number in a ``Secret``, but for the values of the keys in ``shown``.

    For data of which only some is known to be no secret: a secret may lie under a wrong name.
    """
    if isinstance(value, dict):
        return {key: inner if key in shown else hidden(inner, shown) for key, inner in value.items()}
    if isinstance(value, list):
        return [hidden(inner, shown) for inner in value]
    return value if value is None or isinstance(value, bool | Secret) else Secret(str(value))
