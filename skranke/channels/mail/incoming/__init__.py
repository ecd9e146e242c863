"""Mail in: nothing is skipped, nothing is doubled, every mail is accounted for.

A mail is written into the ledger with its bytes, and that is committed, before anybody
looks into it. Then it is read in a process that may die, and what it comes to (ticket,
message, log, event, automatic reply) is committed together with its end in the ledger.
"""
