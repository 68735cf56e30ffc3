"""Charts, which say what is answered, and what stands in them."""

from __future__ import annotations

from pytest_mixpanel.query.parse.misspelt import alike
from pytest_mixpanel.query.parse.node import Node

CHARTS = frozenset(
    {
        *("bar", "bar-stacked", "pie", "table", "insights-metric", "metric"),
        *("line", "stacked-line", "column", "stacked-column", "frequency", "frequency-curve"),
        *("sankey", "flows", "paths", "funnel-top-paths"),
        *("funnel-steps", "funnel-steps-metric", "funnel-trend", "funnel-median-ttc"),
        *("funnel-frequency-line", "funnel-frequency-bar", "funnel-ttc-line", "funnel-ttc-bar"),
        *(
            "line-retention",
            "retention-trend",
            "retention-trend-metric",
            "retention-table",
            "retention-curve",
        ),
        *("impact-adoption", "impact-trends", "impact-propensity"),
    }
)


def chart_of(display: Node) -> str | None:
    """The chart of ``displayOptions``; another one than those known is let pass where it resembles none."""
    chart = display.get("chartType").label()
    meant = alike(chart, CHARTS) if chart is not None and chart not in CHARTS else None
    if meant is not None:
        raise display.get("chartType").fail(f"there is no chart {chart!r}; did you mean {meant!r}?")
    return chart


def check_written(show: Node) -> None:
    """Refuse what is kept under an id elsewhere; raises ``PlanError``."""
    behavior = show.get("behavior")
    by_id = behavior.value and behavior.get("type").value not in ("custom-event", "cohort")
    if show.get("id").value is not None or (by_id and behavior.get("id").value is not None):
        raise show.fail(
            "saved metrics and behaviors are not kept by the embedded engine; write it out in its place"
        )
