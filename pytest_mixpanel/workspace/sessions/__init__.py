"""Sessions: which account asks, of which project, and how it proves itself."""
