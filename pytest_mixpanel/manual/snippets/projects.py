"""The project that is asked, and data of one's own."""

import json
from pathlib import Path

import pytest_mixpanel as mp

ws = mp.Workspace(project="demo")

# What a workspace is open on, and who said so
assert ws.project.name == "demo"
assert ws.origins["project"] == "argument project="
session, account, workspace = ws.session, ws.account, ws.workspace

# The clock and the time zone of every question
today = ws.now.date()
zone = ws.timezone

# Whose days are counted is asked of a live project once a day
assert ws.learn_time_zone()

# Ask about another project from now on
ws.use(project="demo")

# The workspaces of the project
ids = [one.id for one in ws.list_workspaces()]

# The profiles of premium customers, one by one
premium = ws.stream_profiles(where='properties["plan"] == "premium"', output_properties=["country"])
first = next(premium)

# What the Lexicon says of one event
purchase = ws.lexicon_schema("event", "Purchase")

# Events of one's own, from an export; lines that are none are kept aside
line = {"event": "Login", "properties": {"distinct_id": "ana", "time": 1_741_000_000, "$insert_id": "1"}}
Path("shop.jsonl").write_text(f"{json.dumps(line)}\nno event\n")
ws = mp.Workspace(project="shop.jsonl")
report, kept_aside = ws.import_report, ws.rejected_file

# What the objects in a property hold
properties = {"distinct_id": "ana", "time": 1_741_000_000, "items": [{"sku": "T1", "price": 9.5}]}
Path("shop.jsonl").write_text(json.dumps({"event": "Purchase", "properties": properties}) + "\n")
ws = mp.Workspace(project="shop.jsonl")
types = {item.name: item.type for item in ws.subproperties("items", event="Purchase")}

# Make a lookup table of a file that is uploaded by itself
target = ws.get_lookup_upload_url()
ws.api.upload(target.url, b"plan,price\npremium,20\n", "text/csv")
table = ws.mark_lookup_table_ready(mp.MarkLookupTableReadyParams(name="Prices", key=target.key))

# How far an upload is; of one that nobody made the service says so
assert ws.get_lookup_upload_status("1")["uploadStatus"] == "NOTFOUND"

# A note of the charts, and the tags of notes
note = ws.get_annotation(ws.list_annotations()[0].id)
tags = ws.list_annotation_tags()
