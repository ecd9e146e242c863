"""Tags that tickets carry."""
