"""Slow, obvious evaluators, written from the rules and sharing no code with the engine."""
