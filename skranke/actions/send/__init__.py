"""Sending drafts: after a moment in which it can be undone, or at a chosen time."""
