"""Tests for product analytics: funnels, retention and tracking plans as pytest checks."""
