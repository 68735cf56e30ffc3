"""Which events and users a plan speaks of."""
