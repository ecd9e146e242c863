"""PostgreSQL and what stands next to it: supervisor, pool, migrations, clock, memory.

Nothing here knows a concept of the desk.
"""
