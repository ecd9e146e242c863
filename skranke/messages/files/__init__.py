"""Files as they hang on messages: which ones, and what they look like."""
