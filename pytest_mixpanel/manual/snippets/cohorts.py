"""Saved cohorts."""

import pytest_mixpanel as mp

ws = mp.Workspace(project="demo")

# The saved cohorts with their sizes
sizes = {cohort.name: cohort.count for cohort in ws.cohorts()}
everything = ws.list_cohorts_full()

# Save a cohort from its definition
searched = mp.CohortDefinition(mp.CohortCriteria.did_event("Search", at_least=3, within_days=30))
made = ws.create_cohort(mp.CreateCohortParams(name="Searchers", definition=searched.to_dict()))
assert ws.get_cohort(made.id).count

# Describe a cohort
ws.update_cohort(1, mp.UpdateCohortParams(description="Whoever bought in a month"))

# Rename several cohorts at once
ws.bulk_update_cohorts([mp.BulkUpdateCohortEntry(id=number, name=f"Cohort {number}") for number in (1, 2)])

# Delete cohorts
ws.delete_cohort(1)
ws.bulk_delete_cohorts([2, 3])
assert ws.list_cohorts_full() == []

# The size of a saved cohort, as a metric
buyers = ws.query(mp.CohortMetric(1, "Buyers"), last=7)
