"""The manual: pages about the public names, written from the objects themselves when somebody asks."""
