"""What a project holds: its names and values, its events as they came, their quality."""
