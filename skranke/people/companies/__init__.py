"""Companies: made, changed, merged and deleted."""
