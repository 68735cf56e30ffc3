"""Typed inputs → params JSON, as Mixpanel's query endpoints read it. Pure; ``today`` is an argument."""
