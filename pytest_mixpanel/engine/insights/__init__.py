"""Insights: metrics over buckets and segments, and formulas of them."""
