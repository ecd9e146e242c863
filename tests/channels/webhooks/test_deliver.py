"""Events reach a real receiver, signed and to the byte, or are told of as lost."""

import base64
import hashlib
import hmac
from datetime import timedelta
from functools import partial
from uuid import UUID

import msgspec
import pytest

from skranke import __version__
from skranke.archive.mdo.carriers import MDOListItem
from skranke.channels.mail import sql as mail
from skranke.channels.webhooks import deliveries, operations, resources
from skranke.channels.webhooks.carriers import WebhookNotifyVia, WebhookNotifyWhen, WebhookState
from skranke.channels.webhooks.deliver import MAX_ERROR_CHARACTERS
from skranke.core.cache import ReferenceCache
from skranke.core.clock import Clock
from skranke.core.errors import BadValue, NotFound
from skranke.core.jobs.failures import waiting_failures
from skranke.core.jobs.registry import JOBS
from skranke.core.jobs.worker import JobOutcome, run_round
from skranke.db.database import execute, transaction
from skranke.messages.add import NewMessage, add_message
from skranke.messages.carriers import TicketMessageType
from skranke.messages.sql import send_event
from skranke.tickets.message_rows import TicketSecurityLevel
from tests.cast import ADA, ANNA, NOW
from tests.channels.webhooks.conftest import TELLING, Hooked

MONTH = timedelta(days=30)
DAY = timedelta(days=1).total_seconds()
RELIABLE: dict[str, object] = {"skranke:delivery": "reliable"}


async def letters(hooked: Hooked) -> list[mail.OutboxEmail]:
    async with transaction(hooked.state.pool) as db:
        return await mail.load_emails(db, [mail.WAITING])


async def test_a_new_ticket_is_told_to_the_byte_and_signed(hooked: Hooked):
    properties = {"tenant": 5, "Event": "forged"} | RELIABLE
    headers = {"Authorization": "Bearer 1"}
    await hooked.hook(secret="hush æ", headers=headers, properties=properties)
    ticket_id = await hooked.ticket()
    await hooked.turn()
    [request] = hooked.receiver.got
    assert request.line == "POST /hook?key=1 HTTP/1.1"
    assert request.header("Host") == f"127.0.0.1:{hooked.receiver.port}"
    assert request.header("Content-Type") == "application/json; charset=utf-8"
    assert request.header("User-Agent") == f"NetServer-Webhook/{__version__}"
    assert request.header("X-SuperOffice-Event") == "ticket.created"
    assert request.header("X-SuperOffice-Retry") == "0"
    assert request.header("X-Hook-Test") is None
    assert request.header("Authorization") == "Bearer 1"
    key = hmac.new("hush æ".encode(), request.body, hashlib.sha256).digest()
    assert request.header("X-SuperOffice-Signature") == base64.b64encode(key).decode()
    body = request.json()
    assert request.header("X-SuperOffice-EventId") == body["EventId"]
    assert str(UUID(body["EventId"])) == body["EventId"]
    values = body.pop("FieldValues")
    assert list(body.items()) == [
        ("EventId", body["EventId"]),
        ("Timestamp", "2026-03-02T10:00:00.0000000Z"),
        ("Changes", ["id"]),
        ("Event", "ticket.created"),
        ("PrimaryKey", ticket_id),
        ("Entity", "ticket"),
        ("ContextIdentifier", "Default"),
        ("ChangedByAssociateId", ANNA.associate_id),
        ("WebhookName", "Ours"),
        ("tenant", 5),
    ]
    assert values["id"] == ticket_id
    assert values["owned_by"] == ANNA.ej_user_id
    assert values["created_at"] == "2026-03-02T10:00:00"
    assert values["closed_at"] == "0001-01-01T00:00:00"
    assert (values["cust_id"], values["connect_id"], values["has_attachment"]) == (-1, -1, 0)
    assert not values.keys() & {"title", "author", "from_address", "extra_fields"}
    assert all(isinstance(v, int) or v[4] == "-" for v in values.values())


async def test_a_change_names_the_columns_of_the_database(hooked: Hooked):
    await hooked.hook(events=["Ticket.Changed"])
    ticket_id = await hooked.ticket()
    await hooked.change(ticket_id, title="Printer drowned")
    await hooked.change(ticket_id, title="Printer drowned")
    await hooked.turn()
    [body] = hooked.receiver.bodies()
    assert body["Changes"] == ["id", "title", "last_changed"]  # A12
    assert hooked.receiver.got[0].header("X-SuperOffice-Signature") is None


async def test_what_the_vendor_does_not_know_never_leaves(hooked: Hooked):
    await hooked.hook(events=["door.opened"])
    ticket_id = await hooked.ticket()
    for event in ("ticket.escalated", "skranke.ticket.notify"):
        with pytest.raises(BadValue, match=f"'{event}' is never sent"):
            await hooked.hook(events=[event])
        async with hooked.context_of() as context:
            await execute(
                context.db,
                """
                INSERT INTO event_outbox (event, primary_key, changes, associate_id,
                    happened) VALUES ($1, $2, '{owned_by=0}', 0, $3)
                """,
                event,
                ticket_id,
                NOW,
            )
    await hooked.turn()
    assert hooked.receiver.got == []


async def test_the_sentiment_of_a_message_is_told_without_its_words(hooked: Hooked):
    event = "ticketmessage.sentimentcalculated"
    await hooked.hook(events=[event])
    ticket_id = await hooked.ticket()
    async with hooked.context_of(ANNA) as context:
        message_id = await add_message(
            context,
            NewMessage(
                ticket_id=ticket_id,
                body="Broken again!",
                author="Kari",
                type=TicketMessageType.Plain,
                slevel=TicketSecurityLevel.External,
                created_by=ANNA.ej_user_id,
                person_id=7,
            ),
        )
        sentiment = "UPDATE ej_message SET sentiment = -80, sentiment_confidence = 91"
        await execute(context.db, sentiment)
        await send_event(context.db, event, message_id, 0, NOW)
    await hooked.turn()
    [body] = hooked.receiver.bodies()
    assert (body["Event"], body["Entity"]) == (event, "ticketmessage")
    assert (body["PrimaryKey"], body["ChangedByAssociateId"]) == (message_id, 0)
    values = body["FieldValues"]
    assert (values["sentiment"], values["sentiment_confidence"]) == (-80, 91)
    assert (values["ticket_id"], values["customer_id"]) == (ticket_id, 7)
    assert not values.keys() & {"body", "html_body", "author"}


async def test_a_save_writes_its_event_and_nothing_else_for_hooks(hooked: Hooked):
    hook = await hooked.hook()
    await hooked.ticket()
    assert await hooked.log(hook.webhook_id) == []
    assert hooked.receiver.got == []


async def test_three_attempts_at_once_and_after_one_and_four_seconds(hooked: Hooked):
    hook = await hooked.hook()
    hooked.receiver.status = 500
    await hooked.ticket()
    await hooked.turn(60)
    first, *others = hooked.receiver.got
    assert hooked.seconds() == [0, 1, 5]
    assert [r.header("X-SuperOffice-Retry") for r in hooked.receiver.got] == [*"012"]
    assert {r.body for r in others} == {first.body}
    stored = await hooked.stored(hook.webhook_id)
    assert (stored.total_calls, stored.total_errors) == (3, 3)
    assert (stored.consecutive_errors, stored.state) == (1, WebhookState.Active)
    [delivery] = await hooked.log(hook.webhook_id)
    assert (delivery.state, delivery.attempts) == ("Failed", 3)
    assert delivery.answer_status == 500
    assert delivery.next_try is None


async def test_an_answer_of_200_alone_is_success_and_begins_the_count_anew(hooked: Hooked):
    hook = await hooked.hook()
    hooked.receiver.status = 202
    await hooked.ticket()
    await hooked.turn(60)
    assert len(hooked.receiver.got) == 3
    hooked.receiver.status = 200
    await hooked.ticket()
    await hooked.turn(60)
    stored = await hooked.stored(hook.webhook_id)
    assert (stored.total_calls, stored.total_errors) == (4, 3)
    assert stored.consecutive_errors == 0
    assert [d.state for d in await hooked.log(hook.webhook_id)] == ["Delivered", "Failed"]
    assert stored.last_error.startswith("HTTP 202\ncontent-length: 5\nx-mood: calm\n")
    assert stored.last_error.endswith("\n\ntaken")


async def test_after_nine_failures_a_hook_is_disabled_and_its_people_are_told(hooked: Hooked):
    hook = await hooked.hook(error_emails=["ops@fjord.example"])
    watcher = await hooked.hook(events=[f"webhook{hook.webhook_id}.errors"])
    hooked.receiver.status = 503
    for _ in range(3):
        await hooked.ticket()
        await hooked.turn(60)
    ours = [r for r in hooked.receiver.got if "ticket" in str(r.body)]
    assert hooked.seconds(ours) == [0, 1, 5, 60, 61, 65, 120, 121, 125]
    stored = await hooked.stored(hook.webhook_id)
    assert stored.state is WebhookState.TooManyErrors
    assert stored.consecutive_errors == 3
    [letter] = await letters(hooked)
    assert letter.subject == "Webhook Ours is disabled"
    assert letter.rcpt == ["ops@fjord.example"]
    event_id = ours[-1].json()["EventId"]
    for fact in (event_id, "Ours", "HTTP 503"):
        assert fact in letter.letter.plain
    [told] = await hooked.log(watcher.webhook_id)
    assert told.event == f"webhook{hook.webhook_id}.errors"
    await hooked.ticket()
    await hooked.turn(60)
    assert len(await hooked.log(hook.webhook_id)) == 3


async def test_a_state_event_has_the_hooks_values_and_no_entity(hooked: Hooked):
    hook = await hooked.hook()
    name = f"webhook{hook.webhook_id}"
    await hooked.hook(events=[f"{name}.stopped", f"{name}.started"])
    for state in (WebhookState.Stopped, WebhookState.Stopped, WebhookState.Active):
        await hooked.hook(webhook_id=hook.webhook_id, state=state)
    await hooked.turn()
    stopped, started = hooked.receiver.got
    assert stopped.header("X-SuperOffice-Event") == f"{name}.stopped"
    body = stopped.json()
    assert body["Event"] == "webhook.stopped"
    assert body["PrimaryKey"] == hook.webhook_id
    assert "Entity" not in body
    assert body["FieldValues"] == {
        "events": 2,
        "registered": "2026-03-02T10:00:00",
        "registered_associate_id": ADA.associate_id,
        "state": 2,
        "updated": "2026-03-02T10:00:00",
        "updated_associate_id": ADA.associate_id,
    }
    assert started.json()["FieldValues"]["state"] == 1


@pytest.mark.parametrize("properties", [{}, RELIABLE])
async def test_gone_disables_at_once(hooked: Hooked, properties: dict[str, object]):
    hook = await hooked.hook(properties=properties)
    hooked.receiver.status = 410
    await hooked.ticket()
    await hooked.turn(DAY)
    assert len(hooked.receiver.got) == 1
    stored = await hooked.stored(hook.webhook_id)
    assert stored.state is WebhookState.TooManyErrors


async def test_a_hook_that_is_active_again_begins_without_a_backlog(hooked: Hooked):
    hook = await hooked.hook()
    hooked.receiver.status = 500
    await hooked.ticket()
    await hooked.turn()
    await hooked.hook(webhook_id=hook.webhook_id, state=WebhookState.Stopped)
    await hooked.turn(60)
    [delivery] = await hooked.log(hook.webhook_id)
    assert (delivery.state, delivery.last_error) == ("Failed", "The webhook is not active.")
    hooked.receiver.status = 200
    await hooked.hook(webhook_id=hook.webhook_id, state=WebhookState.Active)
    await hooked.turn(60)
    assert hooked.receiver.got == []
    assert (await hooked.stored(hook.webhook_id)).consecutive_errors == 0


async def test_a_receiver_that_is_down_for_a_day_gets_every_event_once(hooked: Hooked):
    hook = await hooked.hook(properties=RELIABLE)
    hooked.receiver.status = 503
    tickets = [await hooked.ticket(), await hooked.ticket()]
    await hooked.turn(DAY)
    assert (await hooked.stored(hook.webhook_id)).state is WebhookState.Active
    down = hooked.receiver.got.copy()
    assert hooked.seconds(down[::2])[:5] == [0, 5, 35, 155, 755]
    assert "skranke:delivery" not in down[0].json()
    hooked.receiver.got.clear()
    hooked.receiver.status = 200
    await hooked.turn(2 * DAY)
    assert [body["PrimaryKey"] for body in hooked.receiver.bodies()] == tickets
    assert {r.body for r in hooked.receiver.got} == {r.body for r in down}


async def test_a_dead_letter_is_kept_and_replayed_as_it_was(hooked: Hooked):
    hook = await hooked.hook(
        properties=RELIABLE,
        error_emails=["ops@fjord.example"],
        notify_when=WebhookNotifyWhen.FirstFailure,
    )
    hooked.receiver.status = 500
    await hooked.ticket()
    await hooked.turn(4 * DAY)
    tried = hooked.receiver.got.copy()
    [dead] = await hooked.log(hook.webhook_id, "failed")
    assert dead.attempts == len(tried)
    assert [r.subject for r in await letters(hooked)] == ["Webhook Ours fails"]
    hooked.receiver.status = 200
    hooked.receiver.got.clear()
    async with hooked.context_of() as context:
        again = await resources.replay_delivery(context, hook.webhook_id, dead.event_id.upper())
    assert (again.state, again.attempts) == ("Waiting", 0)
    async with hooked.context_of() as context:
        with pytest.raises(BadValue, match="waits already"):
            await resources.replay_delivery(context, hook.webhook_id, dead.event_id)
    await hooked.turn()
    [request] = hooked.receiver.got
    assert request.body == tried[0].body == dead.body.encode()
    assert [d.state for d in await hooked.log(hook.webhook_id)] == ["Delivered"]


async def test_only_what_was_sent_to_a_hook_can_be_replayed_for_it(hooked: Hooked):
    ours, other = await hooked.hook(), await hooked.hook(events=["door.opened"])
    await hooked.ticket()
    await hooked.turn()
    [delivery] = await hooked.log(ours.webhook_id)
    async with hooked.context_of() as context:
        for event_id in (delivery.event_id, "no uuid"):
            with pytest.raises(NotFound, match=f"DeliveryId: {event_id}"):
                await resources.replay_delivery(context, other.webhook_id, event_id)


async def test_the_log_is_read_by_state_and_page(hooked: Hooked):
    hook = await hooked.hook()
    for _ in range(3):
        await hooked.ticket()
    await hooked.turn()
    async with hooked.context_of() as context:
        newest = await resources.get_deliveries(context, hook.webhook_id, "", 0, 1)
        rest = await resources.get_deliveries(context, hook.webhook_id, "Delivered", 1, 0)
        assert await resources.get_deliveries(context, hook.webhook_id, "waiting", 0, 0) == []
        with pytest.raises(BadValue, match="State: 'lost'"):
            await resources.get_deliveries(context, hook.webhook_id, "lost", 0, 0)
        with pytest.raises(NotFound, match="WebhookId: 99"):
            await resources.get_deliveries(context, 99, "", 0, 0)
    assert (len(newest), len(rest)) == (1, 2)
    assert newest[0].event_id not in {d.event_id for d in rest}


async def test_associates_are_told_by_mail_where_both_flags_ask_for_it(hooked: Hooked):
    async with hooked.context_of() as context:
        await execute(
            context.db,
            """
            INSERT INTO email (person_id, email_address)
            VALUES (2, 'ada@fjord.example')
            """,
        )
    await hooked.hook(
        error_associates=[MDOListItem(id=ADA.associate_id)],
        notify_via=WebhookNotifyVia.Email,
        notify_when=WebhookNotifyWhen.Disabling,
    )
    hooked.receiver.status = 410
    await hooked.ticket()
    await hooked.turn()
    assert [r.rcpt for r in await letters(hooked)] == [["ada@fjord.example"]]


async def test_a_longer_answer_is_kept_no_longer_than_it_may_be(hooked: Hooked):
    hook = await hooked.hook()
    hooked.receiver.status = 410
    hooked.receiver.answer = b"x\0" * 100_000
    await hooked.ticket()
    await hooked.turn()
    stored = await hooked.stored(hook.webhook_id)
    assert len(stored.last_error) == MAX_ERROR_CHARACTERS
    assert stored.last_error.endswith("\n\n" + "x" * (MAX_ERROR_CHARACTERS - 46))


async def test_what_is_no_http_and_who_closes_is_a_failure(hooked: Hooked):
    hook = await hooked.hook()
    hooked.receiver.raw = b"220 mail.fjord.example ESMTP\r\n"
    await hooked.ticket()
    await hooked.turn(60)
    assert len(hooked.receiver.got) == 3
    assert "RemoteProtocolError" in (await hooked.stored(hook.webhook_id)).last_error


async def test_a_hook_that_is_deleted_takes_its_deliveries_along(hooked: Hooked):
    hook = await hooked.hook()
    hooked.receiver.status = 500
    await hooked.ticket()
    await hooked.turn()
    await hooked.delete(hook.webhook_id)
    await hooked.turn(60)
    assert len(hooked.receiver.got) == 1
    async with hooked.context_of() as context:
        assert await deliveries.next_due(context.db, NOW) is None


@pytest.mark.parametrize("status", [200, 500])
async def test_a_hook_may_be_deleted_while_it_is_called(hooked: Hooked, status: int):
    hook = await hooked.hook()
    hooked.receiver.status = status
    hooked.receiver.meanwhile = partial(hooked.delete, hook.webhook_id)
    await hooked.ticket()
    await hooked.turn(60)
    assert len(hooked.receiver.got) == 1
    async with hooked.context_of() as context:
        assert await waiting_failures(context.db) == []


async def test_what_a_dead_worker_had_in_hand_is_sent_again(hooked: Hooked):
    await hooked.hook()
    await hooked.ticket()
    await run_round(hooked.state, TELLING[:1])
    async with hooked.context_of() as context:
        assert await deliveries.lease(context.db, NOW, 9, [])
    await hooked.turn(deliveries.LEASE.total_seconds())
    [request] = hooked.receiver.got
    assert request.header("X-SuperOffice-Retry") == "1"
    assert hooked.seconds() == [deliveries.LEASE.total_seconds()]


async def test_whoever_takes_an_event_knows_the_hooks_of_that_moment(hooked: Hooked):
    """Another process may have saved, stopped or deleted one just now."""
    elsewhere = msgspec.structs.replace(hooked.state, cache=ReferenceCache())
    gone = await hooked.hook(name="Gone")
    await hooked.ticket()
    await run_round(elsewhere, TELLING[:1])
    await hooked.delete(gone.webhook_id)
    hook = await hooked.hook()
    await hooked.ticket()
    await run_round(elsewhere, TELLING[:1])
    assert [d.event for d in await hooked.log(hook.webhook_id)] == ["ticket.created"]
    async with hooked.context_of() as context:
        assert await waiting_failures(context.db) == []


async def test_an_attempt_that_outlives_its_lease_changes_nothing(hooked: Hooked):
    """Its worker was asleep meanwhile, and another has delivered, or tries again."""
    hook = await hooked.hook()
    await hooked.ticket()
    await run_round(hooked.state, TELLING[:1])
    late = NOW + deliveries.LEASE
    async with hooked.context_of() as context:
        [delivery_id] = await deliveries.lease(context.db, NOW, 9, [])
        first = await deliveries.load_waiting(context.db, delivery_id)
        assert await deliveries.lease(context.db, late, 9, []) == [delivery_id]
        second = await deliveries.load_waiting(context.db, delivery_id)
        assert first
        assert second
        await deliveries.finish(context.db, first, deliveries.FAILED, 500, "late")
        await deliveries.postpone(context.db, first, late, 500, "late")
    [waits] = await hooked.log(hook.webhook_id)
    assert (waits.state, waits.attempts, waits.last_error) == ("Waiting", 2, "")
    assert waits.next_try == late + deliveries.LEASE
    async with hooked.context_of() as context:
        await deliveries.finish(context.db, second, deliveries.DELIVERED, 200, "")
        await deliveries.finish(context.db, first, deliveries.FAILED, 500, "late")
    [over] = await hooked.log(hook.webhook_id)
    assert (over.state, over.answer_status) == ("Delivered", 200)


async def test_a_hook_that_is_behind_lets_the_others_have_their_turn(hooked: Hooked):
    behind = await hooked.hook()
    for _ in range(15):
        await hooked.ticket()
    await run_round(hooked.state, TELLING[:1])
    other = await hooked.hook(events=["door.opened"])
    async with hooked.context_of() as context:
        await operations.signal_event(context, "door.opened", 1, {})
        first = await deliveries.lease(context.db, NOW, 2, [])
        [theirs] = await deliveries.lease(context.db, NOW, 1, first)
    async with hooked.context_of() as context:
        found = [await deliveries.load_waiting(context.db, i) for i in (*first, theirs)]
    assert {d.webhook_id for d in found[:2] if d} == {behind.webhook_id, other.webhook_id}


async def test_what_is_over_is_forgotten_after_a_month(hooked: Hooked):
    hook = await hooked.hook()
    await hooked.ticket()
    await hooked.turn()
    [forget] = [job for job in JOBS if job.name == "forget deliveries"]
    async with hooked.context_of() as context:
        assert await forget.next_due(context.db, NOW) == NOW + MONTH
    hooked.state.clock = Clock(NOW + MONTH - timedelta(seconds=1))
    assert await run_round(hooked.state, [forget]) == {forget.name: JobOutcome()}
    hooked.state.clock = Clock(NOW + MONTH)
    assert await run_round(hooked.state, [forget]) == {forget.name: JobOutcome(done=1)}
    assert await hooked.log(hook.webhook_id) == []
