"""Lists of choices (MDO lists), each lent by the room that owns its items."""
