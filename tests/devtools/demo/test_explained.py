"""Every time of every ticket of the demo follows from its own history."""

from random import Random

from skranke.core.cache import ReferenceCache
from skranke.core.context import RequestContext
from skranke.core.jobs.worker import SYSTEM
from skranke.core.settings import Settings
from skranke.db.database import Db
from skranke.tickets.explain.routes import explain
from tests.cast import BASE_LOCALE
from tests.devtools.demo.asking import found
from tests.devtools.demo.conftest import NOW


async def test_what_is_stored_is_what_the_history_gives(demo: Db) -> None:
    context = RequestContext(
        db=demo,
        user=SYSTEM,
        now=NOW,
        settings=Settings(),
        cache=ReferenceCache(),
        rng=Random(1),
        locale=BASE_LOCALE,
    )
    tickets = [row["id"] for row in await found(demo, "SELECT id FROM ticket")]
    told = [await explain(context, ticket) for ticket in tickets]
    assert len(told) > 500
    assert [t.ticket_id for t in told if not t.agrees] == []
    assert {len(t.figures) for t in told} == {12}
