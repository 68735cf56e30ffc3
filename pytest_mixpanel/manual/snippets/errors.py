"""Errors."""

import pytest_mixpanel as mp

ws = mp.Workspace(project="demo")

# All problems of a call at once
try:
    ws.query_funnel(["Purchase"], conversion_window=0)
except mp.BookmarkValidationError as refused:
    assert {problem.code for problem in refused.errors} == {
        "F1_MIN_STEPS",
        "F3_CONVERSION_WINDOW_POSITIVE",
    }

# An event that is not there, with the names somebody may have meant
try:
    ws.properties("purchase")
except mp.EventNotFoundError as missing:
    assert missing.similar_events[0] == "Purchase"

# Whatever goes wrong in the package
try:
    mp.Workspace(project="no/such/folder")
except mp.MixpanelHeadlessError as error:
    assert error.code == "PROJECT_NOT_FOUND"
