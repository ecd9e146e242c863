"""Bytes to values and back: JSON, XML, forms and patches."""
