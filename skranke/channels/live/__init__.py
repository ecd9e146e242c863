"""What open browsers are told: which ticket has changed, and who else is on it."""
