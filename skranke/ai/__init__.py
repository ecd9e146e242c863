"""What the desk understands by itself: language, sentiment and category.

A message that comes to a ticket is written down in a queue; an errand of the worker
reads it, thinks in a thread of its own, and writes what it has found beside the message
and the ticket. No save waits for it, nothing leaves the machine unless its settings
name a service, and what isn't known well enough is not said.
"""
