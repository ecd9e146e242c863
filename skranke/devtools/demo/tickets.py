"""The tickets of the demo desk, with figures that agree with their messages."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from msgspec import Struct, field

from skranke.devtools.demo.arrival_times import arrivals
from skranke.devtools.demo.conversation import converse
from skranke.devtools.demo.messages import (
    ADDRESS,
    EXTERNAL,
    INTERNAL,
    SYSTEM,
    headers,
    messages,
    sender,
)
from skranke.devtools.demo.reference_data import Setting
from skranke.devtools.demo.rows import (
    FormSubmission,
    Header,
    Message,
    StatusHistory,
    Ticket,
    TicketCustomer,
)
from skranke.devtools.demo.scenarios import Case, cases, fates
from skranke.devtools.demo.status_history import (
    POSTPONED,
    QUEUED,
    WAITING,
    Step,
    course,
    history,
    time_spent,
)
from skranke.devtools.demo.ticket_times import closing, counts, due, reading, reply
from skranke.devtools.demo.topics import TOPICS, extra_fields
from skranke.tickets.carriers import TicketOrigin

COUNT = 520
ACTIVE = 1  # base status of the statuses that an administrator added
PROCESSED = 4  # status of a form submission
PROJECTS = {"heating": (1, 3, 5), "portal": (2,), "api": (4,)}


class Tickets(Struct):
    """Every row that has to do with tickets, by table."""

    tickets: list[Ticket] = field(default_factory=list[Ticket])
    customers: list[TicketCustomer] = field(default_factory=list[TicketCustomer])
    messages: list[Message] = field(default_factory=list[Message])
    headers: list[Header] = field(default_factory=list[Header])
    history: list[StatusHistory] = field(default_factory=list[StatusHistory])
    submissions: list[FormSubmission] = field(default_factory=list[FormSubmission])


def tickets(rng: Random, setting: Setting) -> Tickets:
    """COUNT tickets with ids from 1; messages are numbered in order of time."""
    made = Tickets()
    recipients: dict[int, str] = {}
    ends = fates(rng, COUNT)  # drawn first, so that no `now` lacks one of them
    created = arrivals(rng, setting.now, COUNT)
    for case in cases(rng, setting, created, ends):
        _add(rng, case, setting, made)
        recipients[case.ticket_id] = sender(case)
    made.messages.sort(key=lambda message: message.created_at)
    for number, message in enumerate(made.messages, start=1):
        message.id = number
    made.headers = headers(made.messages, recipients)
    return made


def _add(rng: Random, case: Case, setting: Setting, made: Tickets) -> None:
    told = converse(rng, case, setting)
    said = messages(rng, case, told)
    steps = course(rng, case, told, setting)
    left = history(case, steps, setting)
    form = _submission(case, number=len(made.submissions) + 1)
    ticket = _ticket(rng, case, said, steps, setting)
    ticket.form_submission_id = form.form_submission_id if form else None
    for column, seconds in time_spent(left).items():
        setattr(ticket, column, seconds)
    made.tickets.append(ticket)
    made.messages += said
    made.history += left
    made.customers += _secondary(rng, case, setting)
    made.submissions += [form] if form else []


def _ticket(
    rng: Random, case: Case, said: Sequence[Message], steps: Sequence[Step], setting: Setting
) -> Ticket:
    client, status = case.client, steps[-1].status
    return Ticket(
        id=case.ticket_id,
        title=case.title,
        created_at=case.created_at,
        last_changed=max(said[-1].created_at, steps[-1].at),
        created_by=said[0].created_by,
        author=said[0].author,
        owned_by=_owner(rng, case, said, status),
        category=case.topic.category,
        orig_category=1 if rng.random() < 0.06 else case.topic.category,
        slevel=INTERNAL if case.internal else EXTERNAL,
        priority=case.priority,
        orig_priority=case.priority,
        status=ACTIVE if status in (WAITING, QUEUED) else status,
        ticket_status=status,
        activate=_activation(rng, setting.now) if status == POSTPONED else None,
        origin=case.origin.number,
        cust_id=client.person_id if client else None,
        contact_id=client.contact_id if client else None,
        connect_id=case.connect_id,
        from_address=sender(case) if case.origin is TicketOrigin.Email else "",
        filter_address=ADDRESS if case.origin is TicketOrigin.Email else "",
        tags=_tags(rng, case),
        suggested_category_id=_suggestion(rng, case, said),
        sale_id=_sale(rng, case, setting),
        project_id=_project(rng, case),
        ticket_type=case.ticket_type,
        extra_fields=extra_fields(rng, case.topic, case.told, case.created_at),
        **counts(said),
        **reading(rng, said, status, setting.now),
        **reply(case, said, setting),
        **closing(case, steps, setting),
        **due(case, status, setting),
    )


def _owner(rng: Random, case: Case, said: Sequence[Message], status: int) -> int:
    """Who answers or noted; before that perhaps nobody, who is the system user."""
    if any(message.created_by != SYSTEM for message in said):
        return case.agent.ej_user_id
    delegated = not case.internal and rng.random() < 0.55
    return case.agent.ej_user_id if delegated and status != QUEUED else SYSTEM


def _activation(rng: Random, now: datetime) -> datetime:
    """Some morning of the next three weeks."""
    day = now + timedelta(days=rng.randint(1, 21))
    return day.replace(hour=8, minute=0, second=0)


def _tags(rng: Random, case: Case) -> list[int]:
    count = min(len(case.topic.tags), rng.choices(range(4), (30, 40, 20, 10))[0])
    return sorted(rng.sample(case.topic.tags, count))


def _suggestion(rng: Random, case: Case, said: Sequence[Message]) -> int:
    """Another category for some mails that lie in the first one and wait; else 0."""
    waits = case.topic is TOPICS["support"] and len(said) == 1
    return rng.choice((2, 3, 5, 6)) if waits and rng.random() < 0.5 else 0


def _sale(rng: Random, case: Case, setting: Setting) -> int | None:
    client = case.client
    if client is None or case.topic is not TOPICS["orders"] or rng.random() < 0.4:
        return None
    theirs = [s.sale_id for s in setting.sales if s.contact_id == client.contact_id]
    return rng.choice(theirs) if theirs else None


def _project(rng: Random, case: Case) -> int | None:
    name = next((n for n, topic in TOPICS.items() if topic is case.topic), "")
    if name not in PROJECTS or rng.random() < 0.85:
        return None
    return rng.choice(PROJECTS[name])


def _secondary(rng: Random, case: Case, setting: Setting) -> list[TicketCustomer]:
    """Now and then one or two colleagues of the client follow the ticket."""
    client = case.client
    if client is None or rng.random() < 0.84:
        return []
    everybody = setting.colleagues if case.internal else setting.customers
    others = [c for c in everybody if c.contact_id == client.contact_id and c != client]
    followers = rng.sample(others, rng.randint(1, 2))
    return [
        TicketCustomer(ticket_id=case.ticket_id, customer_id=follower.person_id)
        for follower in followers
    ]


def _submission(case: Case, number: int) -> FormSubmission | None:
    client = case.client
    if client is None or case.origin is not TicketOrigin.Form:
        return None
    return FormSubmission(
        form_submission_id=number,
        form_id=1,
        email_address=client.email,
        status=PROCESSED,
        when_submitted=case.created_at,
        contact_id=client.contact_id,
        person_id=client.person_id,
        response=f"Name: {client.name}\nCompany: {client.company}\nAbout: {case.title}",
    )
