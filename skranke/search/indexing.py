"""Writes search documents: the current words of many tickets at once."""

from skranke.core.languages import ENGLISH
from skranke.db.database import Db, execute, value

MAX_DOCUMENT_CHARACTERS = (
    50_000  # characters of a ticket's messages, the newest first, that are looked at
)
MAX_WORD_CHARACTERS = 40  # characters of a word that a beginning can go on to

WRITE_DOCUMENTS = """
    WITH wish AS MATERIALIZED (
        SELECT * FROM ticket WHERE id = ANY ($1)
    ), body AS MATERIALIZED (
        SELECT m.ticket_id, m.id, m.created_at,
               search_configuration(coalesce(nullif(m.language, ''),
                   nullif(t.language, ''), $3)) AS configuration,
               left(search_text(m.body, m.html_body), $2) AS text
        FROM wish t JOIN ej_message m ON m.ticket_id = t.id
    ), newest AS (
        SELECT *, sum(length(text)) OVER (
            PARTITION BY ticket_id ORDER BY created_at DESC, id DESC) AS depth
        FROM body
    ), said AS (
        SELECT ticket_id, configuration,
               string_agg(text, E'\\n' ORDER BY created_at, id) AS text
        FROM newest WHERE depth - length(text) < $2
        GROUP BY ticket_id, configuration
        UNION ALL
        SELECT id, search_configuration(coalesce(nullif(language, ''), $3)), ''
        FROM wish WHERE NOT EXISTS (SELECT FROM body WHERE ticket_id = wish.id)
    ), spoken AS (
        SELECT ticket_id, search_words(to_tsvector('simple', said.text)
                   || strip(to_tsvector(configuration::regconfig, said.text))
                   || setweight(to_tsvector(configuration::regconfig,
                       search_text(t.title, '')), 'A'))
                   AS words,
               string_agg(said.text, E'\\n') AS text
        FROM said JOIN wish t ON t.id = ticket_id
        GROUP BY ticket_id
    ), around AS (
        SELECT t.id,
               (SELECT concat_ws(E'\\n', t.author, t.from_address,
                    string_agg(concat_ws(' ', p.firstname, p.middle_name, p.lastname,
                        c.name, (SELECT string_agg(email_address, ' ') FROM email e
                                 WHERE e.person_id = p.person_id)), E'\\n'),
                    (SELECT name FROM contact WHERE contact_id = t.contact_id),
                    (SELECT string_agg(DISTINCT author, E'\\n')
                     FROM ej_message WHERE ticket_id = t.id),
                    (SELECT string_agg(DISTINCT left(h.value, 1000), E'\\n')
                     FROM ej_message m JOIN message_header h ON h.message_id = m.id
                     WHERE m.ticket_id = t.id))
                FROM (SELECT t.cust_id AS person_id UNION SELECT customer_id
                      FROM ticket_customers WHERE ticket_id = t.id) AS customer
                JOIN person p USING (person_id) LEFT JOIN contact c USING (contact_id)
                WHERE p.deleted_date IS NULL) AS people,
               (SELECT string_agg(DISTINCT a.name || ' '
                    || translate(a.name, '._-', '   '), E'\\n')
                FROM ej_message m JOIN ticket_attachment l ON l.message_id = m.id
                JOIN attachment a ON a.id = l.attachment_id
                WHERE m.ticket_id = t.id) AS files,
               (SELECT max(created_at) FROM ej_message WHERE ticket_id = t.id)
                   AS written
        FROM wish t
    )
    INSERT INTO search_document (ticket_id, version, written, periods, words)
    SELECT t.id, t.row_version, w.written, search_periods(w.written),
           setweight(to_tsvector('simple', search_text(t.title, '')), 'A')
           || setweight(to_tsvector('simple', search_text(left(people, $2), '')), 'B')
           || setweight(to_tsvector('simple', coalesce(left(files, $2), '')), 'C')
           || s.words
           || search_parts(concat_ws(E'\\n', t.title, s.text))
           -- with places and a weight: what has none counts as a message's word, by which
           -- similar tickets are found
           || setweight(to_tsvector('simple', array_to_string(tsvector_to_array(search_parts(
                  concat_ws(E'\\n', left(people, $2), left(files, $2)))), ' ')), 'C')
    FROM wish t JOIN around USING (id) JOIN spoken s ON s.ticket_id = t.id
    CROSS JOIN LATERAL (SELECT coalesce(around.written, t.created_at)) AS w (written)
    ORDER BY t.id
    ON CONFLICT (ticket_id) DO UPDATE SET version = excluded.version,
        written = excluded.written, periods = excluded.periods, words = excluded.words
    WHERE search_document.version <= excluded.version
"""
ADD_WORDS = """
    INSERT INTO search_word
    SELECT DISTINCT lexeme FROM search_document, unnest(words)
    WHERE ticket_id = ANY ($1) AND length(lexeme) BETWEEN 3 AND $2
    ORDER BY lexeme ON CONFLICT DO NOTHING
"""
ADD_LANGUAGES = """
    INSERT INTO search_language
    SELECT DISTINCT search_configuration(coalesce(nullif(m.language, ''),
        nullif(t.language, ''), $2))
    FROM ticket t LEFT JOIN ej_message m ON m.ticket_id = t.id WHERE t.id = ANY ($1)
    ON CONFLICT DO NOTHING
"""


async def write_documents(db: Db, ticket_ids: list[int]) -> None:
    """Write the documents of tickets as they are now; unknown ids have none."""
    # lock: a second writer must not read older data than the first one
    sql = """
        SELECT FROM search_document WHERE ticket_id = ANY ($1)
        ORDER BY ticket_id FOR UPDATE
    """
    await execute(db, sql, ticket_ids)
    default = await default_language(db)
    await execute(db, WRITE_DOCUMENTS, ticket_ids, MAX_DOCUMENT_CHARACTERS, default)
    await execute(db, "SELECT gin_clean_pending_list('search_document_words')")
    await execute(db, ADD_WORDS, ticket_ids, MAX_WORD_CHARACTERS)
    await execute(db, ADD_LANGUAGES, ticket_ids, default)


async def outdated_tickets(db: Db, ticket_ids: list[int]) -> list[int]:
    """The tickets that were saved after their document was written, or have none."""
    sql = """
        SELECT t.id FROM ticket t LEFT JOIN search_document d ON d.ticket_id = t.id
        WHERE t.id = ANY ($1) AND t.row_version > coalesce(d.version, 0) ORDER BY t.id
    """
    return [record["id"] for record in await db.fetch(sql, ticket_ids)]


async def default_language(db: Db) -> str:
    """The default language of messages: the registry's, else English."""
    sql = "SELECT value FROM registry WHERE name = 'language'"
    return await value(db, str, sql) or ENGLISH
