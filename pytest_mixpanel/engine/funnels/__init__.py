"""Funnels: attempts at steps → how many got how far, and when."""
