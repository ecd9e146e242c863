"""Extra fields: what an administrator adds to an entity, carried as typed text.

On the wire every value is text that says its own type (`[I:23]`); in the database it is
a JSON value in the owner's `extra_fields` object. Zero, false, the empty text and the
null date are all the same there as on the wire: unset, and then the object has no key.
An entity that has ExtraFields and CustomFields asks `sql` for its definitions, shows
its object with `rules.shown` and saves with `rules.applied`.

Source: reference, ExtraFields and CustomFields of the entities; custom objects.
"""
