"""The older query calls."""

import pytest_mixpanel as mp

ws = mp.Workspace(project="demo")

# An event over time, by the values of a property
by_platform = ws.segmentation("Purchase", from_date="2025-03-01", to_date="2025-03-28", on="platform")
assert set(by_platform.series) == {"Android", "iOS", "Web"}

# The sum and the mean of a number, day by day
revenue = ws.segmentation_sum("Purchase", from_date="2025-03-01", to_date="2025-03-07", on="revenue")
mean = ws.segmentation_average("Purchase", from_date="2025-03-01", to_date="2025-03-07", on="revenue")
assert revenue.results["2025-03-01"] > mean.results["2025-03-01"]

# Orders by ranges of their value
ranges = ws.segmentation_numeric("Purchase", from_date="2025-03-01", to_date="2025-03-07", on="order_total")
frame = ranges.df

# How many users did each of several events
counts = ws.event_counts(["Login", "Purchase"], from_date="2025-03-01", to_date="2025-03-07", type="unique")
assert counts.series["Login"]["2025-03-01"] > counts.series["Purchase"]["2025-03-01"]

# The most frequent values of a property over time
paid_by = ws.property_counts(
    "Purchase", "payment_method", from_date="2025-03-01", to_date="2025-03-07", limit=2
)
assert list(paid_by.series) == ["card", "wallet"]

# Of the new users of each week: how many bought in the weeks after
returned = ws.retention(
    born_event="Signup", return_event="Purchase", from_date="2025-03-01", to_date="2025-03-28", unit="week"
)
first = returned.cohorts[0]
assert first.size >= max(first.retention)

# In how many hours of a day users are active
hours = ws.frequency(from_date="2025-03-01", to_date="2025-03-07", event="Login").df

# What one customer did
customer = next(iter(ws.stream_profiles()))["distinct_id"]
feed = ws.activity_feed([customer], from_date="2025-01-01", to_date="2025-03-31")
steps = [(event.time, event.event) for event in feed.events]
