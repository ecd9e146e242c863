"""Webhooks: who is told of which events, and the deliveries.

An event becomes one delivery for each hook that listens, in the transaction that takes
it; its bytes are fixed then. An errand posts them, signed, as often as the hook's mode
asks for. Addresses inside the desk's own network are refused when the connection is
made. Source: the reference's pages on webhooks.
"""
