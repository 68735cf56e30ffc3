"""One module per kind of check: what it asks, what it measures, how it decides, how it explains."""
