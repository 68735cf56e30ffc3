"""Alerts and webhooks."""

import pytest_mixpanel as mp

ws = mp.Workspace(project="demo")

# Tell somebody when there are few orders
few = mp.CreateAlertParams(
    bookmark_id=3,
    name="Very few orders",
    condition={"keys": [{"header": "Purchase", "value": "Purchase"}], "op": "<", "value": 20},
    frequency=mp.AlertFrequencyPreset.DAILY,
    paused=False,
    subscriptions=[{"type": "email", "value": "oncall@shop.test"}],
)
told = ws.test_alert(few)
alert = ws.create_alert(few)

# Pause an alert, and see what happened to it
alert = ws.list_alerts(bookmark_id=3)[0]
ws.update_alert(alert.id, mp.UpdateAlertParams(paused=True))
assert ws.get_alert_history(alert.id).results[0]["action"] == "updated"

# An alert and its report
alert = ws.get_alert(1)
assert alert.bookmark is not None

# How many more alerts the plan allows
count = ws.get_alert_count()
left = count.alert_limit - count.anomaly_alerts_count

# Whether alerts would still fit their report after a change
change = mp.ValidateAlertsForBookmarkParams(
    alert_ids=[1], bookmark_type="insights", bookmark_params=ws.build_params("Login")
)
assert ws.validate_alerts_for_bookmark(change).invalid_count == 1

# Delete alerts
ws.delete_alert(1)
ws.bulk_delete_alerts([2])
assert ws.list_alerts() == []

# The picture of a fired alert, where there is one
try:
    picture = ws.get_alert_screenshot_url("key-of-the-message").signed_url
except mp.QueryError as error:
    assert "no screenshot" in error.message

# A webhook from its making to its end
hook = ws.create_webhook(mp.CreateWebhookParams(name="Stock", url="https://stock.shop.example/hook"))
ws.update_webhook(hook.id, mp.UpdateWebhookParams(is_enabled=False))
assert hook.id in [one.id for one in ws.list_webhooks()]
ws.delete_webhook(hook.id)

# Whether an address of a webhook answers
answer = ws.test_webhook(
    mp.WebhookTestParams(
        url="https://stock.shop.example/hook",
        auth_type=mp.WebhookAuthType.BASIC,
        username="stock",
        password="from a vault",
    )
)
assert answer.success, answer.message
