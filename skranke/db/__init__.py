"""PostgreSQL: the embedded server, the connection pool and the migrations.

Nothing here knows a concept of the product.
"""
