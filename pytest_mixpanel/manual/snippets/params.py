"""Params of the query engines, sent as they are."""

import pytest_mixpanel as mp

ws = mp.Workspace(project="demo")

# Send the params of a funnel
funnel = ws.run_funnel_params(ws.build_funnel_params(["View Item", "Purchase"], last=7))
assert 0 < funnel.overall_conversion_rate < 1

# Send the params of a retention query
retention = ws.run_retention_params(ws.build_retention_params("Signup", "Login", last=28)).df

# Send the params of a flow, as paths
flow = ws.run_flow_params(ws.build_flow_params("Checkout", forward=2, last=7), mode="paths")
assert not flow.df.empty

# Send the params of a user query
premium = ws.build_user_params(where=mp.Filter.equals("plan", "premium", resource_type="people"))
assert ws.run_user_params(premium).value

# Send params to an engine by its name: insights, funnels, retention or flows
logins = ws.run_query("insights", ws.build_params("Login", last=7))
