// Who is told of what, by the vendor's own client; mail is read at /_desk/outbox.
const assert = require("node:assert/strict");
const { NotifyChannel, NotifyType } = require("@superoffice/webapi");
const { signedIn, refused, run } = require("./desk.cjs");
const stories = {};

async function outbox(url) {
  return (await fetch(`${url}/_desk/outbox`)).json();
}

// a ticket without an owner, in a category whose address is told of such
async function unowned(api) {
  const lists = api.getListAgent();
  const blank = await lists.createDefaultTicketCategoryEntityAsync();
  const wish = { ...blank, name: "Watched", notificationEmail: "watch@skranke.example" };
  const category = await lists.saveTicketCategoryEntityAsync(wish);
  return { title: "Printer on fire", category, ownedBy: { associateId: 0 } };
}

async function watched(url) {
  for (let tries = 0; tries < 100; tries += 1) {
    const found = (await outbox(url)).filter((l) => l.to[0] === "watch@skranke.example");
    if (found.length) return found;
    await new Promise((done) => setTimeout(done, 100));
  }
  return [];
}

stories.a_new_ticket_is_told_of = async (url) => {
  const api = signedIn(url);
  const agent = api.getTicketAgent();
  const ticket = await agent.saveTicketEntityAsync(await unowned(api));
  assert.deepEqual(await outbox(url), []);
  await agent.notifyNewTicketAsync(ticket.ticketId);
  const [letter] = await watched(url);
  assert.equal(letter.subject, `[ejTag: ${ticket.ticketId}] New request: Printer on fire`);
  await agent.notifyNewTicketMessageAsync(ticket.ticketId);
  assert.equal((await refused(agent.notifyNewTicketAsync(999999))).status, 404);
  assert.equal((await refused(agent.notifyNewTicketMessageAsync(999999))).status, 404);
};

stories.a_ticket_is_saved_and_told_of = async (url) => {
  const api = signedIn(url);
  const agent = api.getTicketAgent();
  const ticket = await agent.saveTicketEntityWithNotifyAsync(await unowned(api), true);
  assert.equal((await watched(url)).length, 1);
  const renamed = { ticketId: ticket.ticketId, title: "Out" };
  await agent.saveTicketEntityWithNotifyAsync(renamed, false);
  const stored = await agent.getTicketEntityAsync(ticket.ticketId);
  assert.deepEqual([stored.title, stored.category.name], ["Out", "Watched"]);
  const gone = agent.saveTicketEntityWithNotifyAsync({ ticketId: 999999, title: "x" }, true);
  assert.equal((await refused(gone)).status, 404);
};

stories.nobody_favours_a_new_ticket = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const { ticketId } = await agent.saveTicketEntityAsync({ title: "Quiet" });
  const asked = (id) =>
    agent.getHotlistEjUsersAsync(id, [], NotifyType.NewTicketMessage, NotifyChannel.PopUp);
  assert.deepEqual(await asked(ticketId), []);
  assert.equal((await refused(asked(999999))).status, 404);
  await agent.clearNotifyAsync([1, 2, 999999]);
};

stories.templates_of_the_desk_are_chosen = async (url) => {
  const agent = signedIn(url).getCustomerServiceAgent();
  const settings = await agent.getSystemTemplateSettingsAsync();
  assert.equal(settings.userNewTicketTemplateId, 0);
  const wish = { ...settings, emailAddresses: "a@b.example" };
  const saved = await agent.saveSystemTemplateSettingsAsync(wish);
  assert.equal(saved.emailAddresses, "a@b.example");
  assert.deepEqual(await agent.getSystemTemplateSettingsAsync(), saved);
  const unknown = { ...settings, userNewTicketTemplateId: 999999 };
  const told = await refused(agent.saveSystemTemplateSettingsAsync(unknown));
  assert.equal(told.status, 400);
};

run(stories);
