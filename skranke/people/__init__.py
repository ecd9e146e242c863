"""Associates, persons and contacts: who calls, who asks, and what each may do."""
