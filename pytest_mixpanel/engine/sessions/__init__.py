"""Sessions: where they begin and end, and the events that say so."""
