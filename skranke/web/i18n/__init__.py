"""The pages' own texts and dates in the reader's language and zone."""
