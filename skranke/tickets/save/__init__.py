"""The one way a ticket is created and changed."""
