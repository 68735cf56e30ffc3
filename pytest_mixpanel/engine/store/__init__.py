"""Events on disk: columns sorted by user and time, dictionary-coded, memory-mapped."""
