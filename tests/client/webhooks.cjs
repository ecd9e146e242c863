// Webhooks by the vendor's own client, with a receiver in the same process.
const assert = require("node:assert/strict");
const http = require("node:http");
const { createHmac } = require("node:crypto");
const { once } = require("node:events");
const { WebhookState } = require("@superoffice/webapi");
const { signedIn, refused, run } = require("./desk.cjs");
const stories = {};

// `next()` is the next request that isn't answered yet; `status` what is answered.
async function receiver() {
  const got = { status: 200, waiting: [], arrived: null };
  const server = http.createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    response.writeHead(got.status).end("said");
    got.waiting.push({ headers: request.headers, body: Buffer.concat(parts) });
    server.emit("taken");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  got.url = `http://127.0.0.1:${server.address().port}/hook`;
  got.next = async () => {
    if (!got.waiting.length) await once(server, "taken");
    return got.waiting.shift();
  };
  got.close = () => server.close();
  return got;
}

async function saved(url, events) {
  const got = await receiver();
  const agent = signedIn(url).getWebhookAgent();
  const blank = await agent.createDefaultWebhookAsync();
  assert.equal(blank.state, WebhookState.Active);
  const wish = { ...blank, name: "Ours", events, targetUrl: got.url, secret: "hush" };
  const hook = await agent.saveWebhookAsync(wish);
  return { got, agent, hook };
}

stories.a_hook_is_tested_saved_found_and_deleted = async (url) => {
  const { got, agent, hook } = await saved(url, ["ticket.created"]);
  assert.equal((await got.next()).headers["x-hook-test"], "true");
  assert.ok(hook.webhookId > 0);
  assert.ok(!hook.secret);
  assert.deepEqual(await agent.getWebhookAsync(hook.webhookId), hook);
  const all = (name) => agent.getAllWebhooksAsync(name, "", WebhookState.Unknown);
  assert.deepEqual(await all("Ours"), [hook]);
  assert.deepEqual(await all("Theirs"), []);
  assert.equal(await agent.getLastErrorAsync(hook.webhookId), "");
  await agent.deleteWebhookAsync(hook.webhookId);
  assert.equal(await agent.getWebhookAsync(hook.webhookId), null);
  assert.equal((await refused(agent.deleteWebhookAsync(hook.webhookId))).status, 404);
  assert.equal((await refused(agent.getLastErrorAsync(hook.webhookId))).status, 404);
  got.close();
};

stories.a_bad_receiver_is_told_of = async (url) => {
  const { got, agent, hook } = await saved(url, ["ticket.created"]);
  assert.equal((await agent.testWebhookAsync(hook)).success, true);
  got.status = 500;
  const test = await agent.testWebhookAsync(hook);
  assert.equal(test.success, false);
  assert.match(test.message, /said$/);
  const answer = await refused(agent.saveWebhookAsync(hook));
  assert.equal(answer.status, 400);
  assert.match(answer.data.ErrorMessage, /TargetUrl.*500/);
  got.close();
};

stories.a_new_ticket_arrives_signed = async (url) => {
  const { got } = await saved(url, ["ticket.created"]);
  await got.next();
  const tickets = signedIn(url, "anna0", "Anna0").getTicketAgent();
  const { ticketId } = await tickets.saveTicketEntityAsync({ title: "Pump" });
  const { headers, body } = await got.next();
  assert.equal(headers["x-superoffice-event"], "ticket.created");
  const sign = createHmac("sha256", "hush").update(body).digest("base64");
  assert.equal(headers["x-superoffice-signature"], sign);
  assert.equal(JSON.parse(body).PrimaryKey, ticketId);
  got.close();
};

stories.an_event_of_ones_own_arrives = async (url) => {
  const { got, agent } = await saved(url, ["door.opened"]);
  await got.next();
  await agent.signalEventAsync("door.opened", 7, { by: "wind" });
  const body = JSON.parse((await got.next()).body);
  assert.equal(body.PrimaryKey, 7);
  assert.equal(body.FieldValues.by, "wind");
  assert.equal((await refused(agent.signalEventAsync("ticket.changed", 7, {}))).status, 400);
  got.close();
};

run(stories);
