"""Dashboards and blueprints."""

import pytest_mixpanel as mp

ws = mp.Workspace(project="demo")

# A dashboard from its making to its end
board = ws.create_dashboard(mp.CreateDashboardParams(title="Release 4.2"))
ws.update_dashboard(board.id, mp.UpdateDashboardParams(title="Release 4.2, day by day"))
assert board.id in [one.id for one in ws.list_dashboards()]
ws.delete_dashboard(board.id)

# Pin a dashboard and unpin it; the same with favourites
ws.pin_dashboard(1)
ws.favorite_dashboard(1)
assert ws.get_dashboard(1).is_favorited
ws.unfavorite_dashboard(1)
ws.unpin_dashboard(1)

# A dashboard with a text on it, and another text
text = mp.DashboardRowContent(content_type="text", content_params={"markdown": "<p>Soon</p>"})
board = ws.create_dashboard(mp.CreateDashboardParams(title="Spring", rows=[mp.DashboardRow(contents=[text])]))
(card,) = board.contents["text"].values()
ws.update_text_card(board.id, card["id"], mp.UpdateTextCardParams(markdown="<p>Spring sampler</p>"))

# Put a report on another dashboard, and take it off
board = ws.add_report_to_dashboard(2, 3)
card = max(int(number) for number in board.contents["report"])
ws.update_report_link(2, card, mp.UpdateReportLinkParams(link_type="copy"))
ws.remove_report_from_dashboard(2, card)

# Delete several dashboards
ws.bulk_delete_dashboards([1, 2])
assert ws.list_dashboards() == []

# The experiments that a dashboard refers to
experiments = ws.get_dashboard_erf(1)["experiments"]

# A dashboard from a template
templates = [template.name for template in ws.list_blueprint_templates()]
board = ws.create_blueprint("conversion")
steps = ws.get_blueprint_config(board.id).variables
ws.update_blueprint_cohorts([{"id": 1}])
logins = mp.BlueprintCard(card_type="report", name="Visits", params=ws.build_params("Login"))
ws.finalize_blueprint(mp.BlueprintFinishParams(dashboard_id=board.id, cards=[logins]))

# A dashboard to look for the cause of a change
change = mp.RcaSourceData(source_type="anomaly", date="2025-03-10")
board = ws.create_rca_dashboard(mp.CreateRcaDashboardParams(rca_source_id=1, rca_source_data=change))
