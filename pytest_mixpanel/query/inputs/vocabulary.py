"""The closed sets of words the query language uses."""

from __future__ import annotations

from typing import Literal

HourDayUnit = Literal["hour", "day"]
"""The width of a bucket in the older numeric queries."""
QueryTimeUnit = Literal["hour", "day", "week", "month", "quarter"]
"""The width of a bucket of time in insights, funnels and retention trends."""
TimeUnit = Literal["day", "week", "month"]
"""A unit of retention and of flows by time."""
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
"""What an insights query computes of an event, or of a numeric property of it."""
PerUserAggregation = Literal["unique_values", "total", "average", "min", "max"]
"""What is computed of each user's events first, before users are aggregated."""
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
"""What a funnel tells of each step: a rate, a count, or a number of a property."""
RetentionMathType = Literal["retention_rate", "retention_count", "unique", "total", "average"]
"""What retention tells of each bucket: the share of the cohort, or how many."""
SegmentMethod = Literal["all", "first"]
"""Which of a user's events decides the segment: all of them, or the first."""
InsightsMode = Literal["timeseries", "total", "table"]
"""Insights by bucket of time, as one number, or as a table."""
FunnelMode = Literal["steps", "trends", "table"]
"""A funnel by steps, by day, or as a table."""
RetentionMode = Literal["curve", "trends", "table"]
"""Retention by bucket since birth, by day, or as a table."""
FunnelOrder = Literal["loose", "any"]
"""Steps in order with anything in between, or in any order."""
FunnelReentryMode = Literal["default", "basic", "aggressive", "optimized"]
"""When a user who converted or dropped may enter a funnel again."""
ConversionWindowUnit = Literal["second", "minute", "hour", "day", "week", "month", "session"]
"""The unit of a funnel's conversion window."""
RetentionAlignment = Literal["birth", "interval_start"]
"""Buckets counted from the birth itself, or from the start of its day, week or month."""
RetentionUnboundedMode = Literal["none", "carry_back", "carry_forward", "consecutive_forward"]
"""Whether a return counts for other buckets too: earlier ones, later ones, or streaks."""
TimeComparisonType = Literal["relative", "absolute-start", "absolute-end"]
"""A period to compare with: one unit earlier, or one that starts or ends on a day."""
TimeComparisonUnit = Literal["day", "week", "month", "quarter", "year"]
"""The unit a compared period lies earlier by."""
CohortAggregationType = Literal["total", "unique", "average", "min", "max", "median"]
"""What a cohort's condition compares, of a property of a user's events."""
FrequencyFilterOperator = Literal[
    "is at least", "is at most", "is greater than", "is less than", "is equal to"
]
"""How a user's number of events compares."""
CustomPropertyType = Literal["string", "number", "boolean", "datetime"]
"""The type of what a formula gives."""
FilterPropertyType = Literal["string", "number", "boolean", "datetime", "list", "object"]
"""The type that a filter or breakdown treats a property as."""
FilterDateUnit = Literal["hour", "day", "week", "month"]
"""The unit of a relative date in a filter."""
FiltersCombinator = Literal["all", "any"]
"""Whether all filters must hold, or any of them."""
ResourceType = Literal["events", "people"]
"""Whose property it is: the event's, or the user profile's."""
FlowChartType = Literal["sankey", "paths", "tree"]
"""A flow as a graph of steps, as top paths, or as trees."""
FlowConversionWindowUnit = Literal["day", "week", "month", "session"]
"""The unit of a flow's window."""
FlowCountType = Literal["unique", "total", "session"]
"""A flow counts users, passages, or sessions."""
FlowSessionEvent = Literal["start", "end"]
"""A flow that is anchored at the start or the end of sessions."""
FlowNodeType = Literal["ANCHOR", "NORMAL", "DROPOFF", "PRUNED", "FORWARD", "REVERSE"]
"""What a node of a flow stands for."""
FlowAnchorType = Literal["NORMAL", "RELATIVE_REVERSE", "RELATIVE_FORWARD"]
"""How a node of a flow lies to its anchors."""
