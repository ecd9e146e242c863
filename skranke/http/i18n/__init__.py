"""Time zones, languages and translated texts: the request's locale and its operations."""
