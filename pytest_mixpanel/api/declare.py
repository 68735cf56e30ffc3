"""Endpoints, declared once: a method is a signature, a verb, a path and a docstring.

::

    class Annotations(Surface):
        @get("{S}/annotations/", names={"from_date": "fromDate"})
        def list_annotations(self, *, from_date: str | None = None) -> list[Annotation]:
            \"\"\"The annotations of the project's charts.\"\"\"

The signature becomes path, query and body; the return annotation becomes parsing. The client calls the
method, the server routes ``declaration_of(Annotations.list_annotations).endpoint``.

How an argument travels:

- a name that occurs in the path fills it; ``None``, and ``False`` where it is the default, is not sent;
- of GET and DELETE in the query (lists comma-separated, or repeated where the wire's name ends in ``[]``),
  of the other verbs in the body; ``sends`` says otherwise;
- a ``Params`` object is its fields; the argument that ``whole`` names is the body as it is;
- ``names`` says what a name is on the wire, ``spelled`` how its value is written there; ``query`` and
  ``body`` hold what is always sent.

A method that takes several requests, or one of several, calls declared steps; ``of`` says whose steps.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial, wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar, get_args, get_origin, get_type_hints

from pytest_mixpanel.api.endpoint import Endpoint, Verb
from pytest_mixpanel.core.errors import ResponseValidationError
from pytest_mixpanel.core.frozen import frozen

if TYPE_CHECKING:
    from pydantic import BaseModel, TypeAdapter

Encoding = Literal["json", "form"]
Place = Literal["query", "body"]
Answer = Literal["json", "bytes"]
Method = TypeVar("Method", bound=Callable[..., Any])

ACKNOWLEDGED = {"status": "ok"}
"""What an answer without content (204) stands for."""


@frozen
class Call:
    """A declared method with its arguments, ready to be sent; ``body`` is ``None`` where there is none."""

    declaration: Declaration
    path: Mapping[str, str | int]
    query: Mapping[str, str | int | list[str]]
    body: Any


class Caller(Protocol):
    """What sends calls and returns the decoded document; refuses writes where the session does."""

    def call(self, call: Call) -> Any: ...

    def upload(self, url: str, content: bytes, content_type: str) -> None:
        """Put a file where a signed address says, without credentials."""


class Surface:
    """A group of declared methods, a part of ``Workspace``."""

    if TYPE_CHECKING:

        @property
        def _connection(self) -> Caller: ...


def results(document: Any) -> Any:
    """What an answer holds below its envelope, where it has one."""
    return document["results"] if isinstance(document, Mapping) and "results" in document else document


@dataclass(frozen=True, eq=False)
class Declaration:
    """What a declared method says: where it is, how arguments travel, what comes back."""

    function: Callable[..., Any]
    endpoint: Endpoint
    names: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    whole: str | None = None
    encoding: Encoding = "json"
    sends: Place = "query"
    spelled: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    read: Callable[[Any], Any] = results
    writes: bool = False
    answers: Answer = "json"
    of: str | None = None

    @property
    def name(self) -> str:
        """The public name: a step of a longer method is declared as ``_name``, or says whose it is."""
        return self.of or self.function.__name__.lstrip("_")

    @property
    def summary(self) -> str:
        """The first line of the docstring."""
        return (inspect.getdoc(self.function) or "").partition("\n")[0]

    @cached_property
    def signature(self) -> inspect.Signature:
        return inspect.signature(self.function)

    @cached_property
    def returns(self) -> Any:
        """The return annotation, resolved."""
        return annotations_of(self.function)["return"]

    def bind(self, *args: Any, **kwargs: Any) -> Call:
        """The request for these arguments; the first is the surface itself."""
        bound = self.signature.bind(*args, **kwargs)
        bound.apply_defaults()
        given = dict(list(bound.arguments.items())[1:])
        given.update({name: spell(given[name]) for name, spell in self.spelled.items()})
        path = {name: given.pop(name) for name in self.endpoint.parameters if name in given}
        sent = {name: value for name, value in given.items() if not self._is_left_out(name, value)}
        if self.sends == "query":
            return Call(self, path, {**self.query, **self._query(sent)}, self.body or None)
        return Call(self, path, self.query, self._body(sent) if given or self.body else None)

    def parse(self, document: Any) -> Any:
        """The answer as the annotated type; raises ``ResponseValidationError`` naming model and fields."""
        if self.returns is type(None):
            return None
        from pydantic import ValidationError

        from pytest_mixpanel.api.model import problems

        found = self.read(document)
        model = model_of(self.returns)
        if found == ACKNOWLEDGED and model is not None:
            raise self._unlike("the service only acknowledged the request", [])
        try:
            return self._adapter.validate_python(found)
        except ValidationError as error:
            found_problems = problems(error)
            told = "; ".join(
                f"{one['field'] or 'the answer'}: {one['problem']}" for one in found_problems[:5]
            )
            raise self._unlike(told, found_problems) from None

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        from pydantic import TypeAdapter

        return TypeAdapter(self.returns)

    def _is_left_out(self, name: str, value: Any) -> bool:
        return value is None or (value is False and self.signature.parameters[name].default is False)

    def _query(self, sent: Mapping[str, Any]) -> dict[str, Any]:
        query: dict[str, Any] = {}
        for name, value in sent.items():
            if isinstance(value, Mapping):
                query.update({key: _text(one) for key, one in value.items()})
            else:
                wire = self.names.get(name, name)
                query[wire] = [str(one) for one in value] if wire.endswith("[]") else _text(value)
        return query

    def _body(self, sent: Mapping[str, Any]) -> Any:
        from pytest_mixpanel.api.model import Params

        if self.whole is not None:
            return _plain(sent.get(self.whole))
        body: dict[str, Any] = {}
        for name, value in sent.items():
            if isinstance(value, Params):
                body.update(value.wire())
            else:
                body[self.names.get(name, name)] = _plain(value)
        return {**body, **self.body}

    def _unlike(self, told: str, found: list[dict[str, str]]) -> ResponseValidationError:
        model = getattr(model_of(self.returns), "__name__", str(self.returns))
        return ResponseValidationError(
            f"{self.name}: the answer is no {model}: {told}", details={"model": model, "errors": found}
        )


def declare(
    verb: Verb,
    path: str,
    *,
    names: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    body: Mapping[str, Any] | None = None,
    whole: str | None = None,
    encoding: Encoding = "json",
    sends: Place | None = None,
    spelled: Mapping[str, Callable[[Any], Any]] | None = None,
    read: Callable[[Any], Any] = results,
    writes: bool | None = None,
    answers: Answer = "json",
    of: str | None = None,
) -> Callable[[Method], Method]:
    """Declare a method of a ``Surface``; its own body is never run.

    ``read`` finds in the document what the return annotation describes (by default what is in
    ``results``); where ``answers`` is ``bytes`` the document is the content as it came. ``writes`` is true
    for every verb but GET unless it is said.
    """

    def decorate(function: Method) -> Method:
        declaration = Declaration(
            function,
            Endpoint(verb, "app", path),
            names or {},
            query or {},
            body or {},
            whole,
            encoding,
            sends or ("query" if verb in ("GET", "DELETE") else "body"),
            spelled or {},
            read,
            verb != "GET" if writes is None else writes,
            answers,
            of,
        )

        @wraps(function)
        def method(self: Surface, *args: Any, **kwargs: Any) -> Any:
            call = declaration.bind(self, *args, **kwargs)
            return declaration.parse(self._connection.call(call))

        method.declaration = declaration  # type: ignore[attr-defined]  # functions take any
        return method  # type: ignore[return-value]  # with the signature of the function

    return decorate


get = partial(declare, "GET")
post = partial(declare, "POST")
put = partial(declare, "PUT")
patch = partial(declare, "PATCH")
delete = partial(declare, "DELETE")


def declaration_of(method: Callable[..., Any]) -> Declaration:
    """What a declared method was declared as; raises ``AttributeError`` for another."""
    declaration: Declaration = method.declaration  # type: ignore[attr-defined]  # set by declare
    return declaration


def annotations_of(method: Callable[..., Any]) -> dict[str, Any]:
    """The annotations of a surface's method, resolved.

    A module of ``api.surfaces`` imports its models for type checkers only, so that a query loads none of
    them; they are in the module of the same name of ``api.entities``.
    """
    home = method.__module__
    models = home.replace(".api.surfaces.", ".api.entities.")
    return get_type_hints(method, localns=vars(import_module(models)) if models != home else None)


def declarations(surface: type) -> dict[str, Declaration]:
    """Every declaration of a class made of surfaces, by the method's name."""
    return {
        name: member.declaration
        for name, member in inspect.getmembers(surface, inspect.isfunction)
        if hasattr(member, "declaration")
    }


def page(document: Any) -> Any:
    """A page of a list, ``{"results": […], "pagination": {…}}``, in an envelope or bare; or the list alone.

    What is neither is left as it is found, for the model to refuse.
    """
    found = results(document)
    if isinstance(found, Mapping) and "results" in found:
        return found
    if isinstance(document, Mapping) and "pagination" in document:
        return document
    return {"results": found}


def model_of(annotation: Any) -> type[BaseModel] | None:
    """The model in an annotation: the type itself, or what a list holds."""
    from pydantic import BaseModel

    inner = get_args(annotation)[0] if get_origin(annotation) is list else annotation
    return inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None


def _text(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ",".join(map(str, value))
    return value


def _plain(value: Any) -> Any:
    from pytest_mixpanel.api.model import Params

    if isinstance(value, Params):
        return value.wire()
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value
