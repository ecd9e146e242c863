"""Full text: documents written apart from the saves, and the best of the newest.

A listener writes a ticket's document when its words have changed (`indexing`). A search
is read (`asking`), put into PostgreSQL's terms (`terms`) and looked for in the newest
day, four days, sixteen … until enough is found (`candidates`); of those the best are
shown (`showing`). So what a search costs doesn't grow with the desk.
"""
