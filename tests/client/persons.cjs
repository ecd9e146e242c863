// Stories of persons that the vendor's own client lives through on a running desk.
const assert = require("node:assert/strict");
const { signedIn, refused, run } = require("./desk.cjs");
const stories = {};
const NULL_DATE = new Date("0001-01-01T00:00:00");

stories.makes_reads_and_changes_a_person = async (url) => {
  const api = signedIn(url);
  const agent = api.getPersonAgent();
  const blank = await agent.createDefaultPersonEntityAsync();
  assert.equal(blank.personId, 0);
  blank.firstname = "Kari";
  blank.lastname = "Foss";
  blank.emails = [{ value: "kari@nordlys.example" }];
  blank.officePhones = [{ value: "+47 22 00 00 00", description: "Desk" }];
  const saved = await agent.savePersonEntityAsync(blank);
  assert.ok(saved.personId > 0);
  assert.equal(saved.fullName, "Kari Foss");
  assert.equal(saved.officePhones[0].strippedValue, "+4722000000");
  assert.deepEqual(await agent.getPersonEntityAsync(saved.personId), saved);
  saved.title = "Head";
  const changed = await agent.savePersonEntityAsync(saved);
  assert.equal(changed.title, "Head");
  assert.equal(changed.emails[0].value, "kari@nordlys.example");
  const flat = await agent.getPersonAsync(saved.personId);
  assert.equal(flat.email, "kari@nordlys.example");
  assert.equal((await agent.getPersonListAsync([1, saved.personId])).length, 2);
  assert.equal((await agent.getPhonesAsync(saved.personId)).length, 1);
  assert.equal((await agent.getMyPersonAsync()).personId, 1);
  assert.ok((await agent.getColleaguesAsync()).length > 1);
  assert.ok((await agent.getColleaguesByDepartmentAsync(1)).length > 0);
  assert.equal((await agent.getMyOwnerAsync()).fullName, "Ingrid Aas");
  assert.equal((await agent.getOwnerOnPersonIdAsync(1)).fullName, "Ingrid Aas");
  assert.ok((await agent.getPersonsFromContactAsync(2)).length > 1);
  assert.deepEqual(await agent.getPersonsFromProjectAsync(1), []);
};

stories.validates_before_saving = async (url) => {
  const agent = signedIn(url).getPersonAgent();
  const blank = await agent.createDefaultPersonEntityAsync();
  assert.ok("Lastname" in (await agent.validatePersonEntityAsync(blank)));
  assert.equal((await refused(agent.savePersonEntityAsync(blank))).status, 400);
  assert.equal(await agent.isNumberValidAsync(0, "P-1"), true);
};

stories.belongs_to_a_company_and_a_country = async (url) => {
  const agent = signedIn(url).getPersonAgent();
  const blank = await agent.createDefaultByContactIdAsync(2);
  assert.equal(blank.contact.contactId, 2);
  assert.equal(blank.country.countryId, 826);
  const moved = await agent.changeCountryAsync(blank, 578);
  assert.equal(moved.country.countryId, 578);
  assert.equal(moved.address.localizedAddress.length, 2);
  moved.lastname = "Foss";
  const saved = await agent.savePersonEntityAsync(moved);
  assert.equal((await agent.getAddressAsync(saved.personId)).localizedAddress.length, 2);
  assert.equal((await agent.getAddressByCountryAsync(saved.personId, 826)).localizedAddress.length, 5);
  assert.equal(await agent.getBestSoLanguageForTemplateAsync(saved.personId, 1), "");
};

stories.is_deleted_and_comes_back = async (url) => {
  const agent = signedIn(url).getPersonAgent();
  const saved = await agent.savePersonEntityAsync({ lastname: "Foss" });
  await agent.deletePersonEntityAsync(saved.personId);
  assert.equal(await agent.getPersonEntityAsync(saved.personId), null);
  await agent.undeleteAsync(saved.personId);
  assert.equal((await agent.getPersonEntityAsync(saved.personId)).lastname, "Foss");
  await agent.deleteExpiredAsync();
};

stories.moves_merges_and_is_ranked = async (url) => {
  const agent = signedIn(url).getPersonAgent();
  const made = async (firstname) =>
    agent.savePersonEntityAsync({ firstname, lastname: "Foss", contact: { contactId: 9 } });
  const [first, second] = [await made("A"), await made("B")];
  assert.equal(await agent.setPersonRankAsync(second.personId, 1), true);
  assert.equal(await agent.changePersonRankAsync(second.personId, false), 2);
  assert.equal(await agent.normalizeRanksAsync(9), false);
  await agent.moveAsync(first.personId, 10, NULL_DATE);
  assert.equal((await agent.getPersonEntityAsync(first.personId)).contact.contactId, 10);
  await agent.mergeAsync(second.personId, first.personId, NULL_DATE, true, false);
  assert.equal(await agent.getPersonEntityAsync(second.personId), null);
};

stories.is_found_by_what_is_known = async (url) => {
  const agent = signedIn(url).getPersonAgent();
  const made = await agent.resolvePersonFromInfoAsync(9, "Ny Person", [], ["ny@nordlys.example"]);
  assert.equal(made.personCreated, true);
  const again = await agent.resolvePersonFromInfoAsync(0, "", [], ["NY@nordlys.example"]);
  assert.equal(again.personCreated, false);
  assert.equal(again.person.personId, made.person.personId);
  await agent.addEmailAddressToPersonAsync(made.person.personId, "first@nordlys.example", true);
  const read = await agent.getPersonEntityAsync(made.person.personId);
  assert.deepEqual(read.emails.map((e) => e.value), ["first@nordlys.example", "ny@nordlys.example"]);
};

stories.bounces_are_counted = async (url) => {
  const agent = signedIn(url).getPersonAgent();
  const saved = await agent.savePersonEntityAsync({ lastname: "Foss", emails: [{ value: "b@b.example" }] });
  await agent.addBounceAsync("b@b.example");
  await agent.addBounceWithCountAsync("b@b.example", 2);
  await agent.addBounceWithDetailsAsync("b@b.example", 1, 550, "no such user");
  assert.deepEqual((await agent.getPersonEntityAsync(saved.personId)).bounceEmails, ["b@b.example"]);
};

stories.consents_and_withdraws = async (url) => {
  const agent = signedIn(url).getPersonAgent();
  const { personId } = await agent.savePersonEntityAsync({ lastname: "Foss" });
  await agent.setConsentAsync(personId, "EMARKETING", "API", "61A", "asked");
  assert.equal(await agent.hasConsentAsync(personId, "EMARKETING"), true);
  await agent.removeConsentAsync(personId, "EMARKETING");
  assert.equal(await agent.hasConsentAsync(personId, "EMARKETING"), false);
  const infos = await agent.getConsentInfosAsync(personId);
  assert.equal(infos.find((i) => i.consentPurposeKey === "EMARKETING").legalBaseKey, "WITHDRAWN");
  const blank = await agent.createDefaultConsentPersonAsync();
  blank.personId = personId;
  blank.consentPurpose = { consentPurposeId: 2 };
  blank.consentSource = { consentSourceId: 8 };
  blank.legalBase = { legalBaseId: 1 };
  const saved = await agent.saveConsentPersonAsync(blank);
  assert.equal((await agent.getConsentPersonAsync(saved.consentPersonId)).legalBase.key, "61A");
  await agent.deleteConsentPersonAsync(saved.consentPersonId);
  assert.equal(await agent.hasConsentAsync(personId, "EMARKETING"), false);
};

stories.chooses_interests = async (url) => {
  const agent = signedIn(url).getPersonAgent();
  const { personId } = await agent.savePersonEntityAsync({ lastname: "Foss" });
  await agent.updateInterestsAsync(personId, [1, 2], []);
  await agent.updateInterestsAsync(personId, [], [2]);
  const read = await agent.getPersonEntityAsync(personId);
  assert.deepEqual(read.interests.filter((i) => i.selected).map((i) => i.id), [1]);
};

stories.keeps_a_picture = async (url) => {
  const agent = signedIn(url).getPersonAgent();
  const { personId } = await agent.savePersonEntityAsync({ lastname: "Foss" });
  const blank = await agent.createDefaultPersonImageAsync();
  assert.equal(blank.personId, 0);
  const picture = Buffer.from("89504e470d0a1a0a0000", "hex");
  await agent.setPersonImageAsync(personId, picture);
  assert.ok(await agent.getPersonImageAsync(personId));
  assert.equal((await agent.getPersonImagesAsync([personId, 1], 10, 10)).length, 1);
};

run(stories);
