"""Ticket types: what a request is, and which statuses and priorities it may have."""
