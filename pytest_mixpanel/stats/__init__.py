"""Pure functions on counts: no I/O, no clock, no global randomness."""
