// Many tickets answered and forwarded at once by the vendor's own client.
const assert = require("node:assert/strict");
const { TicketBaseStatus, TicketSecurityLevel } = require("@superoffice/webapi");
const { signedIn, refused, run } = require("./desk.cjs");
const stories = {};

async function tickets(agent, count) {
  const made = [];
  for (let n = 0; n < count; n += 1) {
    const wish = { title: `No. ${n}`, person: { personId: 75 } };
    made.push((await agent.saveTicketEntityAsync(wish)).ticketId);
  }
  return made;
}

async function over(url, id) {
  const authorization = "Basic " + Buffer.from("tje0:Tje0").toString("base64");
  for (;;) {
    const answer = await fetch(`${url}/api/v1/BatchTask/${id}`, { headers: { authorization } });
    const task = await answer.json();
    if (task.Done === task.Total) return task;
  }
}

stories.answers_many_tickets = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const ids = await tickets(agent, 3);
  const batch = await agent.batchReplyAsync({
    ticketIds: ids, closeTickets: true, attachmentIds: [], htmlBody: "<p>Mended</p>",
    slevel: TicketSecurityLevel.External, timeSpent: 5, sendCopyToCustomer: true,
  });
  const task = await over(url, batch);
  assert.deepEqual(task.Failures, []);
  for (const id of ids) {
    const found = await agent.getTicketEntityAsync(id);
    assert.equal(found.baseStatus, TicketBaseStatus.Closed);
    assert.equal(found.numReplies, 1);
  }
  const nobody = agent.batchReplyAsync({ ticketIds: [999999], htmlBody: "<p>A</p>" });
  assert.equal((await refused(nobody)).status, 404);
};

stories.forwards_many_tickets = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const ids = await tickets(agent, 2);
  const batch = await agent.batchForwardAsync(ids, ["fitter@x.example"], [], [], "Look", false);
  assert.equal((await over(url, batch)).Total, 2);
  const [message] = await agent.getTicketMessageEntitiesAsync(ids[0], []);
  assert.equal(message.slevel, TicketSecurityLevel.Internal);
  assert.match(message.body, /Look/);
  assert.equal((await refused(agent.batchForwardAsync(ids, [], [], [], "", false))).status, 400);
};

run(stories);
