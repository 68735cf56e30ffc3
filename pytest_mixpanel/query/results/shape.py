"""The shapes answers have, checked before they are read: what does not fit is named by its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

from pytest_mixpanel.core.errors import QueryError

MEASURES = ("count", "step_conv_ratio", "overall_conv_ratio", "avg_time", "avg_time_from_start")


class Place:
    """A value of an answer that knows where it is; ``what`` is the engine that answered."""

    def __init__(self, value: Any, what: str, path: str = "$") -> None:
        self.value, self.what, self.path = value, what, path

    def fail(self, problem: str) -> NoReturn:
        raise QueryError(
            f"{self.what} query failed: the answer cannot be read: {self.path} {problem}", status_code=200
        )

    def get(self, key: str) -> Place:
        """A key that may be absent (its value is then ``None``)."""
        value = self.value.get(key) if isinstance(self.value, Mapping) else self.fail("is no object")
        return Place(value, self.what, f"{self.path}.{key}")

    def entries(self) -> Iterator[tuple[str, Place]]:
        """The keys of an object; none where it is absent."""
        if self.value is None:
            return
        if not isinstance(self.value, Mapping):
            self.fail(f"should be an object, not {self.value!r}")
        for key in self.value:
            yield key, Place(self.value[key], self.what, f"{self.path}.{key}")

    def items(self) -> Iterator[Place]:
        """The items of a list; none where it is absent."""
        if self.value is None:
            return
        if not isinstance(self.value, list):
            self.fail(f"should be a list, not {self.value!r}")
        for place, value in enumerate(self.value):
            yield Place(value, self.what, f"{self.path}[{place}]")

    def text(self) -> None:
        """Nothing or a text."""
        if self.value is not None and not isinstance(self.value, str):
            self.fail(f"should be a text, not {self.value!r}")

    def number(self) -> None:
        """Nothing or a number."""
        if self.value is not None and not isinstance(self.value, int | float):
            self.fail(f"should be a number, not {self.value!r}")

    def scalar(self) -> None:
        """Nothing, a number or a text."""
        if isinstance(self.value, Mapping | list):
            self.fail(f"should be a number, not {self.value!r}")


def check_envelope(answer: Place) -> None:
    """When, for which range, under which headers."""
    answer.get("computed_at").text()
    for end in ("from_date", "to_date"):
        if answer.get("date_range").value is not None:
            answer.get("date_range").get(end).text()
    for header in answer.get("headers").items():
        header.text()
    for _ in answer.get("meta").entries():
        pass


def check_insights(series: Place) -> None:
    """Metric → (segment →)* date → value."""
    if not isinstance(series.value, Mapping):
        series.fail("should be an object")
    for _, block in series.entries():
        _check_block(block)


def _check_block(block: Place) -> None:
    if not isinstance(block.value, Mapping):
        block.fail(f"should be an object, not {block.value!r}")
    inner = [place for _, place in block.entries()]
    nested = [place for place in inner if isinstance(place.value, Mapping | list)]
    for place in inner if nested else ():
        _check_block(place)
    if not nested:
        for place in inner:
            place.scalar()


def check_measures(measures: Place) -> None:
    """Measure → step → value, or value by segment."""
    for name in MEASURES:
        for _, step in measures.get(name).entries():
            values = step.entries() if isinstance(step.value, Mapping) else [("", step)]
            for _, value in values:
                if name == "count" and value.value is None:
                    value.fail("should be a number")
                value.number()


def check_steps(steps: Place) -> None:
    """A list of records, one for each step."""
    for step in steps.items():
        step.get("event").text()
        if step.get("count").value is None:
            step.fail("has no count")
        for name in MEASURES:
            step.get(name).number()


def check_cohort(cohort: Place) -> None:
    """A birth cohort: its size, and who came back in each bucket."""
    cohort.get("first").number()
    for name in ("counts", "rates"):
        for bucket in cohort.get(name).items():
            if bucket.value is None:
                bucket.fail("should be a number")
            bucket.number()


def check_profiles(results: Place) -> None:
    """Records of an id and properties."""
    for row in results.items():
        if row.get("$distinct_id").value is None:
            row.fail("has no $distinct_id")
        for _ in row.get("$properties").entries():
            pass


def check_flow(answer: Place) -> None:
    """Columns of nodes with edges, paths of nodes, trees of nodes; whichever are there."""
    for column in answer.get("steps").items():
        for node in column.get("nodes").items():
            _check_node(node)
            for edge in node.get("edges").items():
                _check_node(edge)
                if edge.get("step").value is not None and not isinstance(edge.get("step").value, int):
                    edge.get("step").fail("should be the number of a column")
    for flow in answer.get("flows").items():
        for node in flow.get("flowSteps").items():
            _check_node(node)
    for tree in answer.get("trees").items():
        _check_tree(tree.get("root"))
    for _ in answer.get("breakdowns").items():
        pass


def _check_node(node: Place) -> None:
    for name in ("event", "type", "anchorType"):
        node.get(name).text()
    for name in ("totalCount", "conversionRateChange"):
        node.get(name).scalar()


def _check_tree(node: Place) -> None:
    if node.value is None:
        return
    if node.get("step").value is not None:
        for name in ("event", "type", "anchorType"):
            node.get("step").get(name).text()
    for child in node.get("children").items():
        if not isinstance(child.value, Mapping):
            child.fail("is no node")
        _check_tree(child)
