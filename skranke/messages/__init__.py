"""Messages: what customers, agents and colleagues write on a ticket."""
