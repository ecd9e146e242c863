"""What a save of a company would refuse, without saving."""

from skranke.core.context import RequestContext
from skranke.core.errors import BadValue
from skranke.people.companies import save, sql
from skranke.people.companies.carriers import ContactEntity
from skranke.people.companies.row import LoadedCompany
from skranke.people.reference_data.sql import load_reference


async def faults(context: RequestContext, posted: ContactEntity) -> dict[str, str]:
    """The first fault by property; empty when the company could be saved."""
    reference = await context.get_cached(load_reference)
    before: LoadedCompany | None = save.default_company(context, reference)
    if posted.contact_id:
        before = await sql.load_company(context.db, posted.contact_id)
    if before is None:
        return {"ContactId": f"{posted.contact_id} does not exist"}
    try:
        await save.apply_posted(context, before, posted, reference)
    except BadValue as fault:
        return {fault.name: fault.message.partition(": ")[2]}
    return {}
