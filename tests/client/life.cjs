// A ticket's life by the vendor's own client: taken, merged, split, binned, brought back.
const assert = require("node:assert/strict");
const { TicketBaseStatus, TicketSecurityLevel } = require("@superoffice/webapi");
const { signedIn, refused, run } = require("./desk.cjs");
const stories = {};

async function ticket(agent, title, ...bodies) {
  const { ticketId } = await agent.saveTicketEntityAsync({ title, person: { personId: 75 } });
  const messages = [];
  for (const body of bodies) {
    const message = { ticket: { ticketId }, body, slevel: TicketSecurityLevel.External };
    messages.push((await agent.saveTicketMessageEntityAsync(message)).ejMessageId);
  }
  return { ticketId, messages };
}

stories.merges_tickets_and_finds_the_way_by_an_old_id = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const [first, second] = [await ticket(agent, "One", "a"), await ticket(agent, "Two", "b", "c")];
  const whole = await agent.mergeTicketsAsync({ ticketId: first.ticketId }, [second.ticketId]);
  assert.equal(whole.numMessages, 3);
  assert.equal(whole.title, "One");
  assert.equal(await agent.resolveTicketIdAsync(second.ticketId), first.ticketId);
  assert.equal(await agent.resolveTicketIdAsync(999999), 0);
  const gone = await agent.getTicketEntityAsync(second.ticketId);
  assert.equal(gone.baseStatus, TicketBaseStatus.Merged);
  const again = agent.mergeTicketsAsync({ ticketId: first.ticketId }, [second.ticketId]);
  assert.equal((await refused(again)).status, 400);
};

stories.splits_a_ticket_and_a_message = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const source = await ticket(agent, "Pump and valve", "The pump", "The valve");
  const fresh = await agent.splitTicketAsync(
    source.ticketId, 2, new Date(0), [source.messages[1]], { title: "Valve" });
  assert.equal(fresh.title, "Valve");
  assert.equal(fresh.numMessages, 1);
  assert.equal(fresh.person.personId, 75);
  const left = await agent.getTicketEntityAsync(source.ticketId);
  assert.equal(left.baseStatus, TicketBaseStatus.Closed);
  assert.equal(left.numMessages, 1);
  const part = await agent.splitTicketMessageAsync(
    { ejMessageId: source.messages[0], body: "The pump is cold" }, { title: "Noise" },
    { body: "It is noisy" }, []);
  assert.equal(part.title, "Noise");
  assert.equal((await agent.getTicketMessageEntityAsync(source.messages[0])).body, "The pump is cold");
  const wrong = agent.splitTicketAsync(source.ticketId, 0, new Date(0), [999999], { title: "?" });
  assert.equal((await refused(wrong)).status, 400);
  const lost = agent.splitTicketMessageAsync({ ejMessageId: 999999 }, {}, {}, []);
  assert.equal((await refused(lost)).status, 404);
};

stories.a_customer_writes_is_merged_and_split_and_complains_again = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const says = async (ticketId, body) => (await agent.saveTicketMessageEntityAsync({
    ticket: { ticketId }, body, slevel: TicketSecurityLevel.External, person: { personId: 75 },
  })).ejMessageId;
  const [first, twice] = [await ticket(agent, "Cold"), await ticket(agent, "Still cold")];
  await says(first.ticketId, "It is cold");
  const mixed = await says(twice.ticketId, "Still cold, and the door squeaks");
  const whole = await agent.mergeTicketsAsync({ ticketId: first.ticketId }, [twice.ticketId]);
  assert.equal(whole.numMessages, 2);
  const door = await agent.splitTicketMessageAsync(
    { ejMessageId: mixed, body: "Still cold" }, { title: "Door" }, { body: "The door squeaks" }, []);
  assert.equal(door.person.personId, 75);
  const closed = await agent.saveTicketEntityAsync(
    { ticketId: first.ticketId, baseStatus: TicketBaseStatus.Closed });
  assert.ok(closed.closedAt.getUTCFullYear() > 2000);
  const old = await agent.resolveTicketIdAsync(twice.ticketId);
  assert.equal(old, first.ticketId);
  await says(old, "It is cold again");
  await agent.saveTicketEntityAsync({ ticketId: old, baseStatus: TicketBaseStatus.Active });
  const again = await agent.getTicketEntityAsync(old);
  assert.equal(again.baseStatus, TicketBaseStatus.Active);
  assert.ok(again.closedAt.getUTCFullYear() < 1000);
  const bodies = (await agent.getTicketMessageEntitiesAsync(old, [])).map((m) => m.body);
  assert.deepEqual(bodies, ["It is cold", "Still cold", "It is cold again"]);
  assert.equal((await agent.getTicketEntityAsync(door.ticketId)).numMessages, 1);
};

stories.bins_tickets_and_brings_them_back = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const [one, two] = [await ticket(agent, "One"), await ticket(agent, "Two")];
  const ids = [one.ticketId, two.ticketId];
  assert.deepEqual(await agent.setDeletedStatusByIdsAsync([...ids, 999999]), ids);
  assert.deepEqual(await agent.setSpamStatusByIdsAsync([two.ticketId]), [two.ticketId]);
  const base = async (id) => (await agent.getTicketEntityAsync(id)).baseStatus;
  assert.equal(await base(one.ticketId), TicketBaseStatus.Deleted);
  assert.equal(await base(two.ticketId), TicketBaseStatus.Spam);
  await agent.undeleteByIdsAsync(ids);
  assert.deepEqual([await base(ids[0]), await base(ids[1])], Array(2).fill(TicketBaseStatus.Active));
  const anna = signedIn(url, "anna0", "Anna0").getTicketAgent();
  assert.equal((await refused(anna.setDeletedStatusByIdsAsync(ids))).status, 403);
  assert.equal((await refused(anna.undeleteByIdsAsync(ids))).status, 403);
};

stories.takes_tickets = async (url) => {
  const api = signedIn(url);
  const agent = api.getTicketAgent();
  const { ticketId } = await ticket(agent, "Take me");
  await agent.acceptTicketsAsync([ticketId]);
  const mine = (await agent.getTicketEntityAsync(ticketId)).ownedBy;
  assert.equal(mine.userName, "tje0");
  assert.equal((await refused(agent.acceptTicketsAsync([999999]))).status, 404);
  const status = await api.getListAgent().saveTicketStatusEntityAsync(
    { name: "In the queue", status: TicketBaseStatus.Active, usedInQueue: true });
  const wish = { ticketId, ownedBy: { associateId: 0 }, status };
  await agent.saveTicketEntityAsync({ ...wish, deadline: new Date(Date.UTC(2001, 1, 1)) });
  const next = await agent.getNextInQueueAsync();
  assert.equal(next.ticketId, ticketId);
  assert.equal(next.ownedBy.userName, "tje0");
  assert.notEqual(next.status.ticketStatusId, status.ticketStatusId);
};

run(stories);
