"""Background work: packages register jobs, a worker runs what is due, each item once.

This package knows no concept of the product. A job lists the ids of its due items and
handles one of them; rounds, claims, failures and the emulator's clock work the same way
for all jobs.
"""
