// Stories of tickets that the vendor's own client lives through on a running desk.
const assert = require("node:assert/strict");
const { WebApi, TicketBaseStatus, TicketSecurityLevel, TicketReadStatus } = require("@superoffice/webapi");
const { signedIn, refused, run } = require("./desk.cjs");
const MAX_INT = 2147483647;
const stories = {};

stories.creates_reads_and_changes_a_ticket = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const blank = await agent.createDefaultTicketEntityAsync();
  assert.equal(blank.ticketId, 0);
  assert.equal(blank.ownedBy.associateId, MAX_INT);
  assert.equal(blank.baseStatus, TicketBaseStatus.Active);
  blank.title = "The pump is cold";
  blank.person = { personId: 75 };
  const saved = await agent.saveTicketEntityAsync(blank);
  assert.ok(saved.ticketId > 0);
  assert.equal(saved.title, "The pump is cold");
  assert.equal(saved.person.personId, 75);
  assert.notEqual(saved.ownedBy.associateId, MAX_INT);
  const read = await agent.getTicketEntityAsync(saved.ticketId);
  assert.deepEqual(read, saved);
  read.title = "The pump is warm";
  const changed = await agent.saveTicketEntityAsync(read);
  assert.equal(changed.title, "The pump is warm");
  assert.equal(changed.person.personId, 75);
  const flat = await agent.getTicketAsync(saved.ticketId);
  assert.equal(flat.title, "The pump is warm");
  const both = await agent.getTicketsAsync([389, saved.ticketId]);
  assert.deepEqual(both.map((t) => t.ticketId), [389, saved.ticketId]);
};

stories.begins_with_the_defaults_of_a_type = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const blank = await agent.createDefaultForTicketTypeAsync(1);
  assert.equal(blank.ticketType.ticketTypeId, 1);
  assert.equal((await refused(agent.createDefaultForTicketTypeAsync(99))).status, 400);
};

stories.a_round_trip_changes_nothing = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const before = await agent.getTicketEntityAsync(389);
  const after = await agent.saveTicketEntityAsync(before);
  assert.deepEqual(after, before);
  assert.deepEqual(await agent.getTicketEntityAsync(389), before);
};

stories.a_partial_object_keeps_the_rest = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const before = await agent.getTicketEntityAsync(389);
  const after = await agent.saveTicketEntityAsync({ ticketId: 389, title: "Only this" });
  assert.equal(after.title, "Only this");
  assert.deepEqual(after.person, before.person);
  assert.deepEqual(after.messages, before.messages);
  assert.equal(after.category.ticketCategoryId, before.category.ticketCategoryId);
};

stories.closes_reopens_and_postpones = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const ticket = await agent.getTicketEntityAsync(389);
  ticket.baseStatus = TicketBaseStatus.Closed;
  const closed = await agent.saveTicketEntityAsync(ticket);
  assert.equal(closed.status.name, "Closed");
  assert.ok(closed.closedAt.getUTCFullYear() >= 2026);
  closed.baseStatus = TicketBaseStatus.Active;
  const opened = await agent.saveTicketEntityAsync(closed);
  assert.equal(opened.baseStatus, TicketBaseStatus.Active);
  assert.ok(opened.closedAt.getUTCFullYear() < 2);
  opened.baseStatus = TicketBaseStatus.Postponed1Hour;
  const waits = await agent.saveTicketEntityAsync(opened);
  assert.equal(waits.baseStatus, TicketBaseStatus.Postponed);
  assert.ok(waits.activate.getUTCFullYear() >= 2026);
};

stories.assigns = async (url) => {
  const api = signedIn(url);
  const agent = api.getTicketAgent();
  const users = await api.getMDOAgent().getSimpleListAsync("associate");
  assert.ok(users.length >= 6);
  const ticket = await agent.getTicketEntityAsync(389);
  ticket.ownedBy = { associateId: 0 };
  assert.equal((await agent.saveTicketEntityAsync(ticket)).ownedBy.associateId, 0);
  ticket.ownedBy = { associateId: MAX_INT };
  const given = await agent.saveTicketEntityAsync(ticket);
  assert.ok(users.some((u) => u.id === given.ownedBy.associateId));
  ticket.ownedBy = { associateId: users[0].id };
  const owned = await agent.saveTicketEntityAsync(ticket);
  assert.equal(owned.ownedBy.associateId, users[0].id);
};

stories.reads_every_list_of_the_page = async (url) => {
  const mdo = signedIn(url).getMDOAgent();
  for (const name of ["associate", "ejcategory", "ticketpriority", "ticketstatus",
    "ticketticketstatus", "person_new", "sale", "project", "TicketType", "tags"]) {
    const items = await mdo.getListAsync(name, false, "", false);
    assert.ok(items.length > 0, name);
    assert.ok(items.every((item) => item.name !== ""), name);
  }
  const found = await mdo.getListWithRestrictionAsync("person_new", "", "caffrey");
  assert.equal(found[0].id, 75);
  const tags = await mdo.getSimpleListAsync("tags");
  assert.ok(tags.some((tag) => tag.id === 131));
};

stories.is_refused_with_a_sentence = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const missing = await refused(agent.saveTicketEntityAsync({ ticketId: 99999, title: "x" }));
  assert.equal(missing.status, 404);
  assert.equal(missing.data.ErrorType, "SoNotFoundException");
  const person = await refused(
    agent.saveTicketEntityAsync({ ticketId: 389, person: { personId: 99999 } }));
  assert.equal(person.status, 400);
  assert.match(person.data.ErrorMessage, /Person.PersonId: 99999 does not exist/);
  const long = await refused(agent.saveTicketEntityAsync({ ticketId: 389, title: "x".repeat(256) }));
  assert.equal(long.status, 400);
  assert.match(long.data.ErrorMessage + long.data.MessageDetail, /Title/);
  assert.equal(await agent.getTicketEntityAsync(99999), null);
  assert.notEqual((await agent.getTicketEntityAsync(389)).title, "x".repeat(256));
};

stories.signs_in_by_ticket_and_token = async (url) => {
  const wrong = await refused(signedIn(url, "tje0", "wrong").getTicketAgent().getTicketAsync(389));
  assert.equal(wrong.status, 401);
  const basic = "Basic " + Buffer.from("tje0:Tje0").toString("base64");
  const answer = await fetch(`${url}/api/v1/User/currentToken`, { headers: { authorization: basic } });
  const token = await answer.json();
  const api = new WebApi(url);
  api.authenticateWithToken(token);
  assert.equal((await api.getTicketAgent().getTicketAsync(389)).ticketId, 389);
  const me = await fetch(`${url}/api/v1/User/currentPrincipal`, { headers: { authorization: `Bearer ${token}` } });
  assert.equal((await me.json()).Associate, "tje0");
};

stories.shows_rights_as_numbers_that_come_back = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const ticket = await agent.getTicketEntityAsync(389);
  assert.equal(ticket.tableRight.mask, 15);
  assert.equal(ticket.fieldProperties.Title.fieldRight.mask, 3);
  assert.equal(ticket.slevel, TicketSecurityLevel.External);
  assert.ok(ticket.readStatus in TicketReadStatus);
  const reader = await signedIn(url, "sofie0", "Sofie0").getTicketAgent().getTicketEntityAsync(389);
  assert.equal(reader.tableRight.mask, 1);
  assert.equal(reader.fieldProperties.Title.fieldRight.mask, 1);
};

stories.deletes = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  await agent.deleteTicketEntityAsync(389);
  assert.equal((await agent.getTicketEntityAsync(389)).baseStatus, TicketBaseStatus.Deleted);
  await agent.deleteTicketEntityAsync(389);
  assert.equal(await agent.getTicketEntityAsync(389), null);
};

stories.extra_fields_travel_as_typed_text = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const ticket = await agent.getTicketEntityAsync(389);
  const [name] = Object.keys(ticket.customFields).filter((n) => /^\[I:/.test(ticket.customFields[n]) && !n.includes(":"));
  ticket.customFields[name] = "[I:1]";
  const saved = await agent.saveTicketEntityAsync(ticket);
  assert.equal(saved.customFields[name], "[I:1]");
  assert.equal(saved.extraFields[name], "[I:1]");
};

stories.a_round_trip_with_offsets_changes_nothing = async (url) => {
  for (const timezone of ["UTC", "NO", "US-NY", undefined]) {
    const options = { timezone, timezoneInclude: true, languageCode: "en", cultureCode: "sv" };
    const agent = signedIn(url, "tje0", "Tje0", options).getTicketAgent();
    const before = await agent.getTicketEntityAsync(389);
    assert.deepEqual(await agent.saveTicketEntityAsync(before), before);
    assert.deepEqual(await agent.getTicketEntityAsync(389), before);
    before.deadline = new Date("2026-10-25T00:30:00Z");
    const dated = await agent.saveTicketEntityAsync(before);
    assert.equal(dated.deadline.toISOString(), "2026-10-25T00:30:00.000Z");
    const empty = await agent.saveTicketEntityAsync({ ...dated, deadline: null });
    assert.ok(empty.deadline.getUTCFullYear() < 2);
  }
};

stories.one_moment_is_the_same_in_every_zone = async (url) => {
  const zoned = (timezone) =>
    signedIn(url, "tje0", "Tje0", { timezone, timezoneInclude: true }).getTicketAgent();
  const moments = [];
  for (const timezone of ["UTC", "NO", "US-NY", "AU-ACT"]) {
    moments.push((await zoned(timezone).getTicketEntityAsync(389)).createdAt.getTime());
  }
  assert.equal(new Set(moments).size, 1);
};

stories.speaks_the_language_that_it_is_set_to = async (url) => {
  const reader = async (options) => {
    const agent = signedIn(url, "sofie0", "Sofie0", options).getTicketAgent();
    return (await agent.getTicketEntityAsync(389)).fieldProperties.Title.fieldRight.reason;
  };
  assert.equal(await reader({}), "[SR_SKRANKE_ONLY_READ]");
  assert.equal(await reader({ languageCode: "en" }), "Your role may only read.");
  assert.equal(await reader({ languageCode: "nb", cultureCode: "sv" }), "Rollen din kan bare lese.");
};

run(stories);
