// Mail and texts out by the vendor's own client; what would leave is at /_desk/outbox.
const assert = require("node:assert/strict");
const { signedIn, refused, run } = require("./desk.cjs");
const stories = {};

async function outbox(url) {
  return (await fetch(`${url}/_desk/outbox`)).json();
}

async function messageOn(agent, body) {
  const { ticketId } = await agent.saveTicketEntityAsync({ title: "Printer on fire" });
  const ticket = { ticketId };
  const message = await agent.saveTicketMessageEntityAsync({ ticket, body });
  return [ticketId, message.ejMessageId];
}

stories.mails_a_message = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const [ticketId, messageId] = await messageOn(agent, "Have you tried water?");
  const to = ["Kari Kunde <kari@fjord.example>", "nobody"];
  await agent.sendTicketMessageAsync(messageId, to, ["ola@fjord.example"], [], "", 0, "");
  const [letter] = await outbox(url);
  assert.equal(letter.subject, `[ejTag: ${ticketId}] Printer on fire`);
  assert.deepEqual(letter.recipients, ["kari@fjord.example", "ola@fjord.example"]);
  assert.match(letter.plain, /Have you tried water\?/);
  const raw = await (await fetch(url + letter.raw)).text();
  assert.match(raw, /^To: Kari Kunde <kari@fjord.example>\r$/m);
  const stored = await agent.getTicketMessageEntityAsync(messageId);
  assert.equal(stored.messageId, letter.headers["Message-ID"]);
  const send = (id, to) => refused(agent.sendTicketMessageAsync(id, to, [], [], "", 0, ""));
  assert.equal((await send(messageId, ["nobody"])).status, 400);
  assert.equal((await send(999999, to)).status, 404);
  await fetch(`${url}/_desk/outbox`, { method: "DELETE" });
  assert.deepEqual(await outbox(url), []);
};

stories.texts_a_message = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const [, messageId] = await messageOn(agent, "Have you tried water?");
  await agent.sendTicketMessageSmsAsync(messageId, 0, ["+47 123 45 678", "nobody"]);
  const [text] = await outbox(url);
  assert.equal(text.type, "sms");
  assert.deepEqual(text.recipients, ["+4712345678"]);
  assert.equal(text.plain, "Have you tried water?");
  const none = agent.sendTicketMessageSmsAsync(messageId, 0, ["nobody"]);
  assert.equal((await refused(none)).status, 400);
  const gone = agent.sendTicketMessageSmsAsync(999999, 0, ["+4712345678"]);
  assert.equal((await refused(gone)).status, 404);
};

stories.asks_after_mailboxes_and_servers = async (url) => {
  const agent = signedIn(url).getCustomerServiceAgent();
  assert.equal((await agent.getSmsConfigAsync()).netServerSmsProvider, "Captured");
  assert.deepEqual(await agent.getMailboxesAsync(), []);
  assert.equal(await agent.getMailboxEntityAsync(999999), null);
  const from = "desk@skranke.example";
  const told = await agent.testSmtpServerAsync("smtp://127.0.0.1:1", from, false);
  assert.equal(told.success, false);
  assert.notEqual(told.errorMessage, "");
  const stored = agent.testSmtpServerAsync("smtp://127.0.0.1:1", from, true);
  assert.equal((await refused(stored)).status, 400);
  const anna = signedIn(url, "anna0", "Anna0").getCustomerServiceAgent();
  const hers = anna.testSmtpServerAsync("smtp://127.0.0.1:1", from, false);
  assert.equal((await refused(hers)).status, 403);
};

run(stories);
