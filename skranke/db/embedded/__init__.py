"""A PostgreSQL server of our own: binaries, privileges, tuning, life."""
