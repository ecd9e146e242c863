"""Replacing a status, type or category of all tickets that have it.

It is done before the call returns, in short transactions: a client's next call is to
delete what has been replaced, and no answer of a job's could reach it. What a crash
leaves undone is done by calling again. Each ticket goes through the rules, the log and
the events of every save, and a save that comes between survives.
"""
