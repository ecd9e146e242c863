"""Names of the vendor's operations, as data."""
