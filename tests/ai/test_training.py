"""A desk that learns from its own tickets and suggests categories."""

import pytest

from skranke.actions.trash.operations import set_deleted_status_by_ids
from skranke.ai import fit, training
from skranke.ai.analyze import ANALYZED_ACTION, AUTO_CATEGORIZED_ACTION
from skranke.ai.classifier import model_from_bytes
from skranke.ai.operations import get_training_status, guess_category, train_category_guesser
from skranke.ai.resources import get_category_suggestions
from skranke.ai.training_examples import TrainingExample
from skranke.catalog.categories.carriers import TicketCategoryEntity
from skranke.catalog.statuses.carriers import TicketBaseStatus
from tests.ai.conftest import KARI, PAYROLL, Understanding
from tests.ai.test_classifier import texts
from tests.cast import ADA, ANNA

SUPPORT, ACCESS = 1, 3
CATEGORIES = {11: SUPPORT, 12: PAYROLL, 13: ACCESS}
ABOUT_PAY = "My salary and overtime pay on the payslip is wrong, and so is the tax."
CLOSED = """
    WITH lesson AS (
        SELECT place, category, body FROM unnest($1::int[], $2::text[])
            WITH ORDINALITY AS l (category, body, place)
    ), told AS (
        INSERT INTO ticket (id, title, created_at, created_by, owned_by, category,
            orig_category, slevel, priority, orig_priority, status, ticket_status,
            origin, read_status, ticket_type)
        SELECT 1000 + place, 'Case', $3, 3, 3, category, 1, 2, 2, 2, 2, 2, 13, 3, 1
        FROM lesson
    )
    INSERT INTO ej_message (ticket_id, created_at, created_by, body, customer_id)
    SELECT 1000 + place, $3, 3, body, $4 FROM lesson
"""


async def taught(desk: Understanding, count: int = 300) -> None:
    """A desk with so many closed tickets, of three categories."""
    lessons = list(texts(count))
    async with desk.context_of(ADA) as context:
        await context.db.execute(
            "INSERT INTO ej_category (id, name, fullname, external_name)"
            " VALUES ($1, 'Access', 'Access', 'Access')",
            ACCESS,
        )
        await context.db.execute(
            CLOSED,
            [CATEGORIES[topic] for topic, _ in lessons],
            [text for _, text in lessons],
            context.now,
            KARI,
        )
        await desk.state.cache.check(context.db)


async def trained(desk: Understanding) -> None:
    async with desk.context_of(ADA) as context:
        assert await train_category_guesser(context, 0, 0, 0) == "Waiting"
    assert (await desk.round())["ai training"].failed == 0


async def test_a_suggestion_comes_with_the_first_message_and_goes_when_applied(
    understanding: Understanding,
) -> None:
    desk = understanding
    await taught(desk)
    await trained(desk)
    ticket_id = await desk.ticket("Payslip")
    await desk.write(ticket_id, ABOUT_PAY)
    await desk.round()
    ticket = await desk.stored(ticket_id)
    assert ticket.suggested_category_id == PAYROLL
    assert ticket.suggested_category_name == "Payroll"
    assert ticket.category
    assert ticket.category.ticket_category_id == SUPPORT
    chosen = TicketCategoryEntity(ticket_category_id=PAYROLL)
    await desk.change(ticket_id, category=chosen)
    ticket = await desk.stored(ticket_id)
    assert ticket.suggested_category_id == 0
    assert ticket.orig_human_category_id == PAYROLL
    await desk.write(ticket_id, "Is my password expired, and my account locked?")
    await desk.round()
    assert (await desk.stored(ticket_id)).suggested_category_id == 0


async def test_the_registry_can_have_it_categorise_by_itself(understanding: Understanding) -> None:
    desk = understanding
    await taught(desk)
    await trained(desk)
    await desk.wish("aiCategory", "apply")
    ticket_id = await desk.ticket("Payslip")
    await desk.write(ticket_id, ABOUT_PAY)
    await desk.round()
    ticket = await desk.stored(ticket_id)
    assert ticket.category
    assert ticket.category.ticket_category_id == PAYROLL
    assert (ticket.suggested_category_id, ticket.orig_human_category_id) == (0, 0)
    sql = "SELECT array_agg(log_action ORDER BY id) FROM ticket_log_action"
    logged = (await desk.one(sql))[0]
    assert logged[-2:] == [ANALYZED_ACTION, AUTO_CATEGORIZED_ACTION]


async def test_the_registry_can_switch_it_off(understanding: Understanding) -> None:
    desk = understanding
    await taught(desk)
    await trained(desk)
    await desk.wish("aiCategory", "off")
    ticket_id = await desk.ticket("Payslip")
    await desk.write(ticket_id, ABOUT_PAY)
    await desk.round()
    assert (await desk.stored(ticket_id)).suggested_category_id == 0


async def test_what_a_person_chose_over_a_suggestion_is_what_is_learned(
    understanding: Understanding,
) -> None:
    desk = understanding
    await taught(desk)
    async with desk.context_of(ADA) as context:
        await context.db.execute(
            "UPDATE ticket SET orig_human_category_id = $1 WHERE category = $2", ACCESS, PAYROLL
        )
    await trained(desk)
    ticket_id = await desk.ticket("Payslip")
    await desk.write(ticket_id, ABOUT_PAY)
    await desk.round()
    assert (await desk.stored(ticket_id)).suggested_category_id == ACCESS


async def test_its_state_and_guesses_are_told(understanding: Understanding) -> None:
    desk = understanding
    await taught(desk)
    ticket_id = await desk.ticket("My payslip, salary and tax are wrong")
    async with desk.context_of() as context:
        assert (await get_training_status(context)).status == "None"
        assert await guess_category(context, ticket_id) == 0
    await trained(desk)
    await desk.later(minutes=1)
    await trained(desk)
    async with desk.context_of(ANNA) as context:
        told = await get_training_status(context)
        assert told.status == "Ready"
        assert told.current_model
        assert told.previous_model
        assert told.current_model.ticket_count_for_training == 300
        assert told.current_model.accuracy > 0.9
        assert await guess_category(context, ticket_id) == PAYROLL
        offered = await get_category_suggestions(context, ticket_id)
    assert offered[0].ticket_category_id == PAYROLL
    assert len(offered) == 3
    assert offered[0].name == "Payroll"
    assert 99 <= sum(each.confidence for each in offered) <= 101


async def test_so_many_tickets_are_learned_from_as_are_asked_for(
    understanding: Understanding,
) -> None:
    desk = understanding
    await taught(desk)
    async with desk.context_of(ADA) as context:
        await train_category_guesser(context, 0, 120, 500)
    await desk.round()
    async with desk.context_of() as context:
        told = await get_training_status(context)
    assert told.current_model
    assert told.current_model.ticket_count_for_training == 120


async def test_it_learns_anew_a_day_later_when_enough_was_decided(
    understanding: Understanding,
) -> None:
    desk = understanding
    await taught(desk, 100)
    await trained(desk)
    first = await desk.one("SELECT max(id) FROM ai_model")
    ids = [await desk.ticket("Case") for _ in range(training.MIN_NEW_LESSONS)]
    for ticket_id in ids:
        await desk.change(ticket_id, base_status=TicketBaseStatus.Closed)
    await desk.round()
    assert tuple(await desk.one("SELECT max(id) FROM ai_model")) == tuple(first)
    await desk.later(days=1, minutes=1)
    await desk.round()
    assert tuple(await desk.one("SELECT max(id) FROM ai_model")) > tuple(first)
    assert (await desk.one("SELECT lessons FROM ai_training"))[0] == 0


async def test_a_desk_with_nothing_to_learn_from_stays_silent(understanding: Understanding) -> None:
    desk = understanding
    await trained(desk)
    async with desk.context_of() as context:
        assert (await get_training_status(context)).status == "None"
        assert await guess_category(context, await desk.ticket("Payslip")) == 0


async def test_some_thousands_of_tickets_go_through_in_portions(
    understanding: Understanding,
) -> None:
    desk = understanding
    await taught(desk, 3 * training.PORTION_SIZE + 1)
    await trained(desk)
    async with desk.context_of() as context:
        told = await get_training_status(context)
    assert told.current_model
    assert told.current_model.ticket_count_for_training == 3 * training.PORTION_SIZE + 1


LESSON = "SELECT category_id, words FROM ai_lesson WHERE ticket_id = $1"
NEWEST = "SELECT data FROM ai_model ORDER BY id DESC LIMIT 1"
LEARNED = "SELECT count(*) FROM ai_lesson"


async def again(desk: Understanding) -> None:
    await desk.later(minutes=1)
    await trained(desk)


async def test_what_is_learned_is_read_once(understanding: Understanding) -> None:
    desk = understanding
    await taught(desk)
    await trained(desk)
    async with desk.context_of(ADA) as context:
        await context.db.execute("UPDATE ej_message SET body = 'nothing'")
    await again(desk)
    model = model_from_bytes((await desk.one(NEWEST))[0])
    assert (model.tickets, model.accuracy > 0.9) == (300, True)


async def test_learning_on_is_like_learning_anew(understanding: Understanding) -> None:
    desk = understanding
    await taught(desk)
    await trained(desk)
    async with desk.context_of(ADA) as context:
        await context.db.execute(
            "UPDATE ticket SET category = $1, row_version = row_version + 1 WHERE id % 7 = 0",
            ACCESS,
        )
        await set_deleted_status_by_ids(context, [1001, 1002])
    await again(desk)
    learned_on = model_from_bytes((await desk.one(NEWEST))[0])
    async with desk.context_of(ADA) as context:
        await context.db.execute("DELETE FROM ai_lesson")
    await again(desk)
    anew = model_from_bytes((await desk.one(NEWEST))[0])
    assert (learned_on.weights == anew.weights).all()
    assert learned_on.tickets == anew.tickets == 298


async def test_an_earlier_lesson_is_taken_back(understanding: Understanding) -> None:
    desk = understanding
    await taught(desk, 60)
    await trained(desk)
    assert (await desk.one(LESSON, 1001))["category_id"] == SUPPORT
    chosen = TicketCategoryEntity(ticket_category_id=ACCESS)
    await desk.change(1001, category=chosen)
    async with desk.context_of(ADA) as context:
        await set_deleted_status_by_ids(context, [1002])
        await context.db.execute("DELETE FROM ej_message WHERE ticket_id = 1060")
        await context.db.execute("DELETE FROM ticket WHERE id = 1060")
    assert (await desk.one(LEARNED))[0] == 59  # what was deleted is gone at once
    await again(desk)
    assert (await desk.one(LESSON, 1001))["category_id"] == ACCESS
    assert (await desk.one(LEARNED))[0] == 58


async def test_only_the_newest_tickets_are_kept(
    understanding: Understanding, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = understanding
    await taught(desk, 100)
    await trained(desk)
    monkeypatch.setattr(training, "MAX_TICKETS", 60)
    await again(desk)
    found = await desk.one("SELECT count(*), min(ticket_id) FROM ai_lesson")
    assert tuple(found) == (60, 1041)


async def test_a_training_that_was_broken_off_is_taken_up_again(
    understanding: Understanding,
) -> None:
    desk = understanding
    await taught(desk)
    async with desk.context_of(ADA) as context:
        await train_category_guesser(context, 0, 0, 0)
        assert await training.lease(context.db, context.now, 1, []) == [training.TRAINING_ID]
    assert (await desk.round())["ai training"].done == 0
    await desk.later(hours=1, minutes=1)
    assert (await desk.round())["ai training"].done == 1
    async with desk.context_of() as context:
        assert (await get_training_status(context)).status == "Ready"


POISON = {
    "large": "printer toner " * 800_000,
    "html": "",
    "emoji": "👍" * 1000,
    "nothing": "",
    "unspaced": "x" * 100_000,
    "marks": "\u0301\u202e\ufffd\uffff" * 5000,
}


async def test_poisoned_tickets_are_learned_with_the_others(understanding: Understanding) -> None:
    desk = understanding
    await taught(desk)
    async with desk.context_of(ADA) as context:
        for ticket_id, body in enumerate(POISON.values(), 1001):
            await context.db.execute(
                "UPDATE ej_message SET body = $2, html_body = $3 WHERE ticket_id = $1",
                ticket_id,
                body,
                "" if body else "<div>" * 200_000,
            )
    await trained(desk)
    assert (await desk.one(LEARNED))[0] == 300
    assert len((await desk.one(LESSON, 1001))["words"]) < 6000
    async with desk.context_of() as context:
        assert (await get_training_status(context)).status == "Ready"


@pytest.mark.parametrize(
    "body", [*POISON.values(), "\0\0", "\ud800 toner \udfff", "\x1b[2J", "&#0;&#xD800;"]
)
def test_no_text_is_too_odd_to_learn_from(body: str) -> None:
    example = TrainingExample(
        ticket_id=1,
        version=1,
        category_id=1,
        title=body[:255],
        body=body,
        html_body=f"<p>{body[:20_000]}",
    )
    [kept] = fit.encode_examples([example], 1500)
    assert len(kept) % 4 == 0
    assert len(fit.unpack_features(kept).indexes) == len(kept) // 4
