"""Errors, time, verdicts, explanations: small shared types on the standard library only."""
