"""The checks language: units, conditions, specs, the YAML reader, diagnostics, Python builders."""
