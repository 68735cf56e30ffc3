"""Builders of params as methods: with their own signatures, a clock, and an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import Parameter, Signature, signature
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, overload

from pytest_mixpanel.core.words import instead

P = ParamSpec("P")
R = TypeVar("R", covariant=True)
Params = dict[str, Any]


class Method(Protocol[P, R]):
    """A function in a class, as type checkers see it: bound, it has the arguments ``P`` alone."""

    @overload
    def __get__(self, instance: None, owner: type) -> Callable[Concatenate[Any, P], R]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Callable[P, R]: ...


def building(build: Callable[P, Params], summary: str) -> Method[P, Params]:
    """A builder as a method that takes its day from the workspace's clock."""

    def method(self: Any, /, *args: Any, **kwargs: Any) -> Params:
        return _built(self, build, build.__name__, args, kwargs)

    described: Method[P, Params] = _described(method, build, build.__name__, summary, "dict[str, Any]")
    return described


def asking(
    build: Callable[P, Params],
    run: Callable[[Any, Params, Mapping[str, Any]], R],
    name: str,
    summary: str,
    answer: str,
) -> Method[P, R]:
    """A builder as a method that sends what it builds, by ``run(workspace, params, arguments)``."""

    def method(self: Any, /, *args: Any, **kwargs: Any) -> R:
        return run(self, _built(self, build, name, args, kwargs), kwargs)

    described: Method[P, R] = _described(method, build, name, summary, answer)
    return described


def _built(
    self: Any, build: Callable[..., Params], name: str, args: Any, kwargs: Mapping[str, Any]
) -> Params:
    known = signature(build).parameters
    if unknown := next((key for key in kwargs if key not in known), None):
        raise TypeError(f"{name}() got an unexpected keyword argument {unknown!r}{instead(unknown, known)}")
    return build(*args, **{"today": self._connection.today, **kwargs})


def _described(
    method: Callable[..., Any], build: Callable[..., Any], name: str, summary: str, answer: str
) -> Any:
    """The method under its own name, with the builder's arguments and what it says of them."""
    given = [argument for argument in signature(build).parameters.values() if argument.name != "today"]
    method.__name__, method.__qualname__ = name, f"Workspace.{name}"
    details = (build.__doc__ or "").partition("\n")[2].strip("\n")
    method.__doc__ = f"{summary}\n\n{details}" if details else summary
    itself = Parameter("self", Parameter.POSITIONAL_OR_KEYWORD)
    method.__signature__ = Signature([itself, *given], return_annotation=answer)  # type: ignore[attr-defined]  # what help and inspect show
    method.__wrapped__ = build  # type: ignore[attr-defined]  # where annotations are looked up
    return method
