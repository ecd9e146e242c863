"""Saved views: named questions to the archive of tickets, one's own or everybody's."""
