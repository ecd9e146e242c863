// Stories of finding tickets, as the vendor's own client asks the Archive agent.
const assert = require("node:assert/strict");
const { InterRestrictionOperator, OrderBySortType, TicketReadStatus } = require("@superoffice/webapi");
const { signedIn, refused, run } = require("./desk.cjs");
const stories = {};
const about = (name, operator, ...values) => ({ name, operator, values, isActive: true, interParenthesis: 0, interOperator: InterRestrictionOperator.And, subRestrictions: [], displayValues: [], uniqueHash: 0 });
const DESC = [{ name: "ticketId", direction: OrderBySortType.DESC }];
const BOTH = ["ticket", "ticketdisplayclosed"];

stories.lists_tickets_by_strings_and_by_arrays = async (url) => {
  const agent = signedIn(url).getArchiveAgent();
  const said = await agent.getArchiveListByColumns2Async("Ticket", "ticketId,title,status", "ticketId desc", "status = 1", "ticket", 0, 5);
  assert.equal(said.length, 5);
  assert.equal(said[0].entityName, "ticket");
  assert.equal(said[0].columnData.ticketId.displayValue, `[I:${said[0].primaryKey}]`);
  assert.equal(said[0].columnData.status.displayValue, "Open");
  const asked = await agent.getArchiveListByColumnsAsync("Ticket", ["ticketId", "title", "status"], DESC, [about("status", "=", "1")], ["ticket"], 0, 5);
  assert.deepEqual(asked.map((r) => r.primaryKey), said.map((r) => r.primaryKey));
  const next = await agent.getArchiveListByColumnsAsync("Ticket", ["ticketId"], DESC, [about("status", "=", "1")], ["ticket"], 1, 5);
  assert.ok(next[0].primaryKey < said[4].primaryKey);
  const context = await agent.getArchiveListByColumnsWithContextAsync("Ticket", ["ticketId"], DESC, [about("status", "=", "1")], ["ticket"], 0, 5, "");
  assert.deepEqual(context.map((r) => r.primaryKey), said.map((r) => r.primaryKey));
  const context2 = await agent.getArchiveListByColumnsWithContext2Async("Ticket", "ticketId", "ticketId desc", "status = 1", "ticket", 0, 5, "");
  assert.deepEqual(context2.map((r) => r.primaryKey), said.map((r) => r.primaryKey));
};

stories.counts_with_a_header = async (url) => {
  const agent = signedIn(url).getArchiveAgent();
  const where = [about("ticketId", "lt", "51")];
  const plain = await agent.createDefaultArchiveListResultAsync();
  assert.deepEqual(plain.rows, []);
  const asked = await agent.getArchiveListByColumnsWithHeaderAsync("Ticket", ["ticketId"], DESC, where, BOTH, 0, 3, "rowcount=true");
  assert.deepEqual([asked.rowCount, asked.rows.length], [50, 3]);
  const context = await agent.getArchiveListByColumnsWithHeaderWithContextAsync("Ticket", ["ticketId"], DESC, where, BOTH, 0, 3, "rowcount=true", "");
  assert.equal(context.rowCount, 50);
  const said = await agent.getArchiveListByColumnsWithHeader2Async("Ticket", "ticketId", "", "ticketId < 51", "", 0, 3, "rowcount=true");
  assert.equal(said.rowCount, 50);
  const said2 = await agent.getArchiveListByColumnsWithHeaderWithContext2Async("Ticket", "ticketId", "", "ticketId < 51", "", 0, 3, "rowcount=true", "");
  assert.equal(said2.rowCount, 50);
};

stories.keeps_how_a_list_is_to_look = async (url) => {
  const agent = signedIn(url).getArchiveAgent();
  await agent.setChosenColumnsAsync("Requests", "Ticket", ["title", "ticketId"]);
  await agent.setChosenEntitiesAsync("Requests", "Ticket", ["ticket"]);
  await agent.setColumnWidthsAsync("Requests", ["title=40c"]);
  const kept = await agent.getArchiveConfigurationAsync("Requests", "Ticket");
  assert.deepEqual(kept.archiveColumnInfo.slice(0, 2).map((c) => [c.name, c.isVisible]), [["title", true], ["ticketId", true]]);
  assert.equal(kept.archiveColumnInfo[0].width, "40c");
  assert.deepEqual(kept.archiveEntityInfo.map((e) => e.selected), [true, false]);
  const rows = await agent.getArchiveListAsync("Requests", "Ticket", DESC, [about("ticketId", "<", "9")], BOTH, 0, 2);
  assert.deepEqual(Object.keys(rows[0].columnData), ["title", "ticketId"]);
  const said = await agent.getArchiveList2Async("Requests", "Ticket", "ticketId desc", "ticketId < 9", BOTH.join(), 0, 2);
  assert.deepEqual(said.map((r) => r.primaryKey), [8, 7]);
  await agent.setChosenColumnsV2Async("Requests", "Ticket", "mine", "", ["author"]);
  await agent.setChosenEntitiesV2Async("Requests", "Ticket", "mine", "", BOTH);
  await agent.setColumnWidthsV2Async("Requests", "Ticket", "mine", "", ["9c"]);
  const mine = await agent.getArchiveConfigurationV2Async("Requests", "Ticket", "mine", "key");
  assert.deepEqual([mine.archiveColumnInfo[0].name, mine.archiveColumnInfo[0].width, mine.ownerKeys], ["author", "9c", "key"]);
  const same = await agent.getArchiveConfigurationWithContextAsync("Requests", "Ticket", "mine");
  assert.equal(same.archiveColumnInfo[0].name, "author");
  const other = await agent.getArchiveListWithContextAsync("Requests", "Ticket", DESC, [about("ticketId", "<", "9")], BOTH, 0, 2, "mine");
  assert.deepEqual(Object.keys(other[0].columnData), ["author"]);
  const other2 = await agent.getArchiveListWithContext2Async("Requests", "Ticket", "", "ticketId < 9", "", 0, 2, "mine");
  assert.deepEqual(Object.keys(other2[0].columnData), ["author"]);
  const wrong = await refused(agent.setChosenColumnsAsync("Requests", "Ticket", ["nothing"]));
  assert.equal(wrong.status, 400);
  const filter = await agent.getActivityFilterAsync();
  filter.fromDate = new Date("2026-01-02T03:04:05Z");
  await agent.setActivityFilterAsync(filter);
  assert.equal((await agent.getActivityFilterAsync()).fromDate.getUTCFullYear(), 2026);
};

stories.tells_what_there_is_to_ask = async (url) => {
  const agent = signedIn(url).getArchiveAgent();
  const names = await agent.getProviderNamesAsync();
  for (const name of ["Ticket", "TicketMessage", "Person", "Contact", "Associate"]) assert.ok(names.includes(name));
  const columns = await agent.getAvailableColumnsAsync("Ticket", "");
  const owner = columns.find((c) => c.name === "ownedBy");
  assert.deepEqual([owner.restrictionType, owner.canOrderBy, owner.canRestrictBy], ["ejUser", true, true]);
  const entities = await agent.getAvailableEntitiesAsync("Ticket", "");
  assert.deepEqual(entities.map((e) => e.type), BOTH);
  const [company] = await agent.getRelatedDataAsync("contact", 1, ["name"]);
  const [again] = await agent.getRelatedData2Async("contact", 1, "name");
  assert.equal(company.fieldValue.displayValue, again.fieldValue.displayValue);
  assert.ok((await agent.getGroupAssociateIdsAsync([1])).length > 0);
  const unknown = await refused(agent.getAvailableColumnsAsync("Nothing", ""));
  assert.equal(unknown.status, 404);
};

stories.is_told_where_a_filter_is_wrong = async (url) => {
  const agent = signedIn(url).getArchiveAgent();
  const said = await refused(agent.getArchiveListByColumns2Async("Ticket", "ticketId", "", "status = 1 and colour = 2", "", 0, 5));
  assert.equal(said.status, 400);
  assert.match(said.data.ErrorMessage, /Restrictions, character 16: there is no column 'colour'/);
  const asked = await refused(agent.getArchiveListByColumnsAsync("Ticket", ["ticketId"], [], [about("status", "=", "1"), about("colour", "=", "2")], [], 0, 5));
  assert.match(asked.data.ErrorMessage, /Restriction\[1\]: there is no column 'colour'/);
  // a column that isn't there is passed over (case A2)
  const injected = await agent.getArchiveListByColumns2Async("Ticket", "ticketId; DROP TABLE ticket", "", "", "", 0, 5);
  assert.equal(injected.length, 5);
};

stories.does_things_to_all_that_is_found = async (url) => {
  const api = signedIn(url);
  const agent = api.getTicketAgent();
  const few = [about("ticketId", "in", "389", "390")];
  const before = await agent.getTicketEntityAsync(389);
  const status = before.readStatus === TicketReadStatus.Yellow ? TicketReadStatus.Red : TicketReadStatus.Yellow;
  assert.ok((await agent.updateTicketsReadStatusByProviderAsync("Ticket", few, status)).includes(389));
  assert.equal((await agent.getTicketEntityAsync(389)).readStatus, status);
  assert.ok((await agent.setSpamStatusByProviderAsync("Ticket", few)).includes(389));
  assert.ok((await agent.setDeletedStatusByProviderAsync("Ticket", few)).includes(389));
  assert.equal((await agent.getTicketEntityAsync(389)).baseStatus, "Deleted");
  const all = await refused(agent.setDeletedStatusByProviderAsync("Ticket", []));
  assert.equal(all.status, 400);
};

run(stories);
