"""What persons have consented to."""
