"""What the server says of itself: OpenAPI, Swagger 2.0, discovery, coverage, docs page."""
