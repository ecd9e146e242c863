"""What administrators ask of the ways in which mail comes and goes."""
