"""Retention: who was born, and who came back."""
