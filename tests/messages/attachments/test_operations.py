"""Files as the Ticket agent makes, fills, hangs, shows and takes them off."""

from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.core.context import CurrentUser, RequestContext
from skranke.core.errors import BadValue, NotFound, PayloadTooLarge
from skranke.core.schema import EFieldRight, ETableRight
from skranke.core.settings import Settings
from skranke.db.database import Db
from skranke.http.streams import File
from skranke.messages.add import NewMessage, add_message
from skranke.messages.attachments import content
from skranke.messages.attachments.carriers import AttachmentEntity
from skranke.messages.attachments.eml import join_chunks
from skranke.messages.attachments.operations import (
    copy_from_crm_document,
    copy_to_temp_file,
    create_default_attachment_entity,
    get_attachment_entity,
    get_attachment_stream,
    get_rfc_attachment_stream,
    save_attachment_entity,
    upload_attachment,
    validate_attachments,
)
from skranke.messages.files.operations import (
    add_attachments,
    get_attachment_info,
    get_attachment_info_non_inline,
    get_attachment_preview,
    get_preview_attachment_stream,
    get_ticket_attachments,
    remove_message_attachments,
)
from tests.cast import ADA, ANNA, BO, RITA, STEN, ContextOf
from tests.messages.attachments.make import file
from tests.tickets.make import save, stored

Entity = AttachmentEntity
As = Callable[[CurrentUser], RequestContext]
PAYROLL = TicketCategoryEntity(ticket_category_id=2)


@pytest.fixture
def by(context_of: ContextOf, tmp_path: Path) -> As:
    """`by(ANNA)`: a call of hers, with content in a directory of the test's own."""
    settings = Settings(data=tmp_path, max_attachment_bytes=2000)
    return lambda user: context_of(user, settings=settings)


async def described(context: RequestContext, **properties: Any) -> Entity:
    given = frozenset({"Name", "ContentType"})
    posted = Entity(**properties)
    return await save_attachment_entity(replace(context, given=given), posted)


async def message(context: RequestContext, *ids: int, payroll: bool = False, **more: Any) -> int:
    """A message with files on a new ticket; its id."""
    properties = {"category": PAYROLL} if payroll else {}
    ticket = await save(context, title="Pump", **properties)
    draft = NewMessage(ticket_id=ticket.ticket_id, body="A", attachment_ids=list(ids))
    return await add_message(context, replace(draft, **more))


async def ticket_of(context: RequestContext, message_id: int) -> int:
    sql = "SELECT ticket_id FROM ej_message WHERE id = $1"
    return await context.db.fetchval(sql, message_id)


async def body(sent: File) -> bytes:
    return await join_chunks(sent.chunks)


async def test_a_blank_file_says_what_can_be_set(by: As) -> None:
    blank = await create_default_attachment_entity(by(ANNA))
    assert (blank.attachment_id, blank.name, blank.att_size) == (0, "", 0)
    rights = {n: p.field_right.mask for n, p in blank.field_properties.items() if p.field_right}
    assert rights["Name"] is EFieldRight.Update
    assert rights["AttSize"] is EFieldRight.Read
    assert blank.table_right
    assert ETableRight.Insert in blank.table_right.mask
    read = await create_default_attachment_entity(by(RITA))
    assert all(
        p.field_right and p.field_right.mask is EFieldRight.Read
        for p in read.field_properties.values()
    )


async def test_a_file_is_described_filled_and_read(by: As) -> None:
    context = by(ANNA)
    saved = await described(context, name="C:\\temp\\rapport\x07.pdf")
    assert (saved.name, saved.content_type) == ("rapport.pdf", "application/pdf")
    assert (saved.att_size, saved.is_safe_file_extension) == (0, True)
    with pytest.raises(NotFound, match=f"{saved.attachment_id} has no content"):
        await get_attachment_stream(context, saved.attachment_id)
    await upload_attachment(context, saved.attachment_id, b"%PDF-1")
    found = await get_attachment_entity(context, saved.attachment_id)
    assert found
    assert found.att_size == 6
    sent = await get_attachment_stream(context, saved.attachment_id)
    assert (sent.name, sent.content_type, sent.size) == ("rapport.pdf", "application/pdf", 6)
    assert await body(sent) == b"%PDF-1"


async def test_keys_are_long_and_each_is_another(by: As) -> None:
    keys = {(await described(by(ANNA), name="a.txt")).auth_key for _ in range(20)}
    assert len(keys) == 20
    assert all(len(key) >= 32 for key in keys)


async def test_name_and_type_are_replaced_and_nothing_else(by: As) -> None:
    context = by(ANNA)
    one = await file(context, "a.txt", b"abc")
    before = await get_attachment_entity(context, one)
    assert before
    changed = await described(
        context,
        attachment_id=one,
        name="b.exe",
        content_type="application/x-foo",
        att_size=99,
        auth_key="mine",
        is_safe_file_extension=True,
    )
    assert (changed.name, changed.content_type) == ("b.exe", "application/x-foo")
    assert (changed.att_size, changed.is_safe_file_extension) == (3, False)
    assert changed.auth_key == before.auth_key
    guessed = await described(context, attachment_id=one, name="b.png")
    assert guessed.content_type == "image/png"
    for name in ("", "  ", "a/", "\x00"):
        with pytest.raises(BadValue, match="Name: a file needs a name"):
            await described(context, attachment_id=one, name=name)
        with pytest.raises(BadValue, match="Name: a file needs a name"):
            await described(context, name=name)


async def test_what_is_too_long_is_refused(by: As) -> None:
    one = (await described(by(ANNA), name="a.txt")).attachment_id
    with pytest.raises(PayloadTooLarge, match="larger than 2000 bytes"):
        await upload_attachment(by(ANNA), one, b"x" * 2001)
    assert (await described(by(ANNA), attachment_id=one, name="a")).att_size == 0


async def test_content_can_be_replaced_until_others_read_it(by: As, db: Db) -> None:
    context = by(ANNA)
    one = await file(context, "a.txt", b"draft")
    await upload_attachment(context, one, b"final")
    await message(context, one)
    with pytest.raises(BadValue, match=f"AttachmentId: {one} is in use"):
        await upload_attachment(by(BO), one, b"forged")
    assert await body(await get_attachment_stream(context, one)) == b"final"
    late = (await described(context, name="late.txt")).attachment_id
    await message(context, late)
    await upload_attachment(context, late, b"late")
    assert await body(await get_attachment_stream(by(BO), late)) == b"late"


async def test_files_hang_on_messages_and_tickets_know_it(by: As) -> None:
    context = by(ANNA)
    one, two = await file(context, "a.txt", b"a"), await file(context, "b.txt", b"b")
    bare = await message(context)
    ticket_id = await ticket_of(context, bare)
    assert not (await stored(context, ticket_id)).has_attachment
    await add_attachments(by(BO), bare, [])
    with pytest.raises(BadValue, match=f"AttachmentIds: {one} does not exist"):
        await add_attachments(by(BO), bare, [one])  # it is Anna's still
    await add_attachments(context, bare, [two, one, two])
    await add_attachments(context, bare, [one])
    infos = await get_attachment_info(by(RITA), bare)
    assert [info.attachment_id for info in infos] == [one, two]
    assert (await stored(context, ticket_id)).has_attachment
    await remove_message_attachments(by(BO), bare, [one])
    assert (await stored(context, ticket_id)).has_attachment
    with pytest.raises(BadValue, match=f"{one} does not hang on message {bare}"):
        await remove_message_attachments(context, bare, [two, one])
    assert len(await get_attachment_info(context, bare)) == 1
    await remove_message_attachments(context, bare, [two])
    assert await get_attachment_info(context, bare) == []
    assert not (await stored(context, ticket_id)).has_attachment


async def test_images_of_the_text_are_told_apart(by: As) -> None:
    context = by(ANNA)
    image, note = await file(context, "a.png", b"a"), await file(context, "b.txt", b"b")
    both = await message(context, image, note, inline={image: "logo@desk"})
    every = await get_attachment_info(context, both)
    assert [(f.inline_image, f.content_id) for f in every] == [(True, "logo@desk"), (False, "")]
    [alone] = await get_attachment_info_non_inline(context, both)
    assert alone.attachment_id == note
    ticket_id = await ticket_of(context, both)
    listed = await get_ticket_attachments(context, ticket_id)
    assert [f.attachment_id for f in listed] == [image, note]
    await remove_message_attachments(context, both, [note])
    assert not (await stored(context, ticket_id)).has_attachment


async def test_a_ticket_lists_each_file_once(by: As) -> None:
    context = by(ANNA)
    one = await file(context, "a.txt", b"a")
    first = await message(context, one)
    ticket_id = await ticket_of(context, first)
    await add_message(context, NewMessage(ticket_id=ticket_id, body="B", attachment_ids=[one]))
    [listed] = await get_ticket_attachments(by(RITA), ticket_id)
    assert listed.attachment_id == one


async def test_files_are_validated_one_by_one(by: As) -> None:
    context = by(ANNA)
    good = await file(context, "a.txt", b"a")
    hers = await file(by(STEN), "s.txt", b"s")
    bare = (await described(context, name="b.txt")).attachment_id
    results = await validate_attachments(context, [good, bare, hers, 999999, good])
    assert [(r.attachment_id, r.is_valid, r.error_message) for r in results] == [
        (good, True, ""),
        (bare, False, f"Attachment {bare} has no content."),
        (hers, False, f"Attachment {hers} does not exist."),
        (999999, False, "Attachment 999999 does not exist."),
        (good, True, ""),
    ]
    assert await validate_attachments(context, []) == []


async def test_what_hangs_on_nothing_is_its_makers(by: As) -> None:
    one = await file(by(ANNA), "a.txt", b"a")
    for other in (BO, STEN, RITA):
        assert await get_attachment_entity(by(other), one) is None
        with pytest.raises(NotFound, match=f"AttachmentId: {one} does not exist"):
            await get_attachment_stream(by(other), one)
    assert await body(await get_attachment_stream(by(ADA), one)) == b"a"


async def test_a_file_of_payroll_is_nothing_to_a_stranger(by: As) -> None:
    anna, sten = by(ANNA), by(STEN)
    one = await file(anna, "pay.eml", b"Subject: Pay\n\nMuch")
    hidden = await message(anna, one, payroll=True)
    ticket_id = await ticket_of(anna, hidden)
    his = await file(sten, "s.txt", b"s")
    his_message = await message(sten)
    assert await get_attachment_entity(sten, one) is None
    refused = [
        get_attachment_stream(sten, one),
        get_attachment_preview(sten, one),
        get_preview_attachment_stream(sten, one),
        get_rfc_attachment_stream(sten, one, 0),
        upload_attachment(sten, one, b"forged"),
        described(sten, attachment_id=one, name="forged"),
        copy_to_temp_file(sten, "mine.eml", one),
        add_attachments(sten, hidden, [his]),
        add_attachments(sten, his_message, [one]),
        remove_message_attachments(sten, hidden, [one]),
        get_attachment_info(sten, hidden),
        get_attachment_info_non_inline(sten, hidden),
        get_ticket_attachments(sten, ticket_id),
    ]
    for refusal in refused:
        with pytest.raises((NotFound, BadValue), match=r"\w+: \d+ does not exist"):
            await refusal
    [still] = await get_attachment_info(by(BO), hidden)
    assert (still.name, still.att_size) == ("pay.eml", 18)
    assert await get_attachment_info(sten, his_message) == []


async def test_ids_that_are_not_there_are_named(by: As) -> None:
    context, gone = by(ANNA), 987654
    assert await get_attachment_entity(context, gone) is None
    bare = await message(context)
    refused = [
        get_attachment_stream(context, gone),
        get_attachment_preview(context, gone),
        get_preview_attachment_stream(context, gone),
        get_rfc_attachment_stream(context, gone, 0),
        upload_attachment(context, gone, b""),
        described(context, attachment_id=gone, name="a"),
        copy_to_temp_file(context, "a", gone),
        add_attachments(context, gone, []),
        add_attachments(context, bare, [gone]),
        remove_message_attachments(context, gone, []),
        get_attachment_info(context, gone),
        get_attachment_info_non_inline(context, gone),
        get_ticket_attachments(context, gone),
    ]
    for refusal in refused:
        with pytest.raises((NotFound, BadValue), match=rf"\w+: {gone} does not exist"):
            await refusal


async def test_a_template_lends_its_file_to_everybody(by: As, db: Db) -> None:
    one = await file(by(ADA), "terms.pdf", b"%PDF")
    await db.execute(
        """
        WITH t AS (INSERT INTO reply_template (name) VALUES ('T') RETURNING id),
             b AS (INSERT INTO reply_template_body (reply_template_id)
                   SELECT id FROM t RETURNING id)
        INSERT INTO reply_template_attachment SELECT id, $1 FROM b
        """,
        one,
    )
    assert await body(await get_attachment_stream(by(RITA), one)) == b"%PDF"
    bare = await message(by(STEN))
    await add_attachments(by(STEN), bare, [one])
    assert len(await get_attachment_info(by(STEN), bare)) == 1
    with pytest.raises(BadValue, match="in use"):
        await upload_attachment(by(ANNA), one, b"forged")


def letter() -> bytes:
    mail = EmailMessage()
    mail["Subject"] = "Kald pumpe"
    mail["From"] = "Kari Kunde <kari@fjord.example>"
    mail["To"], mail["Cc"] = "desk@skranke.example", "ola@fjord.example"
    mail["Date"] = "Mon, 02 Mar 2026 11:00:00 +0100"
    mail.set_content("Den er kald.")
    mail.add_alternative("<p onclick='x()'>Kald</p><script>x()</script>", "html")
    mail.add_attachment(b"%PDF", "application", "pdf", filename="måling.pdf")
    mail.add_attachment("<script>x()</script>", "html", filename="x.html")
    return mail.as_bytes()


async def test_a_mail_is_previewed_and_its_files_are_read_by_position(by: As) -> None:
    context = by(ANNA)
    one = await file(context, "a.eml", letter())
    shown = await get_attachment_preview(context, one)
    assert (shown.name, shown.mime_type) == ("a.eml", "text/html")
    assert shown.content.strip() == b"<p>Kald</p>"
    assert (shown.email_subject, shown.email_cc) == ("Kald pumpe", "ola@fjord.example")
    assert shown.email_from == "Kari Kunde <kari@fjord.example>"
    assert shown.email_to == "desk@skranke.example"
    assert shown.email_date
    assert shown.email_date.isoformat() == "2026-03-02T10:00:00+00:00"
    pdf, html = shown.email_attachments_info
    assert (pdf.name, pdf.att_size, pdf.is_safe_file_extension) == ("måling.pdf", 4, True)
    assert not html.is_safe_file_extension
    sent = await get_rfc_attachment_stream(context, one, pdf.attachment_id)
    assert (await body(sent), sent.name) == (b"%PDF", "måling.pdf")
    risky = await get_rfc_attachment_stream(context, one, html.attachment_id)
    assert risky.content_type == "application/octet-stream"
    for position in (-1, 2):
        with pytest.raises(NotFound, match=f"Position: {position} does not exist"):
            await get_rfc_attachment_stream(context, one, position)


@pytest.mark.parametrize(
    ("name", "kind", "data", "mime", "shown"),
    [
        ("a.txt", "", b"<b>&", "text/plain", b"<b>&"),
        ("a.csv", "text/csv", b"1;2", "text/plain", b"1;2"),
        ("a.png", "", b"\x89PNG", "image/png", b"\x89PNG"),
        ("a.html", "", b"<p>A<script>x()</script></p>", "text/html", b"<p>A</p>"),
        ("a.xhtml", "application/xhtml+xml", b"<p onload='x'>A</p>", "text/html", b"<p>A</p>"),
        ("a.svg", "", b"<svg onload='x()'/>", "image/svg+xml", b""),
        ("a.zip", "application/zip", b"PK", "application/zip", b""),
    ],
)
async def test_a_preview_holds_nothing_that_runs(
    by: As, name: str, kind: str, data: bytes, mime: str, shown: bytes
) -> None:
    one = await file(by(ANNA), name, data, kind)
    preview = await get_attachment_preview(by(ANNA), one)
    assert (preview.mime_type, preview.content.strip()) == (mime, shown)
    assert (preview.email_subject, preview.email_date) == ("", None)
    document = await get_preview_attachment_stream(by(ANNA), one)
    assert (document.name, document.type, document.stream) == (name, mime, preview.content)
    assert document.size == len(document.stream)


async def test_a_mail_without_end_is_one_file_a_layer(by: As) -> None:
    data = b"Content-Type: message/rfc822\n\n" * 1000
    context = by(ANNA)
    context.settings = Settings(data=context.settings.data)
    one = await file(context, "deep.eml", data)
    assert (await get_attachment_preview(context, one)).content == b""
    assert (await get_rfc_attachment_stream(context, one, 0)).size == len(data) - 30
    with pytest.raises(NotFound, match="Position: 1 does not exist"):
        await get_rfc_attachment_stream(context, one, 1)


async def test_mails_that_took_minutes_are_shown_at_once(by: As) -> None:
    context = by(ANNA)
    context.settings = Settings(data=context.settings.data)
    odd = await file(context, "odd.eml", b"Content-Type: text/plain; name*\n\nhei")
    assert (await get_attachment_preview(context, odd)).content == b"hei"
    parts = b"".join(b"--b\n\nx%d\n" % n for n in range(10_000))
    many = await file(context, "many.eml", b"Content-Type: multipart/mixed; boundary=b\n\n" + parts)
    shown = (await get_attachment_preview(context, many)).email_attachments_info
    assert [one.name for one in shown] == ["rest.eml"]
    long = await file(context, "long.eml", b"Subject: " + b"x" * 1_000_000 + b"\n\nhei")
    assert (await get_attachment_preview(context, long)).content == b"hei"


async def test_a_copy_has_a_name_of_its_own_and_the_same_content(by: As, db: Db) -> None:
    context = by(ANNA)
    one = await file(context, "a.txt", b"abc")
    await message(context, one)
    name = await copy_to_temp_file(by(BO), "../../copy.txt", one)
    assert name.endswith("-copy.txt")
    assert name != await copy_to_temp_file(by(BO), "copy.txt", one)
    sql = "SELECT id FROM attachment WHERE name = $1"
    copy_id = await db.fetchval(sql, name)
    assert await body(await get_attachment_stream(by(BO), copy_id)) == b"abc"
    assert await get_attachment_entity(context, copy_id) is None  # it is Bo's
    assert (await copy_to_temp_file(by(BO), "", one)).endswith("-a.txt")
    bare = (await described(context, name="b.txt")).attachment_id
    with pytest.raises(NotFound, match=f"{bare} has no content"):
        await copy_to_temp_file(context, "c.txt", bare)
    assert await content.load_file_row(db, copy_id)


async def test_there_are_no_documents_to_copy_from(by: As) -> None:
    with pytest.raises(BadValue, match="DocumentId: 7 does not exist: documents"):
        await copy_from_crm_document(by(ANNA), 7)
