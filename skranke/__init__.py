"""A service desk whose HTTP API is SuperOffice Service's WebAPI."""

__version__ = "0.1.0"
