"""One query engine: columns, restrictions and order become one statement."""
