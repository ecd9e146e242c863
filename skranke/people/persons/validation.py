"""What a save of a person would refuse, without saving."""

from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.people.persons import save, sql
from skranke.people.persons.carriers import PersonEntity
from skranke.people.persons.row import LoadedPerson
from skranke.people.reference_data.sql import load_reference


async def faults(context: RequestContext, posted: PersonEntity) -> dict[str, str]:
    """The first fault by property; empty when the person could be saved."""
    reference = await context.get_cached(load_reference)
    before: LoadedPerson | None = save.default_person(context, reference, None)
    if posted.person_id:
        before = await sql.load_person(context.db, posted.person_id)
    if before is None:
        return {"PersonId": f"{posted.person_id} does not exist"}
    try:
        await save.apply_posted(context, before, posted, reference)
    except BadValue as fault:
        return {fault.name: fault.message.partition(": ")[2]}
    return {}
