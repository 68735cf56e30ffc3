"""Runs specs: query plan → measure → decide → explain, and the rules that hold for a whole suite."""
