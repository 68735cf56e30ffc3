"""The Lexicon and its governance."""

from pathlib import Path

import pytest_mixpanel as mp

ws = mp.Workspace(project="demo")

# What the Lexicon says of an event and of a property
(purchase,) = ws.get_event_definitions(names=["Purchase"])
(email,) = ws.get_property_definitions(names=["email"], resource_type="event")
assert email.sensitive

# Describe an event and verify it
described = mp.UpdateEventDefinitionParams(description="An order was paid", verified=True)
ws.update_event_definition("Purchase", described)
who_changed_it = ws.get_event_history("Purchase")

# Mark a property as sensitive
ws.update_property_definition("username", mp.UpdatePropertyDefinitionParams(sensitive=True))
history = ws.get_property_history("username", mp.PropertyResourceType.EVENT)

# Tag several events at once
tagged = mp.BulkUpdateEventsParams(
    events=[mp.BulkEventUpdate(name=name, tags=["core"]) for name in ("Login", "Signup")]
)
ws.bulk_update_event_definitions(tagged)

# Hide several properties at once
hiding = mp.BulkUpdatePropertiesParams(
    properties=[mp.BulkPropertyUpdate(name="amount", resource_type="Event", hidden=True)]
)
ws.bulk_update_property_definitions(hiding)

# Take an event out of the Lexicon; its data stay
ws.delete_event_definition("Logout")

# The whole Lexicon, and since when an event comes
lexicon = ws.export_lexicon()
since = ws.get_tracking_metadata("Purchase")["first_seen"]

# A tag of the Lexicon from its making to its end
tag = ws.create_lexicon_tag(mp.CreateTagParams(name="reviewed"))
ws.update_lexicon_tag(tag.id, mp.UpdateTagParams(name="approved"))
assert "approved" in [one.name for one in ws.list_lexicon_tags()]
ws.delete_lexicon_tag("approved")

# Discard events before they are stored
condition = [{"resourceType": "event", "filterOperator": "equals", "filterValue": "health", "value": "page"}]
filters = ws.create_drop_filter(mp.CreateDropFilterParams(event_name="Page View", filters=condition))
ws.update_drop_filter(mp.UpdateDropFilterParams(id=filters[-1].id, active=False))
ws.delete_drop_filter(filters[-1].id)
assert len(ws.list_drop_filters()) < ws.get_drop_filter_limits().filter_limit

# Save a custom property and break a query down by it
formula = mp.CreateCustomPropertyParams(
    name="Country in lower case",
    resource_type="events",
    display_formula="LOWER(A)",
    composed_properties={"A": mp.ComposedPropertyValue(resource_type="event", value="country")},
)
ws.validate_custom_property(formula)
saved = ws.create_custom_property(formula)
countries = ws.query(
    "Login", group_by=mp.GroupBy(mp.CustomPropertyRef(saved.custom_property_id)), last=7, mode="total"
)

# Find, rename and delete a custom property
first = ws.list_custom_properties()[0]
number = str(first.custom_property_id)
ws.update_custom_property(number, mp.UpdateCustomPropertyParams(name="Campaign, readable"))
assert ws.get_custom_property(number).name == "Campaign, readable"
ws.delete_custom_property(number)

# One name for several events
either = mp.CreateCustomEventParams(name="Paid or asked", alternatives=["Purchase", "Support Ticket"])
custom = ws.create_custom_event(either)
ws.update_custom_event(custom.id, mp.UpdateEventDefinitionParams(description="Money or trouble"))
assert "Paid or asked" in [one.name for one in ws.list_custom_events()]
ws.delete_custom_event(custom.id)

# A lookup table from a CSV file
Path("plans.csv").write_text("plan,price\npremium,20\n")
table = ws.upload_lookup_table(mp.UploadLookupTableParams(name="Plans", file_path="plans.csv"))
ws.update_lookup_table(table.id, mp.UpdateLookupTableParams(name="Prices"))
content = ws.download_lookup_table(table.id, file_name="plans.csv")
address = ws.get_lookup_download_url(table.id)
ws.delete_lookup_tables([table.id])
assert ws.list_lookup_tables() == []

# Register a schema, add a property to it, delete it
ws.create_schema("event", "Return", {"properties": {"reason": {"type": "string"}}})
ws.update_schema("event", "Return", {"properties": {"refund": {"type": "number"}}})
names = [entry.name for entry in ws.list_schema_registry(entity_type="event")]
ws.delete_schemas(entity_type="event", entity_name="Return")

# Several schemas at once
schemas = mp.BulkCreateSchemasParams(
    entries=[mp.SchemaEntry(entity_type="event", name="Return", schema_definition={"properties": {}})]
)
assert ws.create_schemas_bulk(schemas).added == 1
assert ws.update_schemas_bulk(schemas)[0].status == "ok"

# Where the data are not as the schemas say
for violation in ws.run_audit().violations:
    assert violation.count > 0, violation.name
unexpected = ws.run_audit_events_only().violations

# What becomes of events that are not as their schema says
config = ws.get_schema_enforcement()
ws.update_schema_enforcement(mp.UpdateSchemaEnforcementParams(notification_emails=["data@shop.test"]))
ws.delete_schema_enforcement()
ws.init_schema_enforcement(mp.InitSchemaEnforcementParams(rule_event="Warn and Accept"))
ws.replace_schema_enforcement(
    mp.ReplaceSchemaEnforcementParams(
        common_properties=[],
        user_properties=[],
        events=[{"name": "Purchase"}],
        rule_event="Warn and Hide",
        notification_emails=[],
    )
)

# Dismiss every unexpected volume
found = ws.list_data_volume_anomalies(query_params={"status": "open"})
for anomaly in found:
    ws.update_anomaly(mp.UpdateAnomalyParams(id=anomaly.id, status="dismissed", anomaly_class="Event"))
if found:
    entries = [mp.BulkAnomalyEntry(id=one.id, anomaly_class=one.anomaly_class) for one in found]
    ws.bulk_update_anomalies(mp.BulkUpdateAnomalyParams(anomalies=entries, status="open"))

# Delete events, and think better of it
preview = mp.PreviewDeletionFiltersParams(event_name="Logout", from_date="2025-03-01", to_date="2025-03-03")
assert ws.preview_deletion_filters(preview)[0]["count"] > 0
deletion = mp.CreateDeletionRequestParams(event_name="Logout", from_date="2025-03-01", to_date="2025-03-03")
(request,) = ws.create_deletion_request(deletion)
assert ws.cancel_deletion_request(request.id) == ws.list_deletion_requests() == []

# Read and write what the project is about
context = ws.get_business_context()
assert context.character_count < mp.BUSINESS_CONTEXT_MAX_CHARS
ws.set_business_context("# The shop\n\nIt sells things.")

# Both levels of business context; begin the project's from the organization's
chain = ws.get_business_context_chain()
ws.set_business_context(chain.organization.content, level="project")
ws.clear_business_context(level="project")

# A business context that is too long costs no request
try:
    ws.set_business_context("x" * (mp.BUSINESS_CONTEXT_MAX_CHARS + 1))
except mp.BusinessContextValidationError as too_long:
    assert too_long.details["length"] == 50_001
