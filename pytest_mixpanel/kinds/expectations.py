"""Great Expectations on a frame, in the leanest way that leaves no trace: no files, no progress bars.

The library costs seconds to import and is loaded by the first call. An expectation that cannot be
evaluated (an unknown name, a missing column, a wrong argument) is an error, never a failure of the data.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.verdict import Outcome
from pytest_mixpanel.core.words import nearest

if TYPE_CHECKING:
    import pandas as pd

_DECORATION = ("column", "meta", "notes", "severity", "description")
_BY_SEVERITY = {"critical": Outcome.FAIL, "warning": Outcome.WARN, "info": Outcome.PASS}


@frozen
class Expectation:
    """An expectation by its class name (``ExpectColumnMedianToBeBetween``) or its snake_case name."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def label(self) -> str:
        """``column median to be between(order_total)``."""
        words = _snake(self.name).removeprefix("expect_").replace("_", " ")
        column = self.arguments.get("column")
        return f"{words}({column})" if column is not None else words

    @property
    def limit(self) -> str:
        """What is asked for, without values that may be personal: ``20 – 60``, ``value_set of 3``."""
        rest = {key: value for key, value in self.arguments.items() if key not in _DECORATION}
        low, high = rest.pop("min_value", None), rest.pop("max_value", None)
        bounds = []
        if low is not None and high is not None:
            bounds = [f"{low} – {high}"]
        elif low is not None or high is not None:
            bounds = [f"≥ {low}" if high is None else f"≤ {high}"]
        return ", ".join([*bounds, *(_argument(key, value) for key, value in rest.items())])


@frozen
class Finding:
    """What an expectation came to. ``got`` is the observed value where it is a single number or word."""

    expectation: Expectation
    outcome: Outcome
    got: str = ""
    problem: str | None = None


def validate(frame: pd.DataFrame, expectations: Sequence[Expectation]) -> tuple[Finding, ...]:
    """Evaluate each expectation on ``frame``, in their order; raises nothing that an expectation does.

    The severity of an expectation (``critical``, ``warning``, ``info``) decides what its failure comes to.
    """
    if not expectations:
        return ()
    _load()
    with _quiet(), _batch(frame) as batch:
        return tuple(_evaluate(batch, expectation) for expectation in expectations)


def _load() -> None:
    """Import the library; its own deprecation warnings, and its taking over of all warnings, end here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations  # noqa: F401  # for what it does when imported


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the library's progress in the log; its loggers set levels of their own, so all are held."""
    before = logging.root.manager.disable
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(before)


@contextmanager
def _batch(frame: pd.DataFrame) -> Iterator[Any]:
    """``frame`` as a batch of a context of our own; the user's own context is current again afterwards."""
    import great_expectations as gx
    from great_expectations.data_context.data_context.context_factory import project_manager
    from great_expectations.data_context.types.base import ProgressBarsConfig
    from great_expectations.exceptions.exceptions import DataContextRequiredError

    try:
        theirs = project_manager.get_current_project()
    except DataContextRequiredError:
        theirs = None
    try:
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        asset = context.data_sources.add_pandas("mixpanel").add_dataframe_asset("events")
        yield asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    finally:
        project_manager.set_project(theirs)


def _evaluate(batch: Any, expectation: Expectation) -> Finding:
    try:
        built = _build(expectation)
        answer = batch.validate(built, result_format="SUMMARY").to_json_dict()
    except Exception as error:  # an expectation may be anybody's code: whatever it raises is its error
        return Finding(expectation, Outcome.ERROR, problem=_first_line(error))
    if problem := _raised(answer["exception_info"]):
        return Finding(expectation, Outcome.ERROR, problem=problem)
    got = _observed(answer["result"])
    if answer["success"]:
        return Finding(expectation, Outcome.PASS, got)
    return Finding(
        expectation, _BY_SEVERITY.get(getattr(built.severity, "value", built.severity), Outcome.FAIL), got
    )


class UnknownExpectationError(ValueError):
    """No expectation of that name is registered."""


def _build(expectation: Expectation) -> Any:
    from great_expectations.expectations.registry import (
        get_expectation_impl,
        list_registered_expectation_implementations,
    )

    known = {name.replace("_", ""): name for name in list_registered_expectation_implementations()}
    wanted = expectation.name.replace("_", "").lower()
    if wanted not in known:
        near = nearest(wanted, known)
        hint = f"; did you mean {get_expectation_impl(known[near[0]]).__name__}?" if near else ""
        raise UnknownExpectationError(f"there is no expectation {expectation.name!r}{hint}")
    return get_expectation_impl(known[wanted])(**expectation.arguments)


def _raised(information: Mapping[str, Any]) -> str | None:
    """The first exception in the two shapes that results carry: flat, or nested by metric."""
    nested = [information, *(value for value in information.values() if isinstance(value, Mapping))]
    for entry in nested:
        if entry.get("raised_exception") or (entry is not information and entry.get("exception_message")):
            return _one_line(str(entry.get("exception_message") or "it raised an exception"))
    return None


def _observed(result: Mapping[str, Any]) -> str:
    value = result.get("observed_value")
    if isinstance(value, bool | int | str):
        return str(value)
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Sequence | Mapping):
        return f"{len(value)} values"
    if "unexpected_percent" in result and result["unexpected_percent"] is not None:
        return f"{result['unexpected_count']:,} of {result['element_count']:,} unexpected"
    return ""


def _argument(key: str, value: Any) -> str:
    if isinstance(value, list | tuple | dict):
        return f"{key} of {len(value)}"
    return f"{key} {value}"


def _first_line(error: Exception) -> str:
    told = _one_line(str(error))
    return told if isinstance(error, UnknownExpectationError) else f"{type(error).__name__}: {told}"


def _one_line(text: str) -> str:
    """An error's words on one line of bearable length."""
    line = "; ".join(part.strip() for part in text.splitlines() if part.strip())
    return line if len(line) <= 200 else f"{line[:199]}…"


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
