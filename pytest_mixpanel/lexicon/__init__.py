"""The tracking plan: its model, what was observed, the difference, audit rules, the ratchet."""
