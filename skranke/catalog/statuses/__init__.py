"""The user-defined statuses and the base status that each stands for."""
