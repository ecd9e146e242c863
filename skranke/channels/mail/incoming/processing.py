"""Take a mail from the ledger to its end.

Its bytes are read in a child process, without a connection. What it comes to and its
end are one transaction, so whatever dies on the way leaves nothing half done: the lease
ends, and the mail is tried again.
"""

import logging
from time import monotonic

from skranke import __version__
from skranke.channels.mail.incoming import ledger
from skranke.channels.mail.incoming.importer import import_mail
from skranke.core.app_state import AppState, current_second
from skranke.core.jobs.worker import context_for
from skranke.db.database import execute, transaction
from skranke.db.faults import CONNECTION_ERRORS
from skranke.messages.mime.parsed import ParsedMail
from skranke.messages.mime.process import ParserDied, parse_in_child

log = logging.getLogger("skranke.mail")


async def process_mail(state: AppState, inbound_id: int) -> None:
    """Try once to bring a leased mail to its end; what keeps it from that is noted.

    Raises only where the database is away: the lease then ends by itself.
    """
    async with transaction(state.pool) as db:
        raw = await ledger.load_raw(db, inbound_id)
    try:
        if raw is None:
            raise ParserDied("its bytes are forgotten")
        began = monotonic()
        mail = await parse_in_child(raw, state.settings.mail_parser_bytes)
        await _end(state, inbound_id, mail, began)
    except CONNECTION_ERRORS:
        raise
    except Exception as fault:
        # the mail is at fault, or our rules are: neither holds up the next one
        error = str(fault) if isinstance(fault, ParserDied) else f"{type(fault).__name__}: {fault}"
        if not isinstance(fault, ParserDied):
            log.exception("Mail %d can't be imported", inbound_id)
        async with transaction(state.pool) as db:
            await ledger.fail(db, inbound_id, error, current_second(state.clock))


async def _end(state: AppState, inbound_id: int, mail: ParsedMail, began: float) -> None:
    async with transaction(state.pool) as db:
        await state.cache.refresh(db)
        row = await ledger.lock(db, inbound_id)
        if row is None or row.state != ledger.RECEIVED:
            return
        context = context_for(state, db)
        end = await import_mail(context, row, mail)
        await ledger.finish(db, inbound_id, end, context.now)
        await execute(
            db,
            "UPDATE inbound SET took_ms = $2, parsed_by = $3, is_cut = $4 WHERE id = $1",
            inbound_id,
            int((monotonic() - began) * 1000),
            __version__,
            mail.is_cut,
        )


async def process_now(state: AppState, inbound_id: int) -> None:
    """Bring a mail that was accepted as leased to its end, all attempts in a row."""
    await process_mail(state, inbound_id)
    for _ in range(1, ledger.MAX_FAILURES):
        async with transaction(state.pool) as db:
            soon = current_second(state.clock) + ledger.RETRY_AFTER
            if not await ledger.claim(db, inbound_id, soon):
                return
        await process_mail(state, inbound_id)
