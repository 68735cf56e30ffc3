"""The closed sets of words the query language uses."""

from __future__ import annotations

from typing import Literal

QueryTimeUnit = Literal["hour", "day", "week", "month", "quarter"]
TimeUnit = Literal["day", "week", "month"]
MathType = Literal[
    "total",
    "unique",
    "dau",
    "wau",
    "mau",
    "average",
    "median",
    "min",
    "max",
    "sum",
    "p25",
    "p75",
    "p90",
    "p99",
    "percentile",
    "histogram",
    "cumulative_unique",
    "sessions",
    "unique_values",
    "most_frequent",
    "first_value",
    "multi_attribution",
    "numeric_summary",
]
PerUserAggregation = Literal["unique_values", "total", "average", "min", "max"]
FunnelMathType = Literal[
    "conversion_rate_unique",
    "conversion_rate_total",
    "conversion_rate_session",
    "unique",
    "total",
    "average",
    "median",
    "min",
    "max",
    "p25",
    "p75",
    "p90",
    "p99",
    "histogram",
]
RetentionMathType = Literal["retention_rate", "retention_count", "unique", "total", "average"]
SegmentMethod = Literal["all", "first"]
InsightsMode = Literal["timeseries", "total", "table"]
FunnelMode = Literal["steps", "trends", "table"]
RetentionMode = Literal["curve", "trends", "table"]
FunnelOrder = Literal["loose", "any"]
FunnelReentryMode = Literal["default", "basic", "aggressive", "optimized"]
ConversionWindowUnit = Literal["second", "minute", "hour", "day", "week", "month", "session"]
RetentionAlignment = Literal["birth", "interval_start"]
RetentionUnboundedMode = Literal["none", "carry_back", "carry_forward", "consecutive_forward"]
FilterPropertyType = Literal["string", "number", "boolean", "datetime", "list", "object"]
FilterDateUnit = Literal["hour", "day", "week", "month"]
FiltersCombinator = Literal["all", "any"]
ResourceType = Literal["events", "people"]
FlowChartType = Literal["sankey", "paths", "tree"]
FlowConversionWindowUnit = Literal["day", "week", "month", "session"]
FlowCountType = Literal["unique", "total", "session"]
FlowSessionEvent = Literal["start", "end"]
