"""Archive lists: registered columns, restrictions and order become one SELECT.

Rooms lend providers in their `archive.py`; this one knows no concept of theirs. What a
caller asks comes as text (`$filter`) or as restriction infos, and both become the same
tree. Every piece of SQL is a literal of the source, which the type checker holds; names
are only ever looked up, and values only ever parameters.
"""
