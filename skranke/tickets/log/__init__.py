"""What was done to a ticket: who, when, which property from what to what."""
