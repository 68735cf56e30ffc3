"""Assertion helpers for tests written in Python."""
