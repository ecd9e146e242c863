"""Descriptions of the API: OpenAPI, Swagger 2.0, discovery, coverage and the docs page."""
