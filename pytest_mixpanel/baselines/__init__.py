"""What "before" means: the previous period, a committed snapshot; provenance; acceptance."""
