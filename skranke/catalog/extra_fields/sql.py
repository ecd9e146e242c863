"""Which extra fields the desk has defined."""

from skranke.catalog.extra_fields.encoding import Field
from skranke.db.database import Db, rows


async def load_definitions(db: Db) -> dict[str, dict[str, Field]]:
    """Domain ('ticket') to field_name in lower case to Field, in order of definition.

    A domain without extra fields has no key. Meant for `Memory.recall`.
    """
    found: dict[str, dict[str, Field]] = {}
    for field in await rows(
        db,
        Field,
        """SELECT id, domain, field_name, name, type, size, default_value
           FROM extra_fields ORDER BY id""",
    ):
        found.setdefault(field.domain, {})[field.field_name.lower()] = field
    return found
