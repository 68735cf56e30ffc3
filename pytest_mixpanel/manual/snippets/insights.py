"""Insights queries."""

import pytest_mixpanel as mp

ws = mp.Workspace(project="demo")

# Purchases by day and platform
purchases = ws.query("Purchase", last=28, group_by="platform")
frame = purchases.df

# The mean order, as one number
mean_order = ws.query("Purchase", math="average", math_property="order_total", mode="total").df

# A ratio of two metrics
rate = ws.query(
    [mp.Metric("Login", math="unique"), mp.Metric("Purchase", math="unique")],
    formula="(B / A) * 100",
    mode="total",
    last=7,
)

# The same ratio with its own object
ratio = mp.Formula("B / A", label="buyers per visitor")
buyers = ws.query([mp.Metric("Login", math="unique"), mp.Metric("Purchase", math="unique"), ratio])

# Only iOS, and only orders over 50
ios = ws.query(
    "Purchase", where=[mp.Filter.equals("platform", "iOS"), mp.Filter.greater_than("order_total", 50)]
)

# Orders by size, in buckets of 25
by_size = mp.GroupBy("order_total", property_type="number", bucket_size=25, bucket_min=0, bucket_max=200)
sizes = ws.query("Purchase", group_by=by_size, mode="total")

# This week beside the week before
compared = ws.query("Login", last=7, time_comparison=mp.TimeComparison.relative("week"))

# How many users did it how often
often = ws.query(
    "Purchase", math="unique", group_by=mp.FrequencyBreakdown("Purchase", bucket_size=1), mode="total"
)

# The users who bought at least twice
loyal = mp.FrequencyFilter("Purchase", value=2)
logins_of_loyal = ws.query("Login", math="unique", where=loyal)

# What would be sent
params = ws.build_params("Login", last=7)
assert params["sections"]["show"]

# Send params as they are, for instance those of a saved report
saved = ws.run_params(ws.build_params("Login", last=7))

# A property computed in place: the margin of an order
margin = mp.InlineCustomProperty(
    "A - B",
    {"A": mp.PropertyInput("revenue", "number"), "B": mp.PropertyInput("cost", "number")},
    property_type="number",
)
margins = ws.query("Purchase", math="total", math_property=margin, mode="total")
