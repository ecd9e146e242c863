"""How the desk is doing: what is open, what came and went, how long it took."""
