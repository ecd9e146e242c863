"""Walk through a mail's parts: which are its text, which are files, what is a report.

The text is the first plain and the first html text of an alternative; further texts that
stand in line are appended in their order. An image is shown where the html names its
Content-ID. All else is a file: nothing is left out.
"""

import re
from collections.abc import Iterator
from html import escape

from msgspec import Struct

from skranke.messages.html_to_text import plain_text
from skranke.messages.mime import cms, tnef
from skranke.messages.mime.charsets import decode
from skranke.messages.mime.entity import BYTES, MAIL, Entity, parse_entity, parts_of
from skranke.messages.mime.names import part_name
from skranke.messages.mime.parsed import (
    MAX_DECODED_BYTES,
    MAX_DEPTH,
    MAX_FILES,
    MAX_PARTS,
    MAX_TEXT_CHARACTERS,
    MailFile,
    Report,
)
from skranke.messages.mime.plain_text import calendar_summary, normalise_lines, unflow
from skranke.messages.mime.report import read_report
from skranke.messages.mime.transfer import uuencoded

TEXT_TYPES = frozenset({"text/plain", "text/html"})
REPORT_TYPES = frozenset(
    {"message/delivery-status", "message/global-delivery-status"}
    | {"message/disposition-notification", "text/rfc822-headers", "message/rfc822"}
    | {"message/global-headers", "message/global", "message/feedback-report"}
)
TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
CMS_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
NAMED_CID = re.compile(r"cid:([^\"'\s>)]{1,255})", re.IGNORECASE)
CUT_NOTE = "The text was cut here; all of it is attached."
LIMIT_NOTE = "This mail has more parts than are read; the rest is attached as rest.eml."
ENCRYPTED_NOTE = "This mail is encrypted; its content is attached."


class Text(Struct):
    """A piece of the body; a form that it lacks is None."""

    plain: str | None = None
    html: str | None = None


class LimitReached(Exception):
    """There is more in the mail than is read; `entity` is the first that is not."""

    def __init__(self, entity: Entity) -> None:
        super().__init__(entity.start)
        self.entity = entity


class Collector:
    """What a mail's parts come to; `collect` fills it once."""

    def __init__(self, whole: Entity, subject: str) -> None:
        self.whole = whole
        self.subject = subject
        self.pieces: list[Text] = []
        self.files: list[MailFile] = []
        self.report: Report | None = None
        self.calendars: list[str] = []
        self.notes: list[str] = []
        self.is_cut = False
        self.parts = 0
        self.decoded = 0  # bytes

    def collect(self) -> None:
        """Walk through all parts, as far as the limits allow."""
        try:
            self._walk(self.whole, 0)
        except LimitReached as reached:
            self.is_cut = True
            self.notes.append(LIMIT_NOTE)
            rest = reached.entity
            self.files.append(
                MailFile(name="rest.eml", content_type=MAIL, data=rest.data[rest.start :])
            )
        if not self.pieces and self.calendars:
            self.pieces = [Text(plain=text) for text in self.calendars]

    def texts(self) -> tuple[str, str]:
        """The body as plain text and as html; html is "" where nobody wrote any."""
        pieces = [piece for piece in self.pieces if (piece.plain or piece.html or "").strip()]
        html = ""
        if any(piece.html and piece.html.strip() for piece in pieces):
            html = "\n".join(_as_html(piece) for piece in pieces)
        plain = "\n".join(_as_plain(piece) for piece in pieces).strip("\n")
        self._mark_inline(html)
        return self._cut(plain, "body.txt", "text/plain"), self._cut(html, "body.html", "text/html")

    def _mark_inline(self, html: str) -> None:
        """Leave a Content-ID only to the first file that the html shows by it."""
        named = {cid.lower() for cid in NAMED_CID.findall(html)}
        for file in self.files:
            cid = file.content_id.lower()
            if cid in named:
                named.discard(cid)
            else:
                file.content_id = ""

    def _cut(self, text: str, name: str, content_type: str) -> str:
        if len(text) <= MAX_TEXT_CHARACTERS:
            return text
        self.files.append(MailFile(name=name, content_type=content_type, data=text.encode()))
        self.notes.append(CUT_NOTE)
        return text[:MAX_TEXT_CHARACTERS]

    def _walk(self, entity: Entity, depth: int) -> None:
        self.parts += 1
        if self.parts > MAX_PARTS or depth > MAX_DEPTH:
            raise LimitReached(entity)
        if entity.is_multipart and self._walk_multipart(entity, depth):
            return
        if entity.type in REPORT_TYPES:
            self.report = read_report(self.report, entity, self.whole)
        if entity.type in CMS_TYPES:
            self._add_cms(entity, depth)
        elif _is_text(entity, self.whole):
            self._add_text(entity)
        else:
            self._add_file(entity)

    def _walk_multipart(self, entity: Entity, depth: int) -> bool:
        """Walk through a multipart; False where it has no parts and is read as text."""
        ranges = parts_of(entity)
        first = next(ranges, None)
        if first is None:
            return False
        child = parse_entity(entity.data, *first)
        if entity.type == "multipart/signed":
            self._walk(child, depth + 1)
            self._keep(MailFile(name="signed.eml", content_type=MAIL, data=entity.raw), entity)
            return True
        if entity.type == "multipart/encrypted":
            self.notes.append(ENCRYPTED_NOTE)
        if entity.type == "multipart/alternative":
            self._walk_alternative(child, entity, ranges, depth)
            return True
        self._walk(child, depth + 1)
        for start, end in ranges:
            self._walk(parse_entity(entity.data, start, end), depth + 1)
        return True

    def _walk_alternative(
        self, first: Entity, entity: Entity, ranges: Iterator[tuple[int, int]], depth: int
    ) -> None:
        """The first plain and the first html form; they are one piece of the body."""
        outer, self.pieces = self.pieces, []
        try:
            self._walk(first, depth + 1)
            for start, end in ranges:
                self._walk(parse_entity(entity.data, start, end), depth + 1)
        finally:
            variants, self.pieces = self.pieces, outer
            plain = next((v.plain for v in variants if (v.plain or "").strip()), None)
            html = next((v.html for v in variants if (v.html or "").strip()), None)
            if plain is not None or html is not None:
                self.pieces.append(Text(plain=plain, html=html))

    def _add_text(self, entity: Entity) -> None:
        content = self._content(entity)
        charset = entity.type_parameters.get("charset", "")
        if entity.type == "text/html":
            self.pieces.append(Text(html=decode(content, charset)))
            return
        for name, data, start, end in reversed(uuencoded(content)):
            content = content[:start] + content[end:]
            shown = part_name(decode(name), BYTES, len(self.files))
            self._keep(MailFile(name=shown, content_type=BYTES, data=data), entity)
        text = normalise_lines(decode(content, charset))
        if entity.type_parameters.get("format", "").lower() == "flowed":
            delete_space = entity.type_parameters.get("delsp", "").lower() == "yes"
            text = unflow(text, delete_space=delete_space)
        self.pieces.append(Text(plain=text))

    def _add_file(self, entity: Entity) -> None:
        content = self._content(entity)
        content_type = entity.type or BYTES
        name = entity.name
        if content_type in TNEF_TYPES or name.lower() == "winmail.dat":
            self._open_tnef(content, entity)
        if content_type == "text/calendar":
            charset = entity.type_parameters.get("charset", "")
            self.calendars.append(calendar_summary(decode(content, charset)))
        if content_type == MAIL and not name:
            inner = parse_entity(content, 0, min(len(content), 64 * 1024))
            name = f"{inner.headers.text('subject')[:100] or 'mail'}.eml"
        self._keep(
            MailFile(
                name=part_name(name, content_type, len(self.files)),
                content_type=content_type,
                data=content,
                content_id=entity.content_id,
            ),
            entity,
        )

    def _open_tnef(self, content: bytes, entity: Entity) -> None:
        opened = tnef.read_tnef(content)
        if opened is None:
            return
        if opened.plain or opened.html:
            has_text = any((p.plain or p.html or "").strip() for p in self.pieces)
            if not has_text:
                self.pieces.append(Text(plain=opened.plain or None, html=opened.html or None))
        for file in opened.files:
            content_type = file.content_type.lower() or BYTES
            self._keep(
                MailFile(
                    name=part_name(file.name, content_type, len(self.files)),
                    content_type=content_type,
                    data=file.data,
                    content_id=file.content_id,
                ),
                entity,
            )

    def _add_cms(self, entity: Entity, depth: int) -> None:
        """An S/MIME part: opened where it is only signed, else a file and a note."""
        inner = cms.signed_content(entity.content)
        if inner is None:
            if entity.type_parameters.get("smime-type", "").lower() != "certs-only":
                self.notes.append(ENCRYPTED_NOTE)
        else:
            self._walk(parse_entity(inner, 0, len(inner)), depth + 1)
        self._add_file(entity)

    def _content(self, entity: Entity) -> bytes:
        content = entity.content
        self.decoded += len(content)
        if self.decoded > MAX_DECODED_BYTES:
            raise LimitReached(entity)
        return content

    def _keep(self, file: MailFile, entity: Entity) -> None:
        if len(self.files) >= MAX_FILES:
            raise LimitReached(entity)
        self.files.append(file)


def _is_text(entity: Entity, whole: Entity) -> bool:
    """Whether a part is read as text and not kept as a file."""
    if entity.disposition.value == "attachment":
        return False
    if entity is whole:  # a type that can't be read is taken for text where it is all there is
        unread = not entity.type or entity.is_multipart
        return unread or entity.type in TEXT_TYPES
    declared = entity.headers.has("content-type")
    is_typed = entity.type in TEXT_TYPES or entity.is_multipart or not declared
    return is_typed and not entity.name


def _as_html(piece: Text) -> str:
    if piece.html and piece.html.strip():
        return piece.html
    return f"<pre>{escape(piece.plain or '')}</pre>"


def _as_plain(piece: Text) -> str:
    if piece.plain and piece.plain.strip():
        return piece.plain
    return plain_text(piece.html or "")
