"""Codecs of the wire's formats: JSON, XML, forms and patches."""
