"""The demo project: a subscription shop, generated deterministically."""
