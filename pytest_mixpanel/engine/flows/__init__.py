"""Flows: what users did around an event, in order."""
