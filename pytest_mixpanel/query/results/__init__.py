"""Answers as typed results: counts and rates, with a frame on request (pandas arrives with the first)."""
