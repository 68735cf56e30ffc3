"""Retention."""

import pytest_mixpanel as mp

ws = mp.Workspace(project="demo")

# Who comes back after signing up, day by day
returning = ws.query_retention("Signup", "Login", retention_unit="day", last=28)
day_seven = returning.average

# Births with a filter
web_only = mp.RetentionEvent("Signup", filters=[mp.Filter.equals("platform", "Web")])
web = ws.query_retention(web_only, "Login", retention_unit="week", last=56)

# What would be sent
retention_params = ws.build_retention_params("Signup", "Login", last=28)
