"""Saved reports."""

import pytest_mixpanel as mp

ws = mp.Workspace(project="demo")

# The saved reports: their names, or all of them with their params
names = [report.name for report in ws.list_bookmarks("funnels")]
reports = ws.list_bookmarks_v2(bookmark_type="insights")

# Run a saved report
orders = ws.query_saved_report(3)
assert not orders.df.empty

# The saved funnels, and one of them on other days
(funnel, *_) = ws.funnels()
steps = ws.funnel(funnel.funnel_id, from_date="2025-03-01", to_date="2025-03-28").steps
assert steps[0].count > steps[-1].count > 0

# Save a flow and run it
flow = mp.CreateBookmarkParams(
    name="After checkout",
    bookmark_type="flows",
    params=ws.build_flow_params("Checkout", forward=2, last=7),
    dashboard_id=1,
)
answer = ws.query_saved_flows(ws.create_bookmark(flow).id)
assert answer.steps

# Save a report on a dashboard
logins = ws.build_params("Login", last=7)
saved = ws.create_bookmark(
    mp.CreateBookmarkParams(name="Visits", bookmark_type="insights", params=logins, dashboard_id=1)
)

# Rename a report, and see what happened to it
ws.update_bookmark(3, mp.UpdateBookmarkParams(name="Orders, day by day"))
latest = ws.get_bookmark_history(3).results[0]

# Change several reports at once
ws.bulk_update_bookmarks([mp.BulkUpdateBookmarkEntry(id=number, icon="cart") for number in (3, 4)])
assert ws.get_bookmark(4).icon == "cart"

# Delete reports
ws.delete_bookmark(4)
ws.bulk_delete_bookmarks([5, 6])
assert not {4, 5, 6} & {report.id for report in ws.list_bookmarks_v2()}

# The dashboards that a report is on, and those it is linked to
assert ws.get_bookmark_dashboard_ids(3) == ws.bookmark_linked_dashboard_ids(3)
