"""Projects that a ticket may belong to."""
