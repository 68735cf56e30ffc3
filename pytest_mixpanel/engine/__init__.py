"""Events → store → logical plan → answer, in the shape Mixpanel answers."""
