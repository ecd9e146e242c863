"""Files of tickets and the frames in which mails are shown."""

from urllib.parse import quote

from starlette.responses import Response

from skranke.core.errors import NotFound
from skranke.messages.attachments.carriers import AttachmentEntity
from skranke.messages.attachments.operations import get_attachment_stream, upload_attachment
from skranke.messages.attachments.operations import save_attachment_entity as save_file
from skranke.messages.carriers import ImageEmbedType
from skranke.messages.operations import (
    get_ticket_message_entity,
    get_ticket_message_with_embedded_data,
)
from skranke.web.mail_html import is_coloured
from skranke.web.page import Page, compressed
from skranke.web.rendering import render
from skranke.web.security import FILE_POLICY, MAIL_POLICY, MAIL_POLICY_WITH_IMAGES

SHOWN_IN_BROWSER = ("image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf")


async def serve_file(page: Page) -> Response:
    """`GET /ticket/{id}/file/{file}`: a file; images and PDF open, all others are saved."""
    file = await page.call(
        get_attachment_stream, page.context, page.request.path_params["attachment_id"]
    )
    # the connection goes back before a slow client has taken the whole file
    content = b"".join([piece async for piece in file.chunks])
    kind = file.content_type
    shown = kind.partition(";")[0] in SHOWN_IN_BROWSER
    disposition = "inline" if shown else "attachment"
    headers = {
        "content-disposition": f"{disposition}; filename*=UTF-8''{quote(file.name)}",
        "content-security-policy": FILE_POLICY,
        "x-content-type-options": "nosniff",
        "cache-control": "private, max-age=600",
    }
    return Response(content, headers=headers, media_type=kind)


async def show_mail(page: Page) -> Response:
    """`GET /ticket/{id}/message/{message}`: a mail as the document of a sandboxed frame."""
    message = await page.call(
        get_ticket_message_with_embedded_data,
        page.context,
        page.request.path_params["message_id"],
        ImageEmbedType.Inline,
    )
    ticket_id = page.request.path_params["ticket_id"]
    if message is None or message.ticket is None or message.ticket.ticket_id != ticket_id:
        raise NotFound(page.translate("There is no such message."))
    html = message.html_body
    white = is_coloured(html)
    scheme = (
        "light" if white else {"system": "light dark"}.get(page.settings.theme, page.settings.theme)
    )
    text = (
        f'<!doctype html><html lang="{message.language or "en"}"><head><meta charset="utf-8">'
        f'<meta name="color-scheme" content="{scheme}"><title>{message.ej_message_id}</title>'
        '<base target="_blank"><style>'
        f":root{{color-scheme:{scheme}}}"
        "body{margin:12px 16px;font:14px/22px system-ui,sans-serif;overflow-wrap:anywhere}"
        "img{max-width:100%;height:auto}blockquote{margin:8px 0;padding-left:12px;"
        "border-left:2px solid #8b867b}</style></head><body>"
        f"{html}</body></html>"
    )
    policy = MAIL_POLICY_WITH_IMAGES if page.query("images") == "1" else MAIL_POLICY
    headers = {"content-security-policy": policy, "referrer-policy": "no-referrer"}
    return compressed(page.request, text, 200, headers)


async def show_source(page: Page) -> Response:
    """`GET /ticket/{id}/message/{message}/source`: headers and plain text of a message."""
    message = await page.call(
        get_ticket_message_entity, page.context, page.request.path_params["message_id"]
    )
    if message is None:
        raise NotFound(page.translate("There is no such message."))
    return render(page, "source.html", message=message)


async def upload(page: Page) -> Response:
    """`POST /files`: keep a file for a draft; its id, name and size as JSON.

    The body is the content; the name is in the address, the type in the header.
    """
    name = page.query("name")[:255] or "file"
    kind = page.request.headers.get("content-type", "application/octet-stream")
    entity = AttachmentEntity(name=name, content_type=kind[:255])
    saved = await page.call(save_file, page.given("Name", "ContentType"), entity)
    await page.call(upload_attachment, page.context, saved.attachment_id, page.form.content)
    return Response(b'{"id":%d}' % saved.attachment_id, media_type="application/json")
