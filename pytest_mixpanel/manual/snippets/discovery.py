"""Discovery."""

import pytest_mixpanel as mp

ws = mp.Workspace(project="demo")

# The names of all events
names = ws.events()
assert "Purchase" in names

# The properties of an event, and the most frequent values of one of them
assert "platform" in ws.properties("Login")
platforms = ws.property_values("platform", event="Login")

# Today's most active events
for top in ws.top_events(limit=3):
    assert top.count > 0, top.event

# What the Lexicon says of an event
(purchase,) = [schema for schema in ws.lexicon_schemas(entity_type="event") if schema.name == "Purchase"]
assert purchase.schema_json.properties["order_total"].type == "number"

# Ask anew what was asked before
ws.clear_discovery_cache()

# The days there are events of, where the data are local
span = ws.data_range()

# The raw events of one day
first = next(iter(ws.stream_events(from_date="2025-02-01", to_date="2025-02-01")))

# Close the connection, or let `with` do it
with mp.Workspace(project="demo") as shop:
    shop.events()
ws.close()
