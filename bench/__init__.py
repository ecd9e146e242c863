"""How fast a desk saves, beside PostgreSQL alone with the same statements.

    python -m bench [--quick] [--write docs/performance.md]

A fresh demo desk is opened on an embedded server, twice on the same database: with one
worker and with two. Rounds of pgbench and of HTTP take turns, so that a slow disk or a
busy machine is slow for all of them; what counts is the ratio inside a round. Nothing
here judges a figure: the exit is 1 only when an answer was wrong or a save was lost.
"""
