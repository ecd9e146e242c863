"""HTTP and its codecs: bytes become carriers, carriers become bytes.

Nothing here knows a ticket from a person. An operation is a typed function under
`@operation`; this room reads its signature and yields route, body, answer and papers.
"""
