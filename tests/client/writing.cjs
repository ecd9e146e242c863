// Stories of messages being written, as the vendor's own client helps to write them.
const assert = require("node:assert/strict");
const { HtmlSanitizerOptions, MessageActionType, RecipientType } = require("@superoffice/webapi");
const { signedIn, refused, run } = require("./desk.cjs");
const HTML = '<p onclick="x()">Hi <b>you</b></p><!-- note --><script>alert(1)</script>';
const stories = {};

stories.cleans_html_and_reads_its_text = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const clean = '<p>Hi <b>you</b></p>';
  assert.equal(await agent.sanitizeMailContentAsync(HTML), `${clean}<!-- note -->`);
  const options = HtmlSanitizerOptions.RemoveComment;
  assert.equal(await agent.sanitizeMailContentWithOptionsAsync(HTML, options), clean);
  assert.deepEqual(await agent.sanitizeMailContentsAsync([HTML, "plain"]), [`${clean}<!-- note -->`, "plain"]);
  assert.equal(await agent.html2TextAsync(HTML), "Hi you");
  const wrong = await refused(agent.sanitizeMailContentAsync({ Content: 7 }));
  assert.equal(wrong.status, 400);
};

stories.begins_a_message_with_template_signature_and_quote = async (url) => {
  const agent = signedIn(url, "tje0", "Tje0", { languageCode: "en" }).getTicketAgent();
  const message = (await agent.getTicketEntityAsync(389)).messages[0].ticketMessageId;
  const body = await agent.getDefaultMessageContentAsync(389, MessageActionType.Reply, message);
  assert.match(body, /Tjerand Engen, Lunvarm.*wrote:<\/p><blockquote>/s);
  assert.doesNotMatch(body, /about the change of/);
  const full = await agent.getDefaultMessageContentFullAsync(389, MessageActionType.Reply, message, 3);
  assert.match(full.body, /about the change of.*Tjerand Engen.*<blockquote>/s);
  assert.ok(Array.isArray(full.attachmentsInfo));
  const unsigned = await agent.getDefaultMessageContentWithOptionsAsync(389, MessageActionType.None, 0, 0, true);
  assert.equal(unsigned.body, "");
  const missing = await refused(agent.getDefaultMessageContentAsync(99999, MessageActionType.Reply, 0));
  assert.equal(missing.status, 404);
  assert.match(missing.data.ErrorMessage, /TicketId: 99999 does not exist/);
  const other = await refused(agent.getDefaultMessageContentAsync(389, MessageActionType.Reply, 999999));
  assert.match(other.data.ErrorMessage, /TicketMessageId: 999999 does not exist/);
  const type = await refused(agent.getDefaultMessageContentFullAsync(389, MessageActionType.Reply, 0, 999));
  assert.equal(type.status, 400);
};

stories.is_told_whom_a_message_goes_to = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const person = (await agent.getTicketEntityAsync(389)).person;
  const [to, ...others] = await agent.calculateMessageRecipientsAsync(389, MessageActionType.Reply, 0);
  assert.deepEqual([to.type, to.value, to.displayValue], [RecipientType.To, person.email, person.fullName]);
  assert.deepEqual(others, []);
  assert.deepEqual(await agent.calculateMessageRecipientsAsync(389, MessageActionType.Forward, 0), []);
  const missing = await refused(agent.calculateMessageRecipientsAsync(99999, MessageActionType.Reply, 0));
  assert.equal(missing.status, 404);
};

stories.keeps_quick_replies = async (url) => {
  const api = signedIn(url);
  const list = api.getListAgent();
  await list.saveQuickRepliesAsync([{ name: "Hello", htmlBody: "<p>Hello</p>" }, { name: "Bye", htmlBody: "Bye" }]);
  const kept = await list.getQuickRepliesAsync();
  assert.deepEqual(kept.map((r) => [r.name, r.htmlBody]), [["Hello", "<p>Hello</p>"], ["Bye", "Bye"]]);
  await list.saveQuickRepliesAsync([kept[1]]);
  assert.deepEqual((await list.getQuickRepliesAsync()).map((r) => r.quickReplyId), [kept[1].quickReplyId]);
  const preview = await api.getCustomerServiceAgent().getPreviewQuickReplyAsync(kept[1].quickReplyId);
  assert.deepEqual([preview.name, preview.htmlBody, preview.updatedByFullName], ["Bye", "Bye", "Tjerand Engen"]);
  // all clients of a process are signed in as whoever signed in last
  const other = signedIn(url, "anna0", "Anna0");
  assert.deepEqual(await other.getListAgent().getQuickRepliesAsync(), []);
  const foreign = await refused(other.getListAgent().saveQuickRepliesAsync([kept[1]]));
  assert.equal(foreign.status, 400);
  assert.match(foreign.data.ErrorMessage, /QuickReplyId/);
  assert.equal(await other.getCustomerServiceAgent().getPreviewQuickReplyAsync(kept[1].quickReplyId), null);
  const reader = await refused(signedIn(url, "sofie0", "Sofie0").getListAgent().saveQuickRepliesAsync([]));
  assert.equal(reader.status, 403);
};

stories.reads_templates_raw_and_parsed = async (url) => {
  const api = signedIn(url);
  const agent = api.getCustomerServiceAgent();
  const { title, person } = await api.getTicketAgent().getTicketEntityAsync(389);
  const parsed = await agent.getParsedTemplateAsync(1, 2, 0, 389);
  assert.equal(parsed.replyTemplateId, 1);
  assert.equal(parsed.subject, "We have received request 389");
  assert.equal(parsed.plainParsed, `Hello ${person.firstname}, we have received "${title}" and answer as soon as we can. Lunvarm AS`);
  assert.match(parsed.htmlParsed, new RegExp(`<p>Hello ${person.firstname},</p>`));
  const raw = await agent.getUnparsedTemplateAsync(1, 1);
  assert.equal(raw.subject, "Vi har mottatt sak [[ticket.id]]");
  const preview = await agent.getPreviewReplyTemplateAsync(2);
  assert.deepEqual([preview.name, preview.isHtml, preview.ownedByFullName], ["Change", true, "Tjerand Engen"]);
  assert.equal(await agent.getParsedTemplateAsync(999, 0, 0, 389), null);
  assert.equal(await agent.getUnparsedTemplateAsync(999, 0), null);
  assert.equal(await agent.getPreviewReplyTemplateAsync(999), null);
  const missing = await refused(agent.getParsedTemplateAsync(1, 0, 0, 99999));
  assert.equal(missing.status, 404);
  const nobody = await refused(agent.getParsedTemplateAsync(1, 0, 99999, 389));
  assert.equal(nobody.status, 400);
};

run(stories);
