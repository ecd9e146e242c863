"""Which types of tickets belong together, and what closing one means for the other.

Rules for the user interface: a save through the API is bound by none of them. Source:
the manual on relation rules.
"""
