"""The agents' pages: what a person sees, made of the same operations as the API.

A page runs in process with the signed-in user's permissions. No SQL and no rule lives
here: a page asks operations, templates show what they answer.
"""
