"""Compiled loops over integer arrays that walk users; readable as the definition of the semantics."""
