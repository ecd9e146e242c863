"""How tickets are related to each other, and the rules for it."""
