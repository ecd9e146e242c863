"""The reply templates whole, and what a template can say about a ticket."""

from datetime import datetime

from msgspec import Struct

from skranke.db.database import Db, row, rows


class TemplateBody(Struct, frozen=True, kw_only=True):
    """A template's texts in one language."""

    reply_template_id: int
    language_id: int
    subject: str
    plain: str
    html: str
    sms: str
    attachment_ids: tuple[int, ...]


class ReplyTemplate(Struct, frozen=True, kw_only=True):
    """A template with its bodies by language."""

    reply_template_id: int
    folder_id: int
    name: str
    description: str
    default_language: int
    owned_by: int | None  # ejuser
    updated: datetime | None
    bodies: dict[int, TemplateBody] = {}

    def body(self, *wishes: int) -> TemplateBody | None:
        """The body in the first wished language that has one.

        Else in the template's default, else in its lowest; None without any.
        """
        for language_id in (*wishes, self.default_language, *self.bodies):
            if found := self.bodies.get(language_id):
                return found
        return None


async def load_reply_templates(db: Db) -> dict[int, ReplyTemplate]:
    """Every reply template by id, in the order of their names."""
    found = await rows(
        db,
        ReplyTemplate,
        """
        SELECT id AS reply_template_id, folder_id, name, description,
               default_language, owned_by, updated
        FROM reply_template ORDER BY name, id
        """,
    )
    known = {template.reply_template_id: template for template in found}
    for body in await _bodies(db):
        known[body.reply_template_id].bodies[body.language_id] = body
    return known


async def _bodies(db: Db) -> list[TemplateBody]:
    return await rows(
        db,
        TemplateBody,
        """
        SELECT reply_template_id, language_id, subject, plain, html, sms,
               ARRAY(SELECT attachment_id FROM reply_template_attachment a
                     WHERE a.reply_template_body_id = b.id
                     ORDER BY attachment_id) AS attachment_ids
        FROM reply_template_body b ORDER BY language_id
        """,
    )


class TemplateSubject(Struct, frozen=True, kw_only=True):
    """What a template is parsed for; blank where there is no such thing."""

    ticket_id: int
    title: str
    author: str
    slevel: int
    category: str
    category_fullname: str
    priority: str
    status: str
    created_at: datetime | None
    deadline: datetime | None
    owner: str
    owner_email: str
    person: str
    first_name: str
    last_name: str
    email: str
    company: str
    language_id: int
    message: str
    message_html: str
    message_author: str
    own_company: str


async def load_subject(db: Db, ticket_id: int, person_id: int, message_id: int) -> TemplateSubject:
    """What is known of a ticket, one of its messages and a person, 0 for the customer.

    A message of another ticket is none.
    """
    found = await row(
        db,
        TemplateSubject,
        """
        SELECT coalesce(t.id, 0) AS ticket_id, coalesce(t.title, '') AS title,
               coalesce(t.author, '') AS author, coalesce(t.slevel, 0) AS slevel,
               coalesce(c.name, '') AS category,
               coalesce(c.fullname, '') AS category_fullname,
               coalesce(r.name, '') AS priority, coalesce(s.name, '') AS status,
               t.created_at, t.deadline,
               coalesce(o."FullName", '') AS owner,
               coalesce(o."Email", '') AS owner_email,
               coalesce(p."FullName", '') AS person,
               coalesce(p."Firstname", '') AS first_name,
               coalesce(p."Lastname", '') AS last_name,
               coalesce(p."Email", '') AS email,
               coalesce(p."ContactName", '') AS company,
               coalesce(nullif(p."SupportLanguageId", 0),
                        n.support_language_id, 0) AS language_id,
               coalesce(m.body, '') AS message,
               coalesce(m.html_body, '') AS message_html,
               coalesce(m.author, '') AS message_author,
               coalesce((SELECT value FROM registry WHERE name = 'companyName'), '')
                   AS own_company
        FROM (SELECT 1) AS always
        LEFT JOIN ticket t ON t.id = $1
        LEFT JOIN ej_category c ON c.id = t.category
        LEFT JOIN ticket_priority r ON r.id = t.priority
        LEFT JOIN ticket_status s ON s.id = t.ticket_status
        LEFT JOIN ejuser u ON u.id = t.owned_by
        LEFT JOIN associate a ON a.associate_id = u.associate_id
        LEFT JOIN wire_person o ON o."PersonId" = a.person_id
        LEFT JOIN wire_person p ON p."PersonId" = coalesce(nullif($2, 0), t.cust_id)
        LEFT JOIN contact n ON n.contact_id = p."ContactId"
        LEFT JOIN ej_message m ON m.id = $3 AND m.ticket_id = t.id
        """,
        ticket_id,
        person_id,
        message_id,
    )
    assert found  # the first table has always one row
    return found
