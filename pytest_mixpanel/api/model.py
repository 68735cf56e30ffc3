"""What travels: entities as answers hold them, params as requests hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from pytest_mixpanel.core.errors import ParamValidationError
from pytest_mixpanel.core.words import nearest


class Entity(BaseModel):
    """A part of an answer: frozen; keys that are not known here are kept."""

    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True, defer_build=True)


class Authored(Entity):
    """An entity that says who made it and who changed it last."""

    creator_id: int | None = None
    creator_name: str | None = None
    creator_email: str | None = None
    last_modified_by_id: int | None = None
    last_modified_by_name: str | None = None
    last_modified_by_email: str | None = None


class Params(BaseModel):
    """The arguments of a create or an update: frozen; raises ``ParamValidationError`` for a bad one.

    ``None`` means *not given*: such a field is not sent.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, defer_build=True)

    if not TYPE_CHECKING:  # the signature that type checkers and help() see is the fields'

        def __init__(self, /, **given: Any) -> None:
            try:
                super().__init__(**given)
            except ValidationError as error:
                raise ParamValidationError(
                    _told(type(self), error),
                    details={"model": type(self).__name__, "errors": problems(error)},
                ) from None

    @classmethod
    def names_on_the_wire(cls) -> set[str]:
        """What a body may call the fields: their names and their aliases."""
        cls.model_rebuild()
        return {str(name) for key, one in cls.model_fields.items() for name in (key, one.validation_alias)}

    def wire(self) -> dict[str, Any]:
        """The body that is sent."""
        dumped: dict[str, Any] = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        return dumped


class OpenParams(Params):
    """Params that pass on keys which are not known here."""

    model_config = ConfigDict(extra="allow")


class CamelEntity(Entity):
    """A part of an answer whose keys travel in lowerCamelCase."""

    model_config = ConfigDict(alias_generator=to_camel)


class CamelParams(Params):
    """Params whose keys travel in lowerCamelCase."""

    model_config = ConfigDict(alias_generator=to_camel)


class OpenCamelParams(CamelParams):
    """A part of params and of answers alike: keys that are not known here are kept and passed on."""

    model_config = ConfigDict(extra="allow")


class DefinitionParams(Params):
    """Params whose ``definition`` travels as its keys, beside the others and winning over them."""

    flat: ClassVar[str] = "definition"

    def wire(self) -> dict[str, Any]:
        dumped = super().wire()
        return {
            **{name: value for name, value in dumped.items() if name != self.flat},
            **dumped.get(self.flat, {}),
        }


def problems(error: ValidationError) -> list[dict[str, str]]:
    """What pydantic found, by field, without the values that were given."""
    return [
        {"field": place(one["loc"]), "problem": one["msg"]}
        for one in error.errors(include_url=False, include_input=False, include_context=False)
    ]


def place(location: tuple[int | str, ...]) -> str:
    """A place in JSON as it is written: ``tags[2].name``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in location).lstrip(".")


def _told(model: type[BaseModel], error: ValidationError) -> str:
    lines = []
    for one in error.errors(include_url=False, include_input=False):
        hint = ""
        if one["type"] == "extra_forbidden":
            names = nearest(str(one["loc"][-1]), model.model_fields)
            hint = (
                f" (did you mean {names[0]!r}?)" if names else f" (there are {', '.join(model.model_fields)})"
            )
        lines.append(f"{place(one['loc'])}: {one['msg']}{hint}")
    return f"{model.__name__}: " + "; ".join(lines)
