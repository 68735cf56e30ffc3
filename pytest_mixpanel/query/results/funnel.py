"""The answer to a funnel query, and its daily counts: verdicts need counts, not rates."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any
from warnings import warn

from pytest_mixpanel.core.frozen import frozen
from pytest_mixpanel.query.results.base import Ask, Origin, Result, checked, day_of
from pytest_mixpanel.query.results.shape import Place, check_envelope, check_measures, check_steps

if TYPE_CHECKING:
    import pandas as pd

OVERALL = "$overall"
ALL = "all"
MEASURES = ("count", "step_conv_ratio", "overall_conv_ratio", "avg_time", "avg_time_from_start")


@frozen
class DailyFunnel:
    """Users who entered on each day, and how many of them reached each step.

    ``reached[i][d]`` counts those of day ``dates[d]`` that reached step i (0-based; step 0 is entry).
    """

    dates: tuple[str, ...]
    reached: tuple[tuple[int, ...], ...]

    @property
    def entrants(self) -> tuple[int, ...]:
        return self.reached[0] if self.reached else ()

    @property
    def conversions(self) -> tuple[int, ...]:
        """Those who reached the last step."""
        return self.reached[-1] if self.reached else ()


class FunnelQueryResult(Result):
    """``steps_data``: one record per step of the whole funnel; ``series`` keeps segments and every date."""

    def __init__(
        self,
        origin: Origin,
        steps_data: list[dict[str, Any]],
        series: Mapping[str, Any],
        ask: Ask | None = None,
    ) -> None:
        super().__init__(origin, ask)
        self.steps_data = steps_data
        self.series = series

    @classmethod
    def parse(cls, answer: Any, params: Mapping[str, Any], ask: Ask | None = None) -> FunnelQueryResult:
        """Read an answer; raises ``QueryError`` for one that is none."""
        body = checked(answer, "Funnel")
        check_envelope(Place(body, "Funnel"))
        listed = _listed(Place(body["series"], "Funnel", "$.series"))
        if listed is not None:
            return cls(Origin.of(body, params), listed, {}, ask)
        series = body["series"] or {}
        if not _known(Place(series, "Funnel", "$.series")) and series:
            warn("the funnel's answer has no shape that is known; see .series", UserWarning, stacklevel=2)
            return cls(Origin.of(body, params), [], series, ask)
        return cls(Origin.of(body, params), _steps(_whole(series)), series, ask)

    @property
    def overall_conversion_rate(self) -> float:
        """The share of entrants that reached the last step, 0.0 where there is none."""
        return float(self.steps_data[-1]["overall_conv_ratio"] or 0.0) if self.steps_data else 0.0

    @property
    def entrants(self) -> int:
        return int(self.steps_data[0]["count"]) if self.steps_data else 0

    @property
    def conversions(self) -> int:
        return int(self.steps_data[-1]["count"]) if self.steps_data else 0

    def segments(self) -> dict[str, list[dict[str, Any]]]:
        """Segment → its steps, without the roll-up."""
        block = _block(self.series)
        if _is_measures(block):
            return {}
        dates = [name for name in block if _is_date(name)]
        if dates:
            return {}
        return {
            name: _steps(inner)
            for name, inner in block.items()
            if name != OVERALL and isinstance(inner, dict) and _is_measures(inner)
        }

    def daily(self, segment: str | None = None) -> DailyFunnel:
        """Counts by day of entry, overall or of one segment.

        Read from a trend of days; of any other funnel the project is asked for that trend.
        """
        trend = _dates(_block(self.series))
        if not trend or self._unit() != "day":
            return self._as_daily().daily(segment)
        dates = tuple(trend)
        steps = max((len(_steps(measures)) for measures in trend.values()), default=0)
        counts = [[_count(trend[date], step, segment or ALL) for date in dates] for step in range(steps)]
        return DailyFunnel(tuple(map(day_of, dates)), tuple(map(tuple, counts)))

    def daily_segments(self) -> list[str]:
        """The segments a daily trend knows, largest first as answered."""
        trend = _dates(_block(self.series))
        if not trend or self._unit() != "day":
            return self._as_daily().daily_segments()
        found: dict[str, None] = {}
        for measures in trend.values():
            for name in _trend_segments(measures):
                if name not in (ALL, OVERALL):
                    found[name] = None
        return list(found)

    def _unit(self) -> str:
        times = (self.params.get("sections") or {}).get("time") or [{}]
        return str(times[0].get("unit", "day"))

    def _as_daily(self) -> FunnelQueryResult:
        params = deepcopy(dict(self.params))
        params["sections"]["time"][0]["unit"] = "day"
        params["displayOptions"]["chartType"] = "line"
        result: FunnelQueryResult = self.follow_up("funnels", params)
        return result

    def _frame(self) -> pd.DataFrame:
        import pandas as pd

        block = _block(self.series)
        columns = ["step", "event", *MEASURES]
        if trend := _dates(block):
            rows = [
                {"date": day_of(date), "segment": segment, **row}
                for date, measures in trend.items()
                for segment in _trend_segments(measures)
                for row in _numbered(_steps(measures, segment))
            ]
            segmented = any(row["segment"] != ALL for row in rows)
            frame = pd.DataFrame(rows, columns=["date", "segment", *columns])
            frame["segment"] = frame["segment"].replace(ALL, OVERALL)
            return self._named(frame) if segmented else frame.drop(columns="segment")
        if segments := self.segments():
            whole = {OVERALL: self.steps_data, **segments}
            rows = [{"segment": name, **row} for name, steps in whole.items() for row in _numbered(steps)]
            return self._named(pd.DataFrame(rows, columns=["segment", *columns]))
        return pd.DataFrame(_numbered(self.steps_data), columns=columns)

    def _named(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The segment is found under its property's own name too."""
        groups = (self.params.get("sections") or {}).get("group") or []
        own = groups[0].get("value") if len(groups) == 1 else None
        if isinstance(own, str) and own not in frame.columns:
            frame[own] = frame["segment"]
        return frame

    def __repr__(self) -> str:
        steps = " → ".join(f"{step['event']} {step['count']:,}" for step in self.steps_data)
        return f"<FunnelQueryResult {steps or 'no steps'} ({self.overall_conversion_rate:.2%})>"


def _listed(series: Place) -> list[dict[str, Any]] | None:
    """Steps that come as a list of records, in one of the places where they may be."""
    value = series.value
    overall = value.get(OVERALL) if isinstance(value, dict) else None
    places = [value, value.get("steps") if isinstance(value, dict) else None, overall]
    places.append(overall.get("steps") if isinstance(overall, dict) else None)
    found = next((place for place in places if isinstance(place, list)), None)
    if found is None:
        return None
    check_steps(Place(found, series.what, series.path))
    return [
        {"event": step.get("event") or "", **{name: step.get(name, 0) for name in MEASURES}} for step in found
    ]


def _known(series: Place) -> bool:
    """Whether it is measures, or measures by segment or by date; raises for measures that are none."""
    block = next((place for _, place in series.entries() if isinstance(place.value, dict)), None)
    if block is None:
        return False
    if "count" in block.value:
        check_measures(block)
        return isinstance(block.value["count"], dict)
    parts = [
        place for _, place in block.entries() if isinstance(place.value, dict) and "count" in place.value
    ]
    for part in parts:
        check_measures(part)
    return bool(parts) and len(parts) == len(block.value)


def _block(series: Mapping[str, Any]) -> Mapping[str, Any]:
    """The one funnel of an answer."""
    for value in series.values():
        if isinstance(value, dict):
            return value
    return {}


def _is_measures(block: Mapping[str, Any]) -> bool:
    return isinstance(block.get("count"), dict) and not isinstance(block.get("steps"), list)


def _is_date(name: str) -> bool:
    return len(name) >= 10 and name[:4].isdigit() and name[4] == "-" and name[7] == "-"


def _dates(block: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: inner
        for name, inner in sorted(block.items())
        if _is_date(name) and isinstance(inner, dict) and _is_measures(inner)
    }


def _whole(series: Mapping[str, Any]) -> Mapping[str, Any]:
    """The measures of the whole funnel; of a trend, its days added up."""
    block = _block(series)
    if _is_measures(block):
        return block
    if isinstance(block.get(OVERALL), dict):
        overall: Mapping[str, Any] = block[OVERALL]
        return overall
    trend = _dates(block)
    return _added(list(trend.values())) if trend else {}


def _added(days: list[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Days of a trend as one funnel: counts add up, ratios follow from them, times are weighted means."""
    labels = list(days[0]["count"])
    counts = [sum(_value(day["count"].get(label)) or 0 for day in days) for label in labels]

    def mean(measure: str, label: str) -> float | None:
        pairs = [
            (_value((day.get(measure) or {}).get(label)), _value(day["count"].get(label)) or 0)
            for day in days
        ]
        known = [(value, weight) for value, weight in pairs if value is not None and weight]
        total = sum(weight for _, weight in known)
        return sum(value * weight for value, weight in known) / total if total else None

    def ratio(top: float, bottom: float) -> float:
        return top / bottom if bottom else 0.0

    return {
        "count": {label: {ALL: count} for label, count in zip(labels, counts, strict=True)},
        "step_conv_ratio": {
            label: {ALL: 1 if step == 0 else ratio(counts[step], counts[step - 1])}
            for step, label in enumerate(labels)
        },
        "overall_conv_ratio": {
            label: {ALL: 1 if step == 0 else ratio(counts[step], counts[0])}
            for step, label in enumerate(labels)
        },
        "avg_time": {label: {ALL: mean("avg_time", label)} for label in labels},
        "avg_time_from_start": {label: {ALL: mean("avg_time_from_start", label)} for label in labels},
    }


def _steps(measures: Mapping[str, Any], segment: str = ALL) -> list[dict[str, Any]]:
    """One record per step, ordered by its number."""
    labels = sorted(measures.get("count") or {}, key=_number)
    return [
        {
            "event": _event(label),
            **{name: _value((measures.get(name) or {}).get(label), segment) for name in MEASURES},
        }
        for label in labels
    ]


def _numbered(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"step": number, **step} for number, step in enumerate(steps, 1)]


def _trend_segments(measures: Mapping[str, Any]) -> list[str]:
    found: dict[str, None] = {ALL: None}
    for leaf in (measures.get("count") or {}).values():
        found.update(dict.fromkeys(leaf if isinstance(leaf, dict) else ()))
    return list(found)


def _number(label: str) -> tuple[int, str]:
    head, dot, _ = label.partition(".")
    return (int(head), "") if dot and head.isdigit() else (1_000_000, label)


def _event(label: str) -> str:
    head, dot, rest = label.partition(". ")
    return rest if dot and head.isdigit() else label


def _value(leaf: Any, segment: str = ALL) -> Any:
    return leaf.get(segment, 0) if isinstance(leaf, dict) else (0 if leaf is None else leaf)


def _count(measures: Mapping[str, Any], step: int, segment: str) -> int:
    steps = _steps(measures, segment)
    return int(steps[step]["count"] or 0) if step < len(steps) else 0
