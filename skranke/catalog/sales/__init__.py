"""Sales that a ticket may belong to."""
