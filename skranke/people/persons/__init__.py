"""Persons: made, changed, moved, merged and deleted."""
