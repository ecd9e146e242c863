"""Tickets made one, and one made two: merge, split, and where a merged id leads."""
