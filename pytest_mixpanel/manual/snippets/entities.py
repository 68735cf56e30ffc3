"""What people make in a project."""

import pytest_mixpanel as mp

ws = mp.Workspace(project="demo")

# A note on a day of the charts, with a tag
release = ws.create_annotation_tag(mp.CreateAnnotationTagParams(name="4.2"))
note = ws.create_annotation(
    mp.CreateAnnotationParams(date="2025-03-20", description="4.2 is out", tags=[release.id])
)
ws.update_annotation(note.id, mp.UpdateAnnotationParams(description="4.2 is out everywhere"))
assert note.id in [one.id for one in ws.list_annotations(from_date="2025-03-20")]
ws.delete_annotation(note.id)

# A saved report, asked again
report = ws.list_bookmarks_v2()[0]
found = ws.get_bookmark(report.id)

# The cohorts, flags, experiments and alerts of a project
cohorts = ws.list_cohorts_full()
flags = ws.list_feature_flags()
experiments = ws.list_experiments()
alerts = ws.list_alerts()
hooks = ws.list_webhooks()

# Who asks, and what they may see
me = ws.me()
projects = ws.projects()
workspaces = ws.workspaces()
number = ws.resolve_workspace_id()

# Where users go after signing up
paths = ws.query_flow("Signup", forward=3, last=28)

# What would be sent for a flow
flow_params = ws.build_flow_params("Signup", forward=3, last=28)
