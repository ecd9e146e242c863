"""What an agent is writing on a ticket: kept until its author sends or discards it."""
