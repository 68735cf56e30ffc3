"""User profiles and cohorts."""

import pytest_mixpanel as mp

ws = mp.Workspace(project="demo")

# Ten users with their plan
few = ws.query_user(mode="profiles", properties=["plan"], limit=10)

# How many users pay
paying = ws.query_user(where=mp.Filter.equals("plan", "premium", resource_type="people"))

# Users who bought three times or more in the last thirty days
criteria = mp.CohortCriteria.did_event("Purchase", at_least=3, within_days=30)
cohort = mp.CohortDefinition(criteria)
frequent = ws.query_user(cohort=cohort)

# Members of a cohort beside all others
members = ws.query(
    "Login",
    math="unique",
    group_by=mp.CohortBreakdown(
        mp.CohortDefinition(mp.CohortCriteria.did_event("Purchase", at_least=1, within_days=30)),
        name="Buyers",
    ),
    mode="total",
)

# What would be sent
user_params = ws.build_user_params(mode="profiles", limit=5)
