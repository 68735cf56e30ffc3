"""pytest and nothing else: options, collection of ``*.checks.yaml``, fixtures, verdict letters, summary, xdist."""
