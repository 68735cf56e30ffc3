"""Exported events → a store. Nothing is dropped in silence: bad lines are counted and kept with reasons."""
