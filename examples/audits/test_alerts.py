"""Alerts that can still fire: each points at a report that is there and shows what it watches."""


def test_every_alert_points_at_a_living_report(mixpanel):
    lost = [alert.name for alert in mixpanel.list_alerts(skip_user_filter=True) if not alert.valid]
    assert lost == []
