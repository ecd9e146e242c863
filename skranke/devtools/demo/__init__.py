"""A desk to look at: Lunvarm AS, which sells heat pumps and looks after them.

`seed` fills a freshly migrated database. The lists are plain SQL (`desk.sql`), the
conversations plain text (`stories/`), the rest is drawn by a `Random` of fixed seed:
the same `now` gives the same desk, but for the salts of the passwords.

Everybody and everything is invented; addresses end in `.example`, and telephone numbers
are of ranges that nobody has.
"""
