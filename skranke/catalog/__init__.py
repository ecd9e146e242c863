"""What a ticket points at: categories, priorities, statuses, types, tags and extra fields."""
