"""The demo desk's conversations, and what their tickets say of them."""

from skranke.db.database import Db
from tests.devtools.demo.asking import found, number


async def test_a_tickets_counters_are_those_of_its_messages(demo: Db):
    wrong = await found(
        demo,
        """
        SELECT t.id FROM ticket t LEFT JOIN LATERAL (
            SELECT count(*) AS messages, sum(time_spent) AS spent,
                   count(*) FILTER (WHERE slevel = 2 AND created_by > 1) AS replies,
                   min(created_at) FILTER (WHERE slevel = 2 AND created_by > 1)
                       AS replied,
                   min(created_at) AS first, max(created_at) AS last,
                   bool_and(search_title = t.title) AS titled,
                   (array_agg(m.author ORDER BY created_at, id))[1] AS writer,
                   (array_agg(m.created_by ORDER BY created_at, id))[1] AS creator
            FROM ej_message m WHERE ticket_id = t.id) m ON true
        WHERE (num_messages, num_replies, time_spent, replied_at, created_at, t.author,
               created_by)
              IS DISTINCT FROM
              (m.messages, m.replies, m.spent, m.replied, m.first, m.writer, m.creator)
           OR has_attachment OR NOT titled OR last_changed < m.last
           OR m.messages NOT BETWEEN 1 AND 6
    """,
    )
    assert wrong == []


async def test_language_and_mood_come_from_the_external_messages(demo: Db):
    wrong = await found(
        demo,
        """
        SELECT t.id FROM ticket t LEFT JOIN LATERAL (
            SELECT (array_agg(language ORDER BY created_at, id))[1] AS language,
                   (array_agg(sentiment ORDER BY created_at DESC, id DESC))[1] AS mood
            FROM ej_message WHERE ticket_id = t.id AND slevel = 2) m ON true
        WHERE (t.language, t.sentiment)
              IS DISTINCT FROM (coalesce(m.language, ''), coalesce(m.mood, 0))
    """,
    )
    assert wrong == []
    spoken = await found(demo, "SELECT DISTINCT language FROM ticket WHERE language <> ''")
    assert len(spoken) >= 8


async def test_internal_tickets_have_no_external_message(demo: Db):
    leaks = await found(
        demo,
        """
        SELECT t.id FROM ticket t JOIN ej_message m ON m.ticket_id = t.id
        WHERE t.slevel = 1 AND m.slevel <> 1
    """,
    )
    assert leaks == []
    assert await number(demo, "SELECT count(*) FROM ticket WHERE slevel = 1") >= 15


async def test_messages_are_filled_in_and_numbered_in_order_of_time(demo: Db):
    said = await found(demo, "SELECT * FROM ej_message ORDER BY id")
    assert [m["created_at"] for m in said] == sorted(m["created_at"] for m in said)
    for message in said:
        assert len(message["body"]) > 10
        assert "{" not in message["body"]
        assert (message["type"] == 2) == bool(message["html_body"])
        assert (message["customer_id"] is None) or message["created_by"] == 1
    mails = [m["message_id"] for m in said if m["message_id"]]
    assert len(set(mails)) == len(mails)
    assert sum(bool(m["html_body"]) for m in said) >= 100
    assert sum(m["badge"] == 3 for m in said) >= 50


async def test_titles_differ_enough_to_be_looked_at(demo: Db):
    titles = [t["title"] for t in await found(demo, "SELECT title FROM ticket")]
    assert len(set(titles)) >= 350
    assert not any("{" in title for title in titles)
