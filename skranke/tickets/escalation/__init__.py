"""Deadlines, escalation levels, and postponed tickets that reopen."""
