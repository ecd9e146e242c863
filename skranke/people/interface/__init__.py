"""How one person wants the pages: language, zone, colours, density, keys."""
