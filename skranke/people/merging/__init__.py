"""Moving and merging: one customer takes over what belongs to another."""
