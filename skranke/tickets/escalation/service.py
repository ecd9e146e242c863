"""Taking tickets up the chain when it runs out, and telling it what has happened.

What a level wants sent leaves as one `ticket.escalated` event, whose columns name the
level and its audiences; what it wants but can't be done stands in the ticket's log.
"""

from skranke.catalog.priorities.carriers import TicketPriorityEscalateAction as Action
from skranke.catalog.priorities.carriers import TicketPriorityEscalationLevelEntity as Level
from skranke.core.context import RequestContext
from skranke.db.database import execute
from skranke.tickets.escalation import rules
from skranke.tickets.escalation.rules import AlertAction
from skranke.tickets.reference_data import SYSTEM_USER_ID, ReferenceData
from skranke.tickets.row import TicketRow
from skranke.tickets.save.context import SaveReason, save_context
from skranke.tickets.save.update import update_ticket, update_visible_ticket

CUSTOM_DESCRIPTION, ESCALATED = 2, 9  # TicketLogAction


async def escalate(context: RequestContext, ticket_id: int) -> bool:
    """Take a ticket one level up if its time has come; False where it hasn't.

    One level a call, however late it is; log, event and ticket together. A new owner
    by escalation counts as automatic.
    """
    reached: list[Level] = []

    def advance(row: TicketRow, lists: ReferenceData) -> SaveReason | None:
        reached.clear()
        if not rules.is_due(row, context.now):
            return None
        chain = save_context(context, lists).chain(row.priority)
        level = rules.advance_level(row, chain, context.now)
        if level is None:
            return SaveReason()
        reached.append(level)
        row.owned_by = _owner(row, level, lists)
        return SaveReason(action=ESCALATED, by_hand=False)

    async with context.db.transaction():
        revised = await update_ticket(context, ticket_id, advance)
        if revised is None or not revised.has_changed:
            return False
        for level in reached:
            await _send_event(context, ticket_id, level)
            for note in _failure_notes(level, revised.lists):
                await _log_note(context, ticket_id, note)
    return True


async def apply_escalation_action(context: RequestContext, ticket_id: int, action: Action) -> None:
    """Do to a ticket's chain what its priority wants on an action."""

    def keep_row(_row: TicketRow, _lists: ReferenceData) -> SaveReason:
        return SaveReason(escalation_actions=(action,))

    await update_visible_ticket(context, "TicketId", ticket_id, keep_row)


def _owner(row: TicketRow, level: Level, lists: ReferenceData) -> int:
    wish = rules.new_owner(level)
    return row.owned_by if wish is None or not _takes_tickets(wish, lists) else wish


def _takes_tickets(ej_user_id: int, lists: ReferenceData) -> bool:
    user = lists.users.get(ej_user_id)
    return user is not None and not user.deleted


def _failure_notes(level: Level, lists: ReferenceData) -> list[str]:
    """What a level asks for and doesn't get, as sentences."""
    notes: list[str] = []
    wish = rules.new_owner(level)
    if wish is not None and not _takes_tickets(wish, lists):
        notes.append(
            f"Escalation level {level.alert_level}: user {wish} takes no tickets,"
            " so the owner stays."
        )
    if level.action & AlertAction.SCRIPT:
        notes.append(
            f"Escalation level {level.alert_level}: script {level.script_id} was not"
            " run, since scripts aren't supported."
        )
    return notes


async def _send_event(context: RequestContext, ticket_id: int, level: Level) -> None:
    await execute(
        context.db,
        """
        INSERT INTO event_outbox (event, primary_key, changes, associate_id, happened)
        VALUES ('ticket.escalated', $1, $2, $3, $4)
        """,
        ticket_id,
        [f"ticket_alert={level.ticket_alert_id}", *rules.audiences(level)],
        context.user.associate_id,
        context.now,
    )


async def _log_note(context: RequestContext, ticket_id: int, sentence: str) -> None:
    await execute(
        context.db,
        """
        INSERT INTO ticket_log_action
            (ticket_id, org_ticket_id, user_id, log_when, log_action, description)
        VALUES ($1, $1, $2, $3, $4, $5)
        """,
        ticket_id,
        context.user.ej_user_id or SYSTEM_USER_ID,
        context.now,
        CUSTOM_DESCRIPTION,
        sentence,
    )
