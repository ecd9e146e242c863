"""Messages of a ticket."""
