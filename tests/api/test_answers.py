"""Answers become models without loss, or a typed error: never a crash, never an empty object in silence."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

import httpx
import pytest
from hypothesis import given, settings, strategies as st
from pydantic import BaseModel

import pytest_mixpanel
from pytest_mixpanel import MixpanelHeadlessError, ResponseValidationError, Workspace
from pytest_mixpanel.api.declare import Declaration, declarations, model_of
from pytest_mixpanel.api.model import Entity, Params
from tests.api.examples import arguments, example, wire
from tests.api.recording import recorded

DECLARED = declarations(Workspace)
ANSWERING = {name: one for name, one in DECLARED.items() if one.returns not in (type(None), bytes)}
OTHERWISE = {
    "list_lexicon_tags": "a tag may come as its bare name",
    "run_audit": "an audit is a pair of lists",
    "run_audit_events_only": "an audit is a pair of lists",
}
"""Answers of a shape of their own, which have tests of their own."""
MODELLED = {name: one for name, one in ANSWERING.items() if model_of(one.returns) and name not in OTHERWISE}
MODELS = [
    model
    for name in pytest_mixpanel.__all__
    if isinstance(model := getattr(pytest_mixpanel, name), type) and issubclass(model, (Entity, Params))
]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=8),
    int: st.integers(-(2**53), 2**53),
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    datetime: st.datetimes(timezones=st.just(UTC)),
    Any: JSON,
    type(None): st.none(),
}


def values(annotation: Any) -> st.SearchStrategy[Any]:
    """Any value of a type."""
    if annotation in PLAIN:
        return PLAIN[annotation]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return st.deferred(lambda: filled(annotation)).map(lambda found: annotation(**found))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return st.sampled_from(list(annotation))
    inner = get_args(annotation)
    if get_origin(annotation) is list:
        return st.lists(values(inner[0]), max_size=2)
    if get_origin(annotation) is dict:
        return st.dictionaries(st.text(max_size=4), values(inner[1]), max_size=2)
    if str(get_origin(annotation)) == "typing.Literal":
        return st.sampled_from(inner)
    return st.one_of(*map(values, inner))


@cache
def filled(model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    """Any arguments of a model."""
    hints = get_type_hints(model)
    required = {name: values(hints[name]) for name, one in model.model_fields.items() if one.is_required()}
    optional = {
        name: values(hints[name]) for name, one in model.model_fields.items() if not one.is_required()
    }
    return st.fixed_dictionaries(required, optional=optional)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@settings(max_examples=15)
@given(data=st.data())
def test_a_model_survives_json_with_all_its_keys(model: type[BaseModel], data: st.DataObject) -> None:
    keeps = model.model_config.get("extra") == "allow"
    extra = {"a key of tomorrow": data.draw(JSON)} if keeps else {}
    try:
        one = model(**data.draw(filled(model)), **extra)
    except ValueError:  # a length that the type does not tell
        return
    again = model.model_validate_json(one.model_dump_json(by_alias=True, round_trip=True))
    assert again == one
    assert (again.model_extra or {}) == extra


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a JSON value but the whole."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield (*path, key)
        yield from places(one, (*path, key))


def changed(value: Any, path: tuple[Any, ...], change: Callable[[Any, Any], None]) -> Any:
    """A copy of a JSON value with a change made to the holder of a place."""
    copy = json.loads(json.dumps(value))
    holder = copy
    for step in path[:-1]:
        holder = holder[step]
    change(holder, path[-1])
    return copy


def is_kept(sent: Any, found: Any) -> bool:
    """Whether what was sent is in what was read, at least as far as JSON tells values apart."""
    if isinstance(sent, dict):
        told = {key: one for key, one in sent.items() if one is not None}
        return isinstance(found, dict) and all(
            key in found and is_kept(told[key], found[key]) for key in told
        )
    if isinstance(sent, list):
        return isinstance(found, list) and len(sent) == len(found) and all(map(is_kept, sent, found))
    if isinstance(found, str) and isinstance(sent, (int, float)) and found[:2].isdigit():
        return bool(datetime.fromisoformat(found))  # a moment that was told in seconds
    return (
        bool(sent == found)
        or str(sent) == str(found)
        or (isinstance(found, str) and found[:19] == str(sent)[:19])
    )


def read(declaration: Declaration, document: Any) -> Any:
    """What an answer is read as, as JSON; ``None`` for a typed error that names the model."""
    try:
        found = declaration.parse(document)
    except ResponseValidationError as error:
        return None if error.details["model"] and declaration.name in str(error) else error
    return [wire(one) for one in found] if isinstance(found, list) else wire(found)


@pytest.mark.parametrize("name", MODELLED)
@settings(max_examples=15)
@given(data=st.data())
def test_a_part_that_is_missing_or_of_another_type_is_an_error_or_kept(
    name: str, data: st.DataObject
) -> None:
    declaration = MODELLED[name]
    answer = wire(example(declaration.returns))
    path = data.draw(st.sampled_from(list(places(answer))))
    if data.draw(st.booleans()):
        damaged = changed(answer, path, lambda holder, key: holder.pop(key))
    else:
        other = data.draw(st.sampled_from([None, "text", 7, 0.5, True, [], {}, {"a": 1}, ["x"]]))
        damaged = changed(answer, path, lambda holder, key: holder.__setitem__(key, other))
    found = read(declaration, {"status": "ok", "results": damaged})
    assert found is None or is_kept(damaged, found)


@pytest.mark.parametrize("name", MODELLED)
@pytest.mark.parametrize("document", [None, 7, "text", [7], [[]], {"status": "ok"}, {"results": None}])
def test_an_answer_that_is_something_else_is_an_error(name: str, document: Any) -> None:
    declaration = MODELLED[name]
    if isinstance(document, list) and name == "get_bookmark_history":  # its entries may be anything
        return
    with pytest.raises(ResponseValidationError):
        declaration.parse(document)


@pytest.mark.parametrize("name", ANSWERING)
@settings(max_examples=15)
@given(data=st.data())
def test_an_answer_that_was_cut_off_is_an_error(name: str, data: st.DataObject) -> None:
    declaration = ANSWERING[name]
    model = model_of(declaration.returns)
    results = wire(example(declaration.returns if model else dict[str, Any]))
    whole = json.dumps({"status": "ok", "results": results}).encode()
    cut = whole[: data.draw(st.integers(1, len(whole) - 1))]
    workspace, _ = recorded(lambda _: httpx.Response(200, content=cut))
    method = getattr(workspace, name)
    with pytest.raises(MixpanelHeadlessError):
        method(**arguments(getattr(Workspace, name), full=False))


@pytest.mark.parametrize("name", OTHERWISE)
@pytest.mark.parametrize(
    "document", [None, 7, "text", {"status": "ok"}, {"results": None}, {"results": 7}, [7]]
)
def test_an_answer_of_a_shape_of_its_own_that_is_something_else_is_an_error(name: str, document: Any) -> None:
    with pytest.raises(ResponseValidationError):
        DECLARED[name].parse(document)
