"""Tickets that users follow."""
