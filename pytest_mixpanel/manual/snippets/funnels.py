"""Funnels."""

import pytest_mixpanel as mp

ws = mp.Workspace(project="demo")

# From the item's page to the order
checkout = ws.query_funnel(["View Item", "Add to Cart", "Purchase"], conversion_window=7, last=28)
assert checkout.overall_conversion_rate > 0.1

# A step with filters of its own, by platform
large = ws.query_funnel(
    ["Add to Cart", mp.FunnelStep("Purchase", filters=[mp.Filter.greater_than("order_total", 50)])],
    group_by="platform",
)

# Attempts without a support ticket in between
calm = ws.query_funnel(
    ["View Item", "Purchase"], exclusions=[mp.Exclusion("Support Ticket", from_step=0, to_step=1)]
)

# All steps on the same platform
same = ws.query_funnel(["View Item", "Purchase"], holding_constant=mp.HoldingConstant("platform"))

# What would be sent
funnel_params = ws.build_funnel_params(["View Item", "Purchase"], last=28)
