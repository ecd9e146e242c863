"""Customers that have lain in the trash for long enough are removed."""

from skranke.core.context import RequestContext
from skranke.core.jobs.registry import periodic_job
from skranke.people.deletion import service, sql


@periodic_job("purge persons", order=8, due=sql.expired_persons, next_due=sql.next_expired_person)
async def purge_person(context: RequestContext, person_id: int) -> None:
    """Remove one person for good."""
    await service.remove_person(context, person_id)


@periodic_job(
    "purge companies", order=9, due=sql.expired_companies, next_due=sql.next_expired_company
)
async def purge_company(context: RequestContext, contact_id: int) -> None:
    """Remove one company for good."""
    await service.remove_company(context, contact_id)
