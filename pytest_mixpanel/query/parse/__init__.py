"""Params JSON → a logical plan, whoever wrote the params."""
