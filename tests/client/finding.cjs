// Finding tickets by title or number, by the vendor's own client.
const assert = require("node:assert/strict");
const { signedIn, refused, run } = require("./desk.cjs");
const stories = {};

stories.finds_a_ticket_by_title_or_id = async (url) => {
  const api = signedIn(url);
  const agent = api.getCustomerServiceAgent();
  const made = await api.getTicketAgent().saveTicketEntityAsync({ title: "Quixotic boiler" });
  const [byTitle] = await agent.findTicketsByTitleOrIdAsync("quixotic b", 10);
  assert.equal(byTitle.ticketId, made.ticketId);
  assert.equal(byTitle.title, "Quixotic boiler");
  const [byNumber] = await agent.findTicketsByTitleOrIdAsync(String(made.ticketId), 1);
  assert.equal(byNumber.ticketId, made.ticketId);
  assert.deepEqual(await agent.findTicketsByTitleOrIdAsync("no such title", 10), []);
  assert.equal((await refused(agent.findTicketsByTitleOrIdAsync("a", -1))).status, 400);
};

run(stories);
