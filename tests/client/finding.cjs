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

// an address of ours, which the vendor's client doesn't know
async function similar(url, ticketId, asked = "") {
  const headers = { Authorization: `Basic ${Buffer.from("tje0:Tje0").toString("base64")}` };
  const answer = await fetch(`${url}/api/v1/Ticket/${ticketId}/Similar${asked}`, { headers });
  return { status: answer.status, data: await answer.json() };
}

stories.tells_which_tickets_say_the_same = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const words = { title: "Quokka enclosure floods", messages: [] };
  const [one, two] = [await agent.saveTicketEntityAsync(words), await agent.saveTicketEntityAsync(words)];
  let told;
  do told = await similar(url, one.ticketId, "?top=1"); while (told.status === 200 && !told.data.length);
  assert.equal(told.status, 200);
  assert.deepEqual([told.data[0].TicketId, told.data[0].Likeness, told.data[0].Title], [two.ticketId, 100, words.title]);
  const wrong = await similar(url, one.ticketId, "?top=21");
  assert.equal(wrong.status, 400);
  assert.match(wrong.data.ErrorMessage, /top/);
  const unknown = await similar(url, 2147483647);
  assert.equal(unknown.status, 404);
  assert.match(unknown.data.ErrorMessage, /2147483647/);
};

run(stories);
