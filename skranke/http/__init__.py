"""HTTP and its codecs: bytes become carriers, carriers become bytes.

Nothing here knows a concept of the product. An operation is a typed function under
`@operation`; this package derives its route, body, answer and documentation from the
signature.
"""
