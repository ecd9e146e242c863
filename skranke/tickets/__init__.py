"""Tickets: the state machine, who owns them, and the one save that everything goes through."""
