"""Files of messages: what they are called, where their bytes lie, how they travel."""
