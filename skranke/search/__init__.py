"""Full-text search: documents are written after saves; the newest matches are ranked.

A subscriber writes a ticket's document when its words have changed (`indexing`). A query
is parsed (`query_parser`), converted to tsqueries (`tsquery`) and looked up in the newest
day, four days, sixteen … until enough tickets are found (`candidates`); the best of them
are returned (`results`). So the cost of a search does not grow with the installation.
"""
