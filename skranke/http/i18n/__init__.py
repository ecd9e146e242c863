"""What a client may ask about zones, languages and texts; `wire` does the work."""
