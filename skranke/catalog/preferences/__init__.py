"""The installation's own settings, from the registry table."""
