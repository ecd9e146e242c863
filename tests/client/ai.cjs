// What the desk understands, by the vendor's own client.
const assert = require("node:assert/strict");
const { signedIn, refused, run } = require("./desk.cjs");
const stories = {};

stories.a_text_has_a_language_and_a_sentiment = async (url) => {
  const agent = signedIn(url).getAIAgent();
  const text = "Dette er forferdelig dårlig service, jeg er veldig sint og skuffet!";
  assert.equal(await agent.detectLanguageAsync(text), "nb");
  assert.equal(await agent.detectLanguageAsync("OK"), "");
  const told = await agent.detectSentimentAsync(text);
  assert.ok(told.score < -30 && told.confidence > 50);
  const none = await agent.detectSentimentAsync("");
  assert.deepEqual([none.score, none.confidence], [0, 0]);
};

stories.a_text_is_summed_up_in_its_own_sentences = async (url) => {
  const agent = signedIn(url).getAIAgent();
  const text = "The printer is broken. The printer prints nothing. It is spring.";
  const told = await agent.summarizeTextAsync(text, 60, "en");
  assert.ok(told && text.includes(told) && told.length < text.length);
  const fault = await refused(agent.summarizeTextAsync(text, 101, "en"));
  assert.equal(fault.status, 400);
};

stories.a_ticket_is_summed_up_and_has_a_category_guessed = async (url) => {
  const api = signedIn(url);
  const agent = api.getAIAgent();
  const tickets = api.getTicketAgent();
  const blank = await tickets.createDefaultTicketEntityAsync();
  const ticket = await tickets.saveTicketEntityAsync({ ...blank, title: "Printer" });
  assert.equal(await agent.summarizeTicketAsync(ticket.ticketId, 3, "en"), "");
  assert.ok((await agent.guessCategoryAsync(ticket.ticketId)) >= 0);
  const guessed = await refused(agent.guessCategoryAsync(987654));
  const summed = await refused(agent.summarizeTicketAsync(987654, 3, "en"));
  assert.deepEqual([guessed.status, summed.status], [404, 404]);
};

stories.the_model_is_trained_and_told_of = async (url) => {
  const agent = signedIn(url).getAIAgent();
  const said = await agent.trainCategoryGuesserAsync(0, 0, 0);
  assert.ok(["Waiting", "Training"].includes(said));
  const told = await agent.getTrainingStatusAsync();
  assert.ok(["Waiting", "Training", "Ready", "None"].includes(told.status));
  assert.equal((await refused(agent.trainCategoryGuesserAsync(7, 0, 0))).status, 400);
  const anna = signedIn(url, "anna0", "Anna0").getAIAgent();
  assert.equal((await refused(anna.trainCategoryGuesserAsync(0, 0, 0))).status, 403);
};

stories.tickets_are_found_for_an_answer = async (url) => {
  const api = signedIn(url);
  const tickets = api.getTicketAgent();
  const blank = await tickets.createDefaultTicketEntityAsync();
  const title = "Zirconium & printer";
  const ticket = await tickets.saveTicketEntityAsync({ ...blank, title });
  const agent = api.getAIAgent();
  const id = ticket.ticketId;
  // its number leads to it at once; its words do when the worker has been there
  const [found] = await agent.searchAsync("ServiceCopilot", `${id}`, "None", 5);
  assert.deepEqual([found.id, found.type], [`${id}`, "Ticket"]);
  assert.deepEqual([found.title, found.chunk, found.score], [title, title, 1]);
  assert.deepEqual(found.metadata, { TicketId: id, MessageId: 0 });
  assert.deepEqual(await agent.searchAsync("", `${id}`, "FAQ", 5), []);
  assert.equal((await refused(agent.searchAsync("", "x", "None", 101))).status, 400);
};

run(stories);
