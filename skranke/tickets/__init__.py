"""Tickets: the state machine, who owns them, and the one save that all goes through."""
