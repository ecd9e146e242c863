"""Priorities: how urgent a request is, and the office hours its clock runs in."""
