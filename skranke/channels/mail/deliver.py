"""A letter's way from the outbox to the mail server, and what is done when it fails.

Trouble that may pass is tried again for three days, later and later; whom the server
refuses for good is named in a message on the ticket.
"""

import logging
from datetime import timedelta
from tempfile import SpooledTemporaryFile

from skranke.channels.mail import sql
from skranke.channels.mail.bounce_report import report_bounce
from skranke.channels.mail.capture import captures
from skranke.channels.mail.compose import write_email
from skranke.channels.mail.sms import SMS_TYPE, SmsGateway, gateway_of
from skranke.channels.mail.smtp import SmtpOutcome, send, server_of
from skranke.core.app_state import AppState
from skranke.core.context import RequestContext
from skranke.core.errors import InternalError, NotFound
from skranke.core.jobs.worker import context_for
from skranke.db.database import transaction

log = logging.getLogger("skranke.channels.mail")
RETRY_DELAYS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240))  # the last again
GIVE_UP_AFTER = timedelta(days=3)
RECHECK_DELAY = timedelta(minutes=5)  # whether there is a way out by now
MAX_MEMORY_BYTES = 1024 * 1024  # bytes of a letter; a longer one lies in a file meanwhile


async def deliver(state: AppState, outbox_id: int) -> None:
    """Try once to hand a letter in, and note what came of it."""
    async with transaction(state.pool) as db:
        letter = await sql.load_email(db, outbox_id)
    if letter is None or letter.status != sql.WAITING:
        return
    outcome = await _attempt(state, letter)
    async with transaction(state.pool) as db:
        await state.cache.refresh(db)
        await _record(context_for(state, db), letter, outcome)


async def _attempt(state: AppState, letter: sql.OutboxEmail) -> SmtpOutcome | None:
    """What came of an attempt; None where there is no way out."""
    if letter.type == SMS_TYPE:
        gateway = gateway_of(state.settings)
        return await _send_sms(gateway, letter) if gateway else None
    if captures(state.settings):
        return SmtpOutcome(taken=letter.rcpt)
    return await _send_mail(state, letter) if state.settings.smtp_url else None


async def _send_mail(state: AppState, letter: sql.OutboxEmail) -> SmtpOutcome:
    with SpooledTemporaryFile(MAX_MEMORY_BYTES) as text:
        try:
            async with transaction(state.pool) as db:
                size = await write_email(context_for(state, db), letter, text)
        except (NotFound, InternalError) as fault:  # a file is lost, or damaged
            return SmtpOutcome(refused=dict.fromkeys(letter.rcpt, fault.message))
        server = server_of(state.settings.smtp_url)
        return await send(server, letter.from_envelope, letter.rcpt, text, size)


async def _send_sms(gateway: SmsGateway, letter: sql.OutboxEmail) -> SmtpOutcome:
    outcome = SmtpOutcome()
    for number in letter.rcpt:
        try:
            await gateway.send(number, letter.letter.plain)
            outcome.taken.append(number)
        except OSError as fault:
            outcome.later[number] = str(fault)
        except ValueError as fault:
            outcome.refused[number] = str(fault)
    return outcome


async def _record(
    context: RequestContext, letter: sql.OutboxEmail, outcome: SmtpOutcome | None
) -> None:
    """Keep what came of an attempt; report those whom no other can reach."""
    if outcome is None:
        log.warning("Letter %d waits: there is no SKRANKE_SMTP_URL", letter.id)
        await sql.keep_waiting(context.db, letter.id, context.now + RECHECK_DELAY)
        return
    tried_often = letter.retries > len(RETRY_DELAYS)
    given_up = tried_often and context.now - letter.created >= GIVE_UP_AFTER
    refused = outcome.refused | (outcome.later if given_up else {})
    if refused:
        await report_bounce(context, letter, refused)
    error = "; ".join(dict.fromkeys([*outcome.later.values(), *refused.values()]))
    if outcome.later and not given_up:
        log.warning("Letter %d waits: %s", letter.id, error)
        wait = RETRY_DELAYS[min(letter.retries, len(RETRY_DELAYS)) - 1]
        left = list(outcome.later)
        await sql.postpone(context.db, letter.id, left, context.now + wait, error)
        return
    await sql.finish(context.db, letter.id, _final_status(context, outcome), error)


def _final_status(context: RequestContext, outcome: SmtpOutcome) -> int:
    if captures(context.settings):
        return sql.CAPTURED
    return sql.SENT if outcome.taken else sql.FAILED
