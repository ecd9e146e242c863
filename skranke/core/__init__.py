"""Shared foundations without HTTP: context, errors, settings, clock, caches, jobs."""
