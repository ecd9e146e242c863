// Stories of an administrator who edits the lists of tickets by the vendor's own client.
const assert = require("node:assert/strict");
const {
  TicketBaseStatus, TicketPriorityEscalateEvent, TicketPriorityFlags, TicketPriorityStatus, TicketStatusTimeCounter,
} = require("@superoffice/webapi");
const { signedIn, refused, run } = require("./desk.cjs");
const stories = {};

stories.a_priority_with_levels_lives_from_default_to_deleted = async (url) => {
  const api = signedIn(url);
  const lists = api.getListAgent();
  const blank = await lists.createDefaultTicketPriorityEntityAsync();
  assert.equal(blank.ticketPriorityId, 0);
  blank.name = "Right now";
  blank.flags = TicketPriorityFlags.External | TicketPriorityFlags.AlertSchedule;
  blank.ticketRead = TicketPriorityEscalateEvent.Stop;
  blank.deadline = 120;
  blank.escalationLevels = [{ alertLevel: 1, alertTimeout: 30, action: 16 }, { alertLevel: 2, alertTimeout: 60 }];
  const saved = await lists.saveTicketPriorityEntityAsync(blank);
  assert.ok(saved.ticketPriorityId > 0);
  assert.deepEqual(await lists.getTicketPriorityEntityAsync(saved.ticketPriorityId), saved);
  assert.equal(saved.escalationLevels[0].action, 16);
  assert.equal(saved.ticketRead, TicketPriorityEscalateEvent.Stop);
  assert.equal((await lists.getTicketPriorityAsync(saved.ticketPriorityId)).value, "Right now");
  await lists.setTicketPrioritySortOrderAsync(saved.ticketPriorityId, 1);
  assert.equal((await lists.getTicketPrioritiesAsync())[0].id, saved.ticketPriorityId);
  const ticket = await api.getTicketAgent().saveTicketEntityAsync({ title: "x", priority: saved });
  await lists.deleteTicketPriorityEntityAsync(saved.ticketPriorityId);
  const usable = await lists.getAllTicketPrioritiesAsync(false);
  assert.ok(usable.every((p) => p.ticketPriorityId !== saved.ticketPriorityId));
  const all = await lists.getAllTicketPrioritiesAsync(true);
  assert.equal(all.length, usable.length + 1);
  const old = await api.getTicketAgent().getTicketEntityAsync(ticket.ticketId);
  assert.equal(old.priority.status, TicketPriorityStatus.Deleted);
  assert.equal(old.priority.name, "Right now");
};

stories.a_status_is_replaced_everywhere_and_then_deleted = async (url) => {
  const api = signedIn(url);
  const lists = api.getListAgent();
  const blank = await lists.createDefaultTicketStatusEntityAsync();
  assert.equal(blank.status, TicketBaseStatus.Active);
  const parts = await lists.saveTicketStatusEntityAsync(
    { ...blank, name: "Waits for parts", timeCounter: TicketStatusTimeCounter.Externally });
  assert.deepEqual(await lists.getTicketStatusEntityAsync(parts.ticketStatusId), parts);
  await lists.setTicketStatusSortOrderAsync(parts.ticketStatusId, 0);
  assert.equal((await lists.getTicketStatusesAsync())[0].ticketStatusId, parts.ticketStatusId);
  const tickets = api.getTicketAgent();
  const one = await tickets.saveTicketEntityAsync({ title: "one", status: parts });
  const two = await tickets.saveTicketEntityAsync({ title: "two", status: parts });
  const kept = await refused(lists.deleteTicketStatusEntityAsync(parts.ticketStatusId));
  assert.equal(kept.status, 400);
  assert.match(kept.data.ErrorMessage, /in use by ticket/);
  await lists.globalChangeTicketStatusAsync(parts.ticketStatusId, 2);
  for (const { ticketId } of [one, two]) {
    const closed = await tickets.getTicketEntityAsync(ticketId);
    assert.equal(closed.baseStatus, TicketBaseStatus.Closed);
    assert.equal(closed.status.ticketStatusId, 2);
  }
  await lists.deleteTicketStatusEntityAsync(parts.ticketStatusId);
  assert.ok((await lists.getTicketStatusesAsync()).every((s) => s.ticketStatusId !== parts.ticketStatusId));
};

stories.a_type_is_replaced_everywhere_and_then_deleted = async (url) => {
  const api = signedIn(url);
  const lists = api.getListAgent();
  const blank = await lists.createDefaultTicketTypeEntityAsync();
  const incident = await lists.saveTicketTypeEntityAsync(
    { ...blank, name: "Breakdown", ticketPriorities: [3], defaultTicketPriority: 3 });
  assert.deepEqual(await lists.getTicketTypeEntityAsync(incident.ticketTypeId), incident);
  await lists.setTicketTypeSortOrderAsync(incident.ticketTypeId, 0);
  assert.equal((await lists.getTicketTypesAsync())[0].ticketTypeId, incident.ticketTypeId);
  const ticket = await api.getTicketAgent().saveTicketEntityAsync({ title: "x", ticketType: incident });
  assert.equal(ticket.priority.ticketPriorityId, 3);
  assert.equal((await refused(lists.deleteTicketTypeEntityAsync(incident.ticketTypeId))).status, 400);
  await lists.globalChangeTicketTypeAsync(incident.ticketTypeId, 1);
  assert.equal((await api.getTicketAgent().getTicketEntityAsync(ticket.ticketId)).ticketType.ticketTypeId, 1);
  await lists.deleteTicketTypeEntityAsync(incident.ticketTypeId);
  assert.ok((await lists.getTicketTypesAsync()).every((t) => t.ticketTypeId !== incident.ticketTypeId));
};

stories.a_category_grows_moves_empties_and_goes = async (url) => {
  const api = signedIn(url);
  const lists = api.getListAgent();
  const blank = await lists.createDefaultTicketCategoryEntityAsync();
  const pumps = await lists.saveTicketCategoryEntityAsync({ ...blank, name: "Pumps", parentId: 1 });
  const cold = await lists.saveTicketCategoryEntityAsync({ ...blank, name: "Cold", parentId: pumps.ticketCategoryId });
  assert.match(cold.fullname, /^.+\/Pumps\/Cold$/);
  await lists.saveTicketCategoryEntityAsync({ ticketCategoryId: pumps.ticketCategoryId, parentId: -1, name: "Heaters" });
  const moved = await lists.getTicketCategoryEntityAsync(cold.ticketCategoryId);
  assert.equal(moved.fullname, "Heaters/Cold");
  const short = await lists.getTicketCategoryAsync(cold.ticketCategoryId);
  assert.deepEqual([short.value, short.tooltip], ["Cold", "Heaters/Cold"]);
  const circle = await refused(lists.saveTicketCategoryEntityAsync(
    { ticketCategoryId: pumps.ticketCategoryId, parentId: cold.ticketCategoryId }));
  assert.equal(circle.status, 400);
  await lists.setTicketCategoriesForUserGroupAsync(1, [cold.ticketCategoryId]);
  const linked = await lists.getTicketCategoriesForUserGroupsAsync([1]);
  assert.deepEqual(linked.map((c) => c.id), [cold.ticketCategoryId]);
  const ticket = await api.getTicketAgent().saveTicketEntityAsync({ title: "x", category: cold });
  assert.equal((await refused(lists.deleteTicketCategoryEntityAsync(cold.ticketCategoryId))).status, 400);
  await lists.moveAllTicketsAsync(cold.ticketCategoryId, 1);
  assert.equal((await api.getTicketAgent().getTicketEntityAsync(ticket.ticketId)).category.ticketCategoryId, 1);
  await lists.deleteTicketCategoryEntityAsync(cold.ticketCategoryId);
  assert.equal(await lists.getTicketCategoryEntityAsync(cold.ticketCategoryId), null);
};

stories.a_tag_lives_from_added_to_deleted = async (url) => {
  const lists = signedIn(url).getListAgent();
  const added = await lists.addFromListNameAsync("tags", { name: "Goodwill", tooltip: "We pay" });
  assert.deepEqual(await lists.getFromListNameAsync(added.id, "tags"), added);
  const saved = await lists.saveFromListNameAsync(added.id, "tags", { ...added, name: "Courtesy" });
  assert.equal(saved.name, "Courtesy");
  assert.ok((await lists.getAllFromListNameAsync("tags", false)).some((t) => t.id === added.id));
  await lists.deleteFromListNameAsync(added.id, "tags");
  assert.ok((await lists.getAllFromListNameAsync("tags", false)).every((t) => t.id !== added.id));
  assert.equal((await refused(lists.getAllFromListNameAsync("nothing", false))).status, 400);
  assert.equal((await refused(lists.deleteFromListNameAsync(99999, "tags"))).status, 404);
};

stories.a_round_trip_of_every_list_changes_nothing = async (url) => {
  const lists = signedIn(url).getListAgent();
  for (const [read, save] of [
    ["getTicketCategoriesAsync", "saveTicketCategoryEntityAsync"],
    ["getTicketStatusesAsync", "saveTicketStatusEntityAsync"],
    ["getTicketTypesAsync", "saveTicketTypeEntityAsync"],
  ]) {
    const before = await lists[read]();
    for (const item of before) assert.deepEqual(await lists[save](item), item);
    assert.deepEqual(await lists[read](), before);
  }
  for (const item of await lists.getAllTicketPrioritiesAsync(true)) {
    assert.deepEqual(await lists.saveTicketPriorityEntityAsync(item), item);
  }
};

stories.an_agent_reads_and_may_change_nothing = async (url) => {
  const lists = signedIn(url, "anna0", "Anna0").getListAgent();
  assert.ok((await lists.getTicketStatusesAsync()).length > 0);
  for (const deed of [
    lists.saveTicketPriorityEntityAsync({ ticketPriorityId: 1, name: "Mine" }),
    lists.saveTicketStatusEntityAsync({ ticketStatusId: 1, name: "Mine" }),
    lists.saveTicketTypeEntityAsync({ ticketTypeId: 1, name: "Mine" }),
    lists.saveTicketCategoryEntityAsync({ ticketCategoryId: 1, name: "Mine" }),
    lists.deleteTicketPriorityEntityAsync(1),
    lists.deleteTicketStatusEntityAsync(1),
    lists.deleteTicketTypeEntityAsync(1),
    lists.deleteTicketCategoryEntityAsync(1),
    lists.setTicketPrioritySortOrderAsync(1, 9),
    lists.setTicketStatusSortOrderAsync(1, 9),
    lists.setTicketTypeSortOrderAsync(1, 9),
    lists.setTicketCategoriesForUserGroupAsync(1, []),
    lists.globalChangeTicketStatusAsync(1, 2),
    lists.globalChangeTicketTypeAsync(1, 2),
    lists.moveAllTicketsAsync(1, 2),
    lists.addFromListNameAsync("tags", { name: "Mine" }),
    lists.saveFromListNameAsync(131, "tags", { name: "Mine" }),
    lists.deleteFromListNameAsync(131, "tags"),
  ]) {
    assert.equal((await refused(deed)).status, 403);
  }
  assert.notEqual((await lists.getTicketStatusEntityAsync(1)).name, "Mine");
};

stories.what_cannot_be_is_named = async (url) => {
  const lists = signedIn(url).getListAgent();
  const name = await refused(lists.saveTicketStatusEntityAsync({ name: " ", status: TicketBaseStatus.Active }));
  assert.equal(name.status, 400);
  assert.match(name.data.ErrorMessage, /^Name: is empty/);
  const missing = await refused(lists.saveTicketTypeEntityAsync({ ticketTypeId: 99999, name: "x" }));
  assert.equal(missing.status, 404);
  assert.match(missing.data.ErrorMessage, /TicketTypeId: 99999 does not exist/);
  const category = await refused(lists.moveAllTicketsAsync(1, 99999));
  assert.match(category.data.ErrorMessage, /ToTicketCategoryId: 99999 does not exist/);
  const order = await refused(lists.setTicketPrioritySortOrderAsync(99999, 1));
  assert.equal(order.status, 404);
  const level = await refused(lists.saveTicketPriorityEntityAsync(
    { ticketPriorityId: 1, escalationLevels: [{ alertLevel: 2 }, { alertLevel: 1 }] }));
  assert.match(level.data.ErrorMessage, /EscalationLevels\[1\].AlertLevel/);
};

run(stories);
