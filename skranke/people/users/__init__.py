"""Users and user groups: made, changed, disabled and removed."""
