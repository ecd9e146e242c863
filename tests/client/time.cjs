// Hours, deadlines and escalation by the vendor's own client, on a clock that stands.
const assert = require("node:assert/strict");
const { TicketBaseStatus, TicketPriorityEscalateAction, TicketPriorityEscalateEvent, TicketReadStatus,
  TicketSecurityLevel } = require("@superoffice/webapi");
const { signedIn, refused, run } = require("./desk.cjs");
const stories = {};
const FRIDAY = "2026-03-06T15:00:00Z";

async function turn(url, to) {
  const answer = await fetch(`${url}/_desk/clock`, { method: "POST", body: JSON.stringify(to) });
  assert.equal(answer.status, 200);
}

// office hours of 9 to 17 from Monday to Friday, four of them to a deadline
async function priority(api, wish) {
  const agent = api.getListAgent();
  const hours = {};
  for (const day of ["mon", "tue", "wed", "thu", "fri"]) {
    hours[`${day}Start`] = new Date(2026, 0, 1, 9);
    hours[`${day}Stop`] = new Date(2026, 0, 1, 17);
  }
  const blank = await agent.createDefaultTicketPriorityEntityAsync();
  return agent.saveTicketPriorityEntityAsync({ ...blank, ...hours, name: "By the book", ...wish });
}

const iso = (date) => date.toISOString().slice(0, 19);

stories.a_deadline_passes_over_the_weekend = async (url) => {
  await turn(url, { set: FRIDAY });
  const api = signedIn(url);
  const agent = api.getTicketAgent();
  const { ticketPriorityId } = await priority(api, { deadline: 4 * 60 });
  const made = await agent.saveTicketEntityAsync({ title: "A", priority: { ticketPriorityId } });
  assert.equal(iso(made.createdAt), "2026-03-06T15:00:00");
  assert.equal(iso(made.deadline), "2026-03-09T11:00:00");
};

stories.answers_and_closing_are_timed_in_office_hours = async (url) => {
  await turn(url, { set: FRIDAY });
  const api = signedIn(url);
  const agent = api.getTicketAgent();
  const { ticketPriorityId } = await priority(api, {});
  const { ticketId } = await agent.saveTicketEntityAsync({ title: "A", priority: { ticketPriorityId } });
  await turn(url, { set: "2026-03-09T10:00:00Z" });
  const entity = { ticket: { ticketId }, body: "Answer", slevel: TicketSecurityLevel.External };
  await agent.saveTicketMessageEntityWithOptionsAsync(entity, false, [], true);
  await turn(url, { set: "2026-03-09T12:30:00Z" });
  const closed = await agent.saveTicketEntityAsync({ ticketId, baseStatus: TicketBaseStatus.Closed });
  assert.equal(closed.timeToReply, 3 * 60);
  assert.equal(closed.realTimeToReply, (2 * 24 + 19) * 60);
  assert.equal(closed.timeToClose, 5.5 * 60);
  assert.equal(closed.timeSpentInternally, 5.5 * 3600);
  const authorization = "Basic " + Buffer.from("tje0:Tje0").toString("base64");
  const told = await fetch(`${url}/_desk/explain/ticket/${ticketId}`, { headers: { authorization } });
  assert.equal((await told.json()).agrees, true);
};

stories.a_level_is_reached_when_the_clock_is_turned = async (url) => {
  await turn(url, { set: "2026-03-02T10:00:00Z" });
  const api = signedIn(url);
  const agent = api.getTicketAgent();
  const { ticketPriorityId } = await priority(api, {
    escalationLevels: [{ alertLevel: 1, alertTimeout: 60 }, { alertLevel: 2, alertTimeout: 30 }],
    ticketNewinfo: TicketPriorityEscalateEvent.Stop,
  });
  const made = await agent.saveTicketEntityAsync({ title: "A", priority: { ticketPriorityId } });
  const { ticketId } = made;
  assert.equal(iso(made.alertTimeout), "2026-03-02T11:00:00");
  await turn(url, { advance: 3600 });
  const first = await agent.getTicketEntityAsync(ticketId);
  assert.equal(first.alertLevel, 1);
  assert.equal(iso(first.alertTimeout), "2026-03-02T11:30:00");
  await agent.doEscalatingAsync(ticketId, TicketPriorityEscalateAction.ActionNewInfo);
  await turn(url, { advance: 7200 });
  assert.equal((await agent.getTicketEntityAsync(ticketId)).alertLevel, 1);
  const none = agent.doEscalatingAsync(999999, TicketPriorityEscalateAction.ActionRead);
  assert.equal((await refused(none)).status, 404);
};

stories.a_postponed_ticket_wakes_by_itself = async (url) => {
  await turn(url, { set: "2026-03-02T10:00:00Z" });
  const agent = signedIn(url).getTicketAgent();
  const wish = { title: "A", baseStatus: TicketBaseStatus.PostponedWeek };
  const { ticketId, activate } = await agent.saveTicketEntityAsync(wish);
  assert.equal(iso(activate), "2026-03-09T10:00:00");
  await turn(url, { set: "2026-03-09T09:59:59Z" });
  assert.equal((await agent.getTicketEntityAsync(ticketId)).baseStatus, TicketBaseStatus.Postponed);
  await turn(url, { advance: 1 });
  assert.equal((await agent.getTicketEntityAsync(ticketId)).baseStatus, TicketBaseStatus.Active);
};

stories.reading_is_noted = async (url) => {
  await turn(url, { set: "2026-03-02T10:00:00Z" });
  const agent = signedIn(url).getTicketAgent();
  const { ticketId } = await agent.saveTicketEntityAsync({ title: "A", readStatus: TicketReadStatus.Red });
  await agent.acceptTicketsAsync([ticketId]);
  const marked = await agent.setTicketReadByOwnerAsync(ticketId, TicketReadStatus.Yellow, false);
  assert.equal(marked.readStatus, TicketReadStatus.Yellow);
  const opened = await agent.processTicketWhenReadAsync(ticketId);
  assert.equal(opened.readStatus, TicketReadStatus.Green);
  assert.equal(iso(opened.readByOwner), "2026-03-02T10:00:00");
  const changed = await agent.updateTicketsReadStatusAsync([ticketId, 999999], TicketReadStatus.Red);
  assert.deepEqual(changed, [ticketId]);
  assert.equal((await refused(agent.processTicketWhenReadAsync(999999))).status, 404);
  const nobody = agent.setTicketReadByOwnerAsync(999999, TicketReadStatus.Green, true);
  assert.equal((await refused(nobody)).status, 404);
};

run(stories);
