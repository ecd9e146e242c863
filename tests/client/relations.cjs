// Relations between tickets, and the rules for them, by the vendor's own client.
const assert = require("node:assert/strict");
const { TicketRelationType, TicketRelationError } = require("@superoffice/webapi");
const { signedIn, refused, run } = require("./desk.cjs");
const stories = {};

async function tickets(agent, ...titles) {
  const made = [];
  for (const title of titles) made.push((await agent.saveTicketEntityAsync({ title })).ticketId);
  return made;
}

stories.relates_tickets_one_by_one = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const [pump, house] = await tickets(agent, "Pump", "House");
  const blank = await agent.createDefaultTicketRelationEntityAsync();
  assert.equal(blank.relationType, TicketRelationType.Related);
  const wish = { ...blank, sourceTicketId: pump, destinationTicketId: house, comment: "near" };
  const saved = await agent.saveTicketRelationEntityAsync(wish);
  assert.ok(saved.ticketRelationId > 0);
  assert.deepEqual(await agent.getTicketRelationEntityAsync(saved.ticketRelationId), saved);
  assert.equal((await refused(agent.saveTicketRelationEntityAsync(wish))).status, 400);
  const [item] = await agent.getTicketRelationsAsync(house);
  assert.equal(item.ticketId, pump);
  assert.equal(item.relationComment, "near");
  await agent.deleteTicketRelationEntityAsync(saved.ticketRelationId);
  assert.deepEqual(await agent.getTicketRelationsAsync(house), []);
  assert.equal((await refused(agent.getTicketRelationsAsync(999999))).status, 404);
};

stories.gives_a_ticket_a_parent = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const [pump, house] = await tickets(agent, "Pump", "House");
  await agent.setTicketParentAsync(pump, house, "belongs there");
  assert.equal(await agent.getTicketParentIdAsync(pump), house);
  assert.equal((await refused(agent.setTicketParentAsync(house, pump, ""))).status, 400);
  await agent.setTicketParentAsync(pump, 0, "");
  assert.equal(await agent.getTicketParentIdAsync(pump), 0);
  assert.equal((await refused(agent.getTicketParentIdAsync(999999))).status, 404);
};

stories.relates_many_tickets_at_once = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const [one, two, house] = await tickets(agent, "One", "Two", "House");
  const wish = [[one, house, two], house, TicketRelationType.Parent];
  const judged = await agent.validateTicketRelationsAsync(...wish);
  assert.deepEqual(judged.map((r) => r.isValid), [true, false, true]);
  assert.equal(judged[1].relationError, TicketRelationError.SameTicket);
  assert.deepEqual(await agent.getTicketRelationsAsync(house), []);
  assert.deepEqual(await agent.createTicketRelationsAsync(...wish, "all"), judged);
  const items = await agent.getTicketRelationsAsync(house);
  assert.deepEqual(items.map((i) => i.relationType), Array(2).fill(TicketRelationType.Child));
  const none = agent.validateTicketRelationsAsync([999999], house, TicketRelationType.Related);
  assert.equal((await refused(none)).status, 404);
};

stories.rules_say_what_closing_means = async (url) => {
  const api = signedIn(url);
  const [lists, agent] = [api.getListAgent(), api.getTicketAgent()];
  const blank = await lists.createDefaultTicketRelationDefinitionEntityAsync();
  const wish = {
    ...blank, name: "Part of", relationType: TicketRelationType.Parent, sourceTicketTypes: [1],
    destinationTicketTypes: [1], isPreventClosingParent: true,
  };
  const rule = await lists.saveTicketRelationDefinitionEntityAsync(wish);
  const id = rule.ticketRelationDefId;
  assert.deepEqual(await lists.getTicketRelationDefinitionEntityAsync(id), rule);
  await lists.setTicketRelationDefinitionSortOrderAsync(id, 1);
  const all = await lists.getAllTicketRelationDefinitionEntitiesAsync();
  assert.deepEqual(all.map((r) => r.name), ["Part of"]);
  const pairs = await lists.validateTicketRelationDefinitionAsync(0, [1], [1], TicketRelationType.Parent);
  assert.deepEqual(pairs.map((p) => p.existingRelationDefinitionName), ["Part of"]);
  const [pump, house] = await tickets(agent, "Pump", "House");
  await agent.setTicketParentAsync(pump, house, "");
  const told = await agent.getTicketRelationActionsAsync(house, 0, 0);
  assert.equal(told.canCloseCurrentTicket, false);
  assert.deepEqual(told.children.map((c) => c.ticketId), [pump]);
  await lists.deleteTicketRelationDefinitionEntityAsync(id);
  assert.equal((await agent.getTicketRelationActionsAsync(house, 0, 0)).canCloseCurrentTicket, true);
  assert.equal((await refused(lists.saveTicketRelationDefinitionEntityAsync({ name: "" }))).status, 400);
  assert.equal((await refused(lists.setTicketRelationDefinitionSortOrderAsync(id, 1))).status, 404);
  const anna = signedIn(url, "anna0", "Anna0").getListAgent();
  assert.equal((await refused(anna.saveTicketRelationDefinitionEntityAsync(wish))).status, 403);
};

run(stories);
