"""What every room needs and no HTTP: context, errors, settings, clock, caches, jobs."""
