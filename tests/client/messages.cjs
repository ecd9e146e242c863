// Messages by the vendor's own client: written, read, changed, marked, removed.
const assert = require("node:assert/strict");
const { BadgeType, ImageEmbedType, TicketMessageType, TicketReadStatus, TicketSecurityLevel } =
  require("@superoffice/webapi");
const { signedIn, refused, run } = require("./desk.cjs");
const stories = {};

async function started(url) {
  const agent = signedIn(url).getTicketAgent();
  const { ticketId } = await agent.saveTicketEntityAsync({ title: "Pump", person: { personId: 75 } });
  return { agent, ticketId };
}

stories.writes_and_reads_a_message = async (url) => {
  const { agent, ticketId } = await started(url);
  const blank = await agent.createDefaultTicketMessageEntityAsync();
  assert.equal(blank.createdBy.userName, "tje0");
  const wish = { ...blank, ticket: { ticketId }, htmlBody: "<p onclick='x()'>Hei &amp; hå</p>", timeSpent: 10 };
  const saved = await agent.saveTicketMessageEntityAsync(wish);
  assert.equal(saved.htmlBody, "<p>Hei &amp; hå</p>");
  assert.equal(saved.body.trim(), "Hei & hå");
  assert.equal(saved.type, TicketMessageType.Html);
  assert.equal(saved.badge, BadgeType.Outgoing);
  assert.deepEqual(await agent.getTicketMessageEntityAsync(saved.ejMessageId), saved);
  assert.equal((await agent.getTicketMessageAsync(saved.ejMessageId)).ticketMessageId, saved.ejMessageId);
  const [listed] = await agent.getTicketMessageEntitiesAsync(ticketId, []);
  assert.deepEqual(listed, saved);
  const bare = await agent.getTicketMessageWithOptionsAsync(saved.ejMessageId, false);
  assert.deepEqual(bare.attachmentsInfo, []);
  const shown = await agent.getTicketMessageWithEmbeddedDataAsync(saved.ejMessageId, ImageEmbedType.Inline);
  assert.equal(shown.htmlBody, saved.htmlBody);
  const ticket = await agent.getTicketEntityAsync(ticketId);
  assert.equal(ticket.numMessages, 1);
  assert.equal(ticket.numReplies, 1);
  assert.equal(ticket.timeSpent, 10);
};

stories.a_message_without_a_ticket_is_refused = async (url) => {
  const { agent } = await started(url);
  const saves = [
    () => agent.saveTicketMessageEntityAsync({ body: "A" }),
    () => agent.saveTicketMessageEntityWithNotifyAsync({ body: "A" }, true),
    () => agent.saveTicketMessageEntityWithOptionsAsync({ body: "A" }, false, [], false),
  ];
  for (const save of saves) assert.equal((await refused(save())).status, 400);
  assert.equal((await refused(agent.getTicketMessageEntitiesAsync(999999, []))).status, 404);
  for (const read of [
    agent.getTicketMessageAsync(999999), agent.getTicketMessageEntityAsync(999999),
    agent.getTicketMessageWithOptionsAsync(999999, true),
    agent.getTicketMessageWithEmbeddedDataAsync(999999, ImageEmbedType.Link),
  ]) assert.equal(await read, null);
};

stories.changes_a_message_and_keeps_the_rest = async (url) => {
  const { agent, ticketId } = await started(url);
  const messageHeaders = [{ name: "To", value: "a@x.example" }];
  const first = await agent.saveTicketMessageEntityAsync({ ticket: { ticketId }, body: "A", messageHeaders });
  const { ejMessageId } = first;
  const later = await agent.saveTicketMessageEntityWithNotifyAsync({ ejMessageId, timeSpent: 25 }, false);
  assert.equal(later.body, "A");
  assert.equal(later.timeSpent, 25);
  assert.equal((await agent.getTicketEntityAsync(ticketId)).timeSpent, 25);
  await agent.setTicketMessageImportantAsync(ejMessageId, true);
  assert.equal((await agent.getTicketMessageEntityAsync(ejMessageId)).important, true);
  await agent.deleteMessageHeadersAsync([later.messageHeaders[0].id]);
  assert.deepEqual((await agent.getTicketMessageEntityAsync(ejMessageId)).messageHeaders, []);
  assert.equal((await refused(agent.deleteMessageHeadersAsync([999999]))).status, 404);
  assert.equal((await refused(agent.setTicketMessageImportantAsync(999999, true))).status, 404);
  await agent.deleteTicketMessageEntityAsync(ejMessageId);
  assert.equal(await agent.getTicketMessageEntityAsync(ejMessageId), null);
  assert.equal((await agent.getTicketEntityAsync(ticketId)).numMessages, 0);
};

stories.answers_for_the_first_time = async (url) => {
  const { agent, ticketId } = await started(url);
  const entity = { ticket: { ticketId }, body: "Answer", slevel: TicketSecurityLevel.External };
  await agent.saveTicketMessageEntityWithOptionsAsync(entity, true, [], true);
  const ticket = await agent.getTicketEntityAsync(ticketId);
  assert.ok(ticket.repliedAt.getUTCFullYear() > 2000);
  await agent.saveTicketMessageEntityAsync({ ticket: { ticketId }, body: "From Kari", person: { personId: 75 } });
  const [summary] = await agent.getTicketSummariesAsync([999999, ticketId]);
  assert.equal(summary.ticketId, ticketId);
  assert.equal(summary.title, "Pump");
  const opened = await agent.getForRmUiAsync(ticketId);
  assert.equal(opened.numMessages, 2);
  assert.equal(await agent.getForRmUiAsync(999999), null);
  assert.ok(Object.values(TicketReadStatus).includes(opened.readStatus));
};

run(stories);
