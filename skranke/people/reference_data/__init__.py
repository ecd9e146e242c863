"""Lists that describe customers: countries, categories, positions and their like."""
