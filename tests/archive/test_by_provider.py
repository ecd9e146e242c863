"""What is done to all tickets that an archive finds, at once."""

import pytest

import skranke.app
from skranke.actions.trash.operations import (
    set_deleted_status_by_provider,
    set_spam_status_by_provider,
)
from skranke.archive.carriers import ArchiveRestrictionInfo
from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.catalog.statuses.carriers import TicketBaseStatus
from skranke.core.errors import BadValue, NotFound
from skranke.tickets.carriers import TicketReadStatus
from skranke.tickets.operations import update_tickets_read_status_by_provider
from tests.archive.make import make_ticket
from tests.cast import ADA, ANNA, STEN, ContextOf
from tests.tickets.make import stored

assert skranke.app  # importing it is what lends every provider
ROWS = [ArchiveRestrictionInfo(name="title", operator="begins", values=["Row"])]


async def test_the_tickets_that_are_found_are_binned(context_of: ContextOf):
    ada = context_of(ADA)
    first, second = [await make_ticket(ada, title=f"Row {n}") for n in (1, 2)]
    other = await make_ticket(ada, title="Other")
    deleted = await set_deleted_status_by_provider(ada, "ticket", ROWS)
    assert deleted == [first, second]
    assert (await stored(ada, second)).base_status is TicketBaseStatus.Deleted
    assert (await stored(ada, other)).base_status is TicketBaseStatus.Active
    assert await set_deleted_status_by_provider(ada, "ticket", ROWS) == []


async def test_what_a_stranger_may_not_see_stays_as_it_is(context_of: ContextOf):
    anna, sten = context_of(ANNA), context_of(STEN)
    payroll = TicketCategoryEntity(ticket_category_id=2)
    hidden = await make_ticket(anna, title="Row", category=payroll)
    seen = await make_ticket(anna, title="Row")
    assert await set_spam_status_by_provider(sten, "Ticket", ROWS) == [seen]
    assert (await stored(anna, seen)).base_status is TicketBaseStatus.Spam
    assert (await stored(anna, hidden)).base_status is TicketBaseStatus.Active


async def test_read_marks_are_set(context_of: ContextOf):
    context = context_of(ANNA)
    ticket_id = await make_ticket(context, title="Row")
    marked = await update_tickets_read_status_by_provider(
        context, "FindTicket", ROWS, TicketReadStatus.Yellow
    )
    assert marked == [ticket_id]
    assert (await stored(context, ticket_id)).read_status is TicketReadStatus.Yellow


async def test_nothing_is_done_without_a_restriction_or_to_other_rows(context_of: ContextOf):
    ada = context_of(ADA)
    ticket_id = await make_ticket(ada, title="Row")
    with pytest.raises(BadValue, match="Restrictions: say which tickets"):
        await set_deleted_status_by_provider(ada, "ticket", [])
    with pytest.raises(BadValue, match="ProviderName: Person has no tickets"):
        await set_spam_status_by_provider(ada, "person", ROWS)
    with pytest.raises(NotFound, match="no archive provider 'tickets'"):
        await set_spam_status_by_provider(ada, "tickets", ROWS)
    wrong = [ArchiveRestrictionInfo(name="foo", operator="=", values=["1"])]
    with pytest.raises(BadValue, match=r"Restrictions\[0\]: there is no column"):
        await update_tickets_read_status_by_provider(ada, "ticket", wrong, TicketReadStatus.Green)
    assert (await stored(ada, ticket_id)).base_status is TicketBaseStatus.Active
