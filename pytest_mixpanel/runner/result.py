"""What a check came to, in a form that crosses processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, field, fields
from types import MappingProxyType
from typing import Any

from pytest_mixpanel.core.explanation import Block, Command, Curve, Explanation, Line, Table
from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.core.verdict import Interval, Outcome, Verdict

_BLOCKS: dict[str, type[Block]] = {one.__name__.lower(): one for one in (Line, Table, Curve, Command)}


@frozen
class CheckResult:
    """One check's verdict and explanation, with where it was written and whom it concerns.

    ``questions`` counts those it asked, ``seconds`` what it took. ``snapshot`` holds daily counts that are
    to be written as the check's baseline, and where; only the controller of a run writes them.
    """

    id: str
    path: str
    line: int
    verdict: Verdict
    explanation: Explanation
    kind: str = ""
    suite: str | None = None
    owner: str | None = None
    tags: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    questions: int = 0
    seconds: float = 0.0
    snapshot: Mapping[str, Any] | None = None

    @property
    def name(self) -> str:
        """``checkout::purchase-floor``."""
        return f"{self.suite}::{self.id}" if self.suite else self.id

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types; ``from_json`` reads them back to an equal result."""
        return {
            "id": self.id,
            "path": self.path,
            "line": self.line,
            "kind": self.kind,
            "suite": self.suite,
            "owner": self.owner,
            "tags": list(self.tags),
            "links": dict(self.links),
            "questions": self.questions,
            "seconds": self.seconds,
            "snapshot": dict(self.snapshot) if self.snapshot is not None else None,
            "verdict": _verdict_json(self.verdict),
            "explanation": _explanation_json(self.explanation),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CheckResult:
        own = {key: data[key] for key in ("id", "path", "line", "kind", "suite", "owner")}
        return cls(
            **own,
            tags=tuple(data["tags"]),
            links=data["links"],
            questions=data["questions"],
            seconds=data["seconds"],
            snapshot=data["snapshot"],
            verdict=_verdict(data["verdict"]),
            explanation=_explanation(data["explanation"]),
        )


def _verdict_json(verdict: Verdict) -> dict[str, Any]:
    told = {one.name: getattr(verdict, one.name) for one in fields(Verdict)}
    interval = verdict.interval
    return {
        **told,
        "outcome": str(verdict.outcome),
        "interval": asdict(interval) if interval else None,
        "n": {name: float(count) for name, count in verdict.n.items()},
        "notes": list(verdict.notes),
    }


def _verdict(data: Mapping[str, Any]) -> Verdict:
    interval = data["interval"]
    changed = {
        "outcome": Outcome(data["outcome"]),
        "interval": Interval(**interval) if interval else None,
        "notes": tuple(data["notes"]),
    }
    return Verdict(**{**data, **changed})


def _explanation_json(explanation: Explanation) -> dict[str, Any]:
    blocks = [{"block": type(block).__name__.lower(), **asdict(block)} for block in explanation.blocks]
    return {"headline": explanation.headline, "title": explanation.title, "blocks": blocks}


def _explanation(data: Mapping[str, Any]) -> Explanation:
    return Explanation(data["headline"], data["title"], tuple(_block(block) for block in data["blocks"]))


def _block(data: Mapping[str, Any]) -> Block:
    fields = {key: _tuples(value) for key, value in data.items() if key != "block"}
    return _BLOCKS[data["block"]](**fields)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(inner) for inner in value) if isinstance(value, list | tuple) else value
