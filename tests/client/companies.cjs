// Stories of companies that the vendor's own client lives through on a running desk.
const assert = require("node:assert/strict");
const { signedIn, refused, run } = require("./desk.cjs");
const stories = {};

stories.makes_reads_and_changes_a_company = async (url) => {
  const agent = signedIn(url).getContactAgent();
  const blank = await agent.createDefaultContactEntityAsync();
  assert.equal(blank.contactId, 0);
  blank.name = "Nordlys AS";
  blank.phones = [{ value: "+47 22 00 00 00" }];
  blank.domains = ["nordlys.example"];
  const saved = await agent.saveContactEntityAsync(blank);
  assert.ok(saved.contactId > 0);
  assert.deepEqual(await agent.getContactEntityAsync(saved.contactId), saved);
  saved.department = "Oslo";
  const changed = await agent.saveContactEntityAsync(saved);
  assert.equal(changed.department, "Oslo");
  assert.equal((await agent.getContactAsync(saved.contactId)).fullName, "Nordlys AS, Oslo");
  assert.equal((await agent.getContactListAsync([1, saved.contactId])).length, 2);
  assert.equal((await agent.getMyContactAsync()).contactId, 1);
  assert.ok((await agent.getMyContactsAsync()).some((c) => c.contactId === saved.contactId));
  assert.equal((await agent.getMyBizCardAsync()).persons.length, 1);
};

stories.has_persons = async (url) => {
  const agent = signedIn(url).getContactAgent();
  const { contactId } = await agent.saveContactEntityAsync({ name: "Nordlys AS" });
  const person = await agent.addPersonAsync(contactId, { lastname: "Foss" });
  assert.equal(person.contact.contactId, contactId);
  assert.equal((await agent.getPersonsAsync(contactId)).length, 1);
  assert.equal((await agent.getContactWithPersonsAsync(contactId)).persons.length, 1);
};

stories.previews_and_validates = async (url) => {
  const agent = signedIn(url).getContactAgent();
  assert.equal((await agent.createDefaultPreviewContactAsync()).contactId, 0);
  assert.equal((await agent.getPreviewContactAsync(2)).name, "Harbour Lane Hotels Ltd");
  const blank = await agent.createDefaultContactEntityAsync();
  assert.ok("Name" in (await agent.validateContactEntityAsync(blank)));
  assert.equal((await refused(agent.saveContactEntityAsync(blank))).status, 400);
  assert.equal(await agent.isNumberValidAsync(0, "N-1"), true);
};

stories.lies_in_a_country = async (url) => {
  const agent = signedIn(url).getContactAgent();
  const company = await agent.getContactEntityAsync(2);
  const moved = await agent.changeCountryAsync(company, 578);
  assert.equal(moved.country.countryId, 578);
  assert.equal((await agent.getAddressAsync(2)).localizedAddress.length, 5);
  assert.equal((await agent.getAddressByCountryAsync(2, 578)).localizedAddress.length, 4);
};

stories.is_deleted_and_comes_back = async (url) => {
  const agent = signedIn(url).getContactAgent();
  const { contactId } = await agent.saveContactEntityAsync({ name: "Nordlys AS" });
  await agent.deleteContactEntityAsync(contactId);
  assert.equal(await agent.getContactEntityAsync(contactId), null);
  await agent.undeleteAsync(contactId);
  assert.equal((await agent.getContactEntityAsync(contactId)).name, "Nordlys AS");
  await agent.deleteExpiredAsync();
  assert.equal((await refused(agent.deleteContactEntityAsync(1))).status, 400);
};

stories.merges_and_copies = async (url) => {
  const agent = signedIn(url).getContactAgent();
  const first = await agent.saveContactEntityAsync({ name: "First AS", phones: [{ value: "1234" }] });
  await agent.addPersonAsync(first.contactId, { lastname: "Foss" });
  const copyId = await agent.copyAsync(first.contactId, "Copy AS", "", true);
  const copy = await agent.getContactEntityAsync(copyId);
  assert.equal(copy.phones[0].value, "1234");
  assert.equal(copy.persons.length, 1);
  await agent.mergeAsync(copyId, first.contactId, true, false);
  assert.equal((await agent.getContactEntityAsync(first.contactId)).persons.length, 1);
  assert.equal(await agent.getContactEntityAsync(copyId), null);
};

stories.finds_duplicates = async (url) => {
  const agent = signedIn(url).getContactAgent();
  const { contactId } = await agent.saveContactEntityAsync({ name: "Tvilling AS", domains: ["tvilling.example"] });
  for (const found of [
    await agent.getDuplicatesAsync("tvilling"),
    await agent.getNameDepartmentDuplicatesAsync("tvilling as", ""),
    await agent.getDomainDuplicatesAsync("tvilling.example"),
  ]) assert.deepEqual(found.map((d) => d.soPrimaryKey), [contactId]);
  const rules = await agent.getDuplicateRulesAsync();
  assert.equal(rules.length, 3);
  rules[0].isActive = false;
  await agent.setDuplicateRulesStatusAsync(rules);
  assert.deepEqual(await agent.getDuplicatesAsync("tvilling"), []);
};

stories.chooses_interests = async (url) => {
  const agent = signedIn(url).getContactAgent();
  await agent.updateInterestsAsync(2, [1], []);
  assert.equal((await agent.getContactEntityAsync(2)).activeInterests, 1);
};

run(stories);
