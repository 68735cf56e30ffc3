"""The client without pytest: what is there, how much of it, who converts, who comes back."""

import pytest_mixpanel as mp

with mp.Workspace(project="demo") as ws:
    for event in ws.top_events(limit=5):
        print(f"{event.event:<16}{event.count:>8,}")

    orders = ws.query("Purchase", math="sum", math_property="order_total", group_by="platform", last=28)
    print(orders.df.groupby("platform")["count"].sum().round(2))

    purchase = ws.query_funnel(["View Item", "Add to Cart", "Purchase"], conversion_window=7, last=28)
    print(purchase.df)

    back = ws.query_retention("Signup", "Login", retention_unit="week", last=84)
    print(back.average)
