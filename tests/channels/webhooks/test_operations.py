"""The Webhook agent: each operation by a later read, its errors, and its right."""

from functools import partial
from typing import Any

import pytest
from msgspec.structs import replace

from skranke.archive.mdo.carriers import MDOListItem
from skranke.channels.webhooks import operations
from skranke.channels.webhooks.carriers import DefaultWebhook, Webhook, WebhookState
from skranke.channels.webhooks.http_call import signature
from skranke.channels.webhooks.validation import MAX_PROPERTIES_BYTES, check
from skranke.core.context import Permission
from skranke.core.errors import BadValue, NotFound
from skranke.core.settings import Settings
from skranke.http.operation import OPERATIONS
from tests.cast import ADA, ANNA, BO, NOW
from tests.channels.webhooks.conftest import SETTINGS, Hooked


async def test_a_default_is_active_and_is_not_saved(hooked: Hooked):
    async with hooked.context_of() as context:
        blank = await operations.create_default_webhook(context)
        known = await operations.get_all_webhooks(context, "", "", WebhookState.Unknown)
    assert blank == DefaultWebhook(
        state=WebhookState.Active, type="webhook", events=["contact.created", "contact.deleted"]
    )
    assert known == []


async def test_a_new_hook_is_tested_and_then_kept(hooked: Hooked):
    wish: dict[str, Any] = {
        "name": "Ours",
        "events": ["ticket.created"],
        "headers": {"X-Tenant": "5", "Accept": "text/plain"},
        "properties": {"tenant": {"id": 5}, "tags": [1, "a"]},
        "description": "Why",
        "error_emails": ["ops@fjord.example"],
        "error_associates": [MDOListItem(id=BO.associate_id)],
    }
    saved = await hooked.save(target_url=hooked.receiver.url, secret="hush", **wish)
    [test] = hooked.receiver.got
    assert test.header("X-Hook-Test") == "true"
    assert test.header("X-SuperOffice-Event") == "test"
    assert (test.header("X-Tenant"), test.header("Accept")) == ("5", "text/plain")
    assert test.header("X-SuperOffice-Signature") == signature("hush", test.body)
    body = test.json()
    assert list(body.items())[1:] == [
        ("Timestamp", "2026-03-02T10:00:00.0000000Z"),
        ("Changes", []),
        ("Event", "test"),
        ("PrimaryKey", 0),
        ("Entity", "test"),
        ("ContextIdentifier", "Default"),
        ("ChangedByAssociateId", ADA.associate_id),
        ("WebhookName", "Ours"),
        ("tenant", {"id": 5}),
        ("tags", [1, "a"]),
    ]
    stored = await hooked.stored(saved.webhook_id)
    assert stored == saved
    assert {name: getattr(stored, name) for name in wish} == wish | {
        "error_associates": stored.error_associates
    }
    assert stored.error_associates[0].name == "Bo Berg"
    assert (stored.state, stored.type) == (WebhookState.Active, "webhook")
    assert (stored.registered, stored.updated) == (NOW, None)
    assert stored.registered_associate
    assert stored.registered_associate.associate_id == ADA.associate_id
    assert stored.total_calls == 0


async def test_a_secret_is_never_told_kept_when_null_and_removed_when_empty(hooked: Hooked):
    hook = await hooked.hook(secret="hush")
    assert hook.secret is None
    for secret, signed in ((None, "hush"), ("louder", "louder"), ("", "")):
        saved = await hooked.save(webhook_id=hook.webhook_id, secret=secret)
        assert saved.secret is None
        request = hooked.receiver.got.pop()
        told = request.header("X-SuperOffice-Signature")
        assert told == (signature(signed, request.body) if signed else None)


async def test_a_save_keeps_what_is_absent_and_what_the_desk_counts(hooked: Hooked):
    hook = await hooked.hook(description="Why")
    await hooked.save(
        webhook_id=hook.webhook_id,
        name="Theirs",
        total_calls=99,
        last_error="none",
        registered=None,
    )
    stored = await hooked.stored(hook.webhook_id)
    assert (stored.name, stored.description) == ("Theirs", "Why")
    assert (stored.total_calls, stored.registered, stored.updated) == (0, NOW, NOW)


async def test_a_receiver_that_fails_the_test_is_not_saved(hooked: Hooked):
    hooked.receiver.status = 404
    hooked.receiver.answer = b"no such hook"
    with pytest.raises(BadValue, match=r"TargetUrl: .*HTTP 404(.|\n)*no such hook"):
        await hooked.hook()
    async with hooked.context_of() as context:
        assert await operations.get_all_webhooks(context, "", "", WebhookState.Unknown) == []


async def test_a_hook_can_be_stopped_though_its_receiver_is_dead(hooked: Hooked):
    hook = await hooked.hook()
    hooked.receiver.status = 500
    await hooked.hook(webhook_id=hook.webhook_id, state=WebhookState.Stopped)
    stored = await hooked.stored(hook.webhook_id)
    assert stored.state is WebhookState.Stopped
    with pytest.raises(BadValue, match="TargetUrl"):
        await hooked.hook(webhook_id=hook.webhook_id, state=WebhookState.Active)


@pytest.mark.parametrize(
    ("properties", "named"),
    [
        ({"target_url": ""}, "TargetUrl"),
        ({"target_url": "ftp://fjord.example"}, "TargetUrl"),
        ({"target_url": "https://"}, "TargetUrl"),
        ({"target_url": "http://a:b@fjord.example"}, "TargetUrl"),
        ({"target_url": "https://fjord.example/" + "x" * 2000}, "TargetUrl"),
        ({"target_url": "https://fjord.example:port"}, "TargetUrl"),
        ({"target_url": "https://fjord.example:65536"}, "TargetUrl"),
        ({"target_url": "https://xn--/"}, "TargetUrl"),
        ({"type": "crmscript"}, "Type"),
        ({"name": "x" * 256}, "Name"),
        ({"events": ["a.b,c.d"]}, "Events"),
        ({"events": [""]}, "Events"),
        ({"events": ["x.y"] * 1001}, "Events"),
        ({"headers": {"X-Superoffice-Signature": "forged"}}, "Headers"),
        ({"headers": {"content-TYPE": "text/plain"}}, "Headers"),
        ({"headers": {"Host": "inside"}}, "Headers"),
        ({"headers": {"X A": "1"}}, "Headers"),
        ({"headers": {"X-A\r\nX-B": "1"}}, "Headers"),
        ({"headers": {"X-A": "1\r\nX-B: 2"}}, "Headers.X-A"),
        ({"headers": {"X-A": "æ"}}, "Headers.X-A"),
        ({"headers": {"X-A": " 1"}}, "Headers.X-A"),
        ({"headers": {"X-A": "1\t"}}, "Headers.X-A"),
        ({"headers": {"X-A": "x" * 9000}}, "Headers"),
        ({"properties": {"skranke:delivery": "never"}}, "Properties.skranke:delivery"),
        ({"properties": {"skranke:delivery": ["exact"]}}, "Properties.skranke:delivery"),
        ({"properties": {"text": "x" * MAX_PROPERTIES_BYTES}}, "Properties"),
        ({"error_emails": ["ops@fjord.example", "nobody"]}, "ErrorEmails"),
        ({"state": WebhookState.TooManyErrors}, "State"),
        ({"error_associates": [MDOListItem(id=99)]}, "ErrorAssociates"),
    ],
)
async def test_what_can_not_be_is_named(hooked: Hooked, properties: dict[str, Any], named: str):
    with pytest.raises(BadValue) as refused:
        await hooked.hook(**properties)
    assert refused.value.name == named
    assert hooked.receiver.got == []


@pytest.mark.parametrize(
    "url", ["http://fjord.example/", "https://127.0.0.1/", "https://[::ffff:a00:1]/"]
)
def test_a_desk_asks_for_https_outside_unless_it_is_told_otherwise(url: str):
    hook = Webhook(target_url=url, type="webhook", state=WebhookState.Active)
    with pytest.raises(BadValue, match="TargetUrl"):
        check(Settings(), hook)
    check(Settings(emulator=True), hook)
    check(SETTINGS, hook)


async def test_a_name_that_leads_inside_fails_its_test(hooked: Hooked):
    outside = Settings(webhooks_require_https=False)
    hook = Webhook(target_url=f"http://localhost:{hooked.receiver.port}/")
    async with hooked.context_of(settings=outside) as context:
        context = replace(context, given=frozenset({"TargetUrl"}))
        with pytest.raises(BadValue, match="not on the open internet"):
            await operations.save_webhook(context, hook)
    assert hooked.receiver.got == []


async def test_the_older_name_of_error_emails_is_read_too(hooked: Hooked):
    hook = await hooked.hook(errors_email="a@fjord.example; b@fjord.example")
    assert hook.error_emails == ["a@fjord.example", "b@fjord.example"]
    changed = replace(hook, errors_email="c@fjord.example")
    async with hooked.context_of(given=frozenset({"ErrorsEmail", "ErrorEmails"})) as context:
        saved = await operations.save_webhook(context, changed)
    assert saved.error_emails == ["c@fjord.example"]
    assert saved.errors_email == "c@fjord.example"


async def test_hooks_are_found_by_name_event_and_state(hooked: Hooked):
    one = await hooked.hook(name="One", events=["door.opened"])
    two = await hooked.hook(name="Two", state=WebhookState.Stopped)
    filters = {
        ("", "", WebhookState.Unknown): [one, two],
        ("one", "", WebhookState.Unknown): [one],
        ("", "Door.Opened", WebhookState.Unknown): [one],
        ("", "", WebhookState.Stopped): [two],
        ("one", "", WebhookState.Stopped): [],
        ("on", "", WebhookState.Unknown): [],
    }
    async with hooked.context_of() as context:
        for asked, found in filters.items():
            assert await operations.get_all_webhooks(context, *asked) == found


async def test_a_test_tells_the_answer_and_saves_nothing(hooked: Hooked):
    hook = await hooked.hook(secret="hush")
    names = frozenset({"TargetUrl"})
    async with hooked.context_of(given=names) as context:
        good = await operations.test_webhook(context, Webhook(target_url=hook.target_url))
        hooked.receiver.status = 418
        bad = await operations.test_webhook(
            context, Webhook(webhook_id=hook.webhook_id, target_url=hook.target_url)
        )
        with pytest.raises(BadValue, match="TargetUrl"):
            await operations.test_webhook(context, Webhook(target_url="nowhere"))
        with pytest.raises(NotFound, match="WebhookId: 99"):
            await operations.test_webhook(context, Webhook(webhook_id=99))
    assert (good.success, bad.success) == (True, False)
    assert good.message == "HTTP 200\ncontent-length: 5\nx-mood: calm\n\ntaken"
    assert bad.message.startswith("HTTP 418\n")
    assert hooked.receiver.got[1].header("X-SuperOffice-Signature")
    assert await hooked.stored(hook.webhook_id) == hook


async def test_a_hook_that_is_not_there(hooked: Hooked):
    with pytest.raises(NotFound, match="WebhookId: 99"):
        await hooked.save(webhook_id=99, name="Nobody")
    async with hooked.context_of() as context:
        assert await operations.get_webhook(context, 99) is None
        for operation in (operations.delete_webhook, operations.get_last_error):
            with pytest.raises(NotFound, match="WebhookId: 99"):
                await operation(context, 99)


async def test_a_hook_that_is_deleted_while_it_is_tested_does_not_come_back(hooked: Hooked):
    hook = await hooked.hook()
    hooked.receiver.meanwhile = partial(hooked.delete, hook.webhook_id)
    with pytest.raises(NotFound, match=f"WebhookId: {hook.webhook_id}"):
        await hooked.save(webhook_id=hook.webhook_id, name="Theirs")
    async with hooked.context_of() as context:
        assert await operations.get_all_webhooks(context, "", "", WebhookState.Unknown) == []


async def test_a_deleted_hook_is_gone(hooked: Hooked):
    hook = await hooked.hook()
    async with hooked.context_of() as context:
        await operations.delete_webhook(context, hook.webhook_id)
        assert await operations.get_webhook(context, hook.webhook_id) is None


async def test_the_last_error_is_empty_until_there_is_one(hooked: Hooked):
    hook = await hooked.hook()
    async with hooked.context_of() as context:
        assert await operations.get_last_error(context, hook.webhook_id) == ""
    hooked.receiver.status = 410
    await hooked.ticket()
    await hooked.turn()
    async with hooked.context_of() as context:
        told = await operations.get_last_error(context, hook.webhook_id)
    assert told == "HTTP 410\ncontent-length: 5\nx-mood: calm\n\ntaken"


async def test_an_event_of_ones_own_reaches_who_listens(hooked: Hooked):
    await hooked.hook(events=["door.opened"])
    await hooked.hook(events=["door.closed"])
    async with hooked.context_of(ANNA) as context:
        await operations.signal_event(context, "door.opened", 7, {"by": "wind", "n": 1})
    await hooked.turn()
    [body] = hooked.receiver.bodies()
    assert body["Event"] == "door.opened"
    assert (body["Entity"], body["PrimaryKey"]) == ("door", 7)
    assert body["Changes"] == ["by", "n"]
    assert body["FieldValues"] == {"by": "wind", "n": 1}
    assert body["ChangedByAssociateId"] == ANNA.associate_id


@pytest.mark.parametrize(
    "event",
    [
        "",
        "door",
        "test",
        "ticket.changed",
        "Ticket.Created",
        "skranke.x",
        "webhook12.errors",
        "webhook.errors",
        "a.b\r\nX: 1",
        "dør.åpnet",
    ],
)
async def test_an_event_that_the_desk_tells_is_not_signalled(hooked: Hooked, event: str):
    async with hooked.context_of(ANNA) as context:
        with pytest.raises(BadValue, match="EventName"):
            await operations.signal_event(context, event, 1, {})
        with pytest.raises(BadValue, match="Data"):
            await operations.signal_event(context, "a.b", 1, {"x": "y" * 300_000})


def test_hooks_are_the_administrators_and_events_the_agents():
    rights = {
        o.name: o.permission
        for o in OPERATIONS
        if o.path.startswith(("/api/v1/Agents/Webhook/", "/api/v1/Webhook"))
    }
    assert rights.pop("SignalEvent") is Permission.WRITE
    assert set(rights.values()) == {Permission.ADMINISTER}
    assert len(rights) > 12
