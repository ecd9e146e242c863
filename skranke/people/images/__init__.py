"""Pictures of persons."""
