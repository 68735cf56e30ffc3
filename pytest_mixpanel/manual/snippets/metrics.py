"""What can be measured and asked beside plain events."""

import pytest_mixpanel as mp

ws = mp.Workspace(project="demo")

# A funnel as one number among others
buying = mp.FunnelBehavior(["View Item", "Purchase"], conversion_window=7)
conversion = ws.query([mp.FunnelMetric(buying)], last=28)

# Retention as one number: who is back on the day after
back = mp.RetentionBehavior("Signup", "Login", retention_unit="day")
next_day = ws.query([mp.RetentionMetric(back, bucket_index=1)], last=28)

# Several events counted as one
contact = mp.SimpleBehavior(["Support Ticket", "Search"], name="Looked for something")
contacts = ws.query(mp.Metric(contact, math="unique"), last=7)

# A flow from one step, with its own columns
around = ws.query_flow(mp.FlowStep("Checkout", forward=2, reverse=1), last=7)

# What would be sent for a custom event of the project
either = ws.build_params(mp.Metric(mp.CustomEventRef(3), math="unique"))

# What would be sent for a metric that the project keeps, with another label
kept = ws.build_params([mp.MetricRef(5, label="Orders")])

# What would be sent for a behavior that the project keeps
kept = ws.build_params(mp.Metric(mp.BehaviorRef(3, "simple")))

# A flow as trees, from the anchor on
(tree, *_) = ws.query_flow("Checkout", forward=2, last=7, mode="tree").trees
root: mp.FlowTreeNode = tree
assert root.total_count > 0
