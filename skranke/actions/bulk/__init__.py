"""Replies and forwards to many tickets at once, done by a job."""
