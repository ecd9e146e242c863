// Stories of files, as the vendor's own client uploads, hangs, shows and reads them.
const assert = require("node:assert/strict");
const AS_BASE64 = { returnBlobAs: 1 }; // of ReturnBlobType, which the client keeps to itself
const AS_STRING = { returnBlobAs: 2 };
const { signedIn, refused, run } = require("./desk.cjs");
const BYTES = new Uint8Array(100000).map((_, place) => place * 7);
const MAIL = [
  "Subject: Cold pump", "From: Kari <kari@fjord.example>", "To: desk@desk.example", "Cc: ola@fjord.example",
  "Date: Mon, 02 Mar 2026 11:00:00 +0000", "Content-Type: multipart/mixed; boundary=x", "",
  "--x", "Content-Type: text/html", "", "<p onclick='x()'>Cold</p>",
  "--x", "Content-Type: application/pdf", "Content-Disposition: attachment; filename=a.pdf", "", "%PDF-1",
  "--x--", "",
].join("\r\n");
const stories = {};

async function uploaded(agent, name, content, contentType = "") {
  const blank = await agent.createDefaultAttachmentEntityAsync();
  const saved = await agent.saveAttachmentEntityAsync({ ...blank, name, contentType });
  await agent.uploadAttachmentAsync(saved.attachmentId, content);
  return agent.getAttachmentEntityAsync(saved.attachmentId);
}

async function message(agent) {
  const ticket = await agent.createDefaultTicketEntityAsync();
  const { ticketId } = await agent.saveTicketEntityAsync({ ...ticket, title: "The pump is cold" });
  const blank = await agent.createDefaultTicketMessageEntityAsync();
  const saved = await agent.saveTicketMessageEntityAsync({ ...blank, ticket: { ticketId }, body: "See the files" });
  return { ticketId, id: saved.ejMessageId };
}

stories.uploads_a_file_and_reads_it_in_every_form = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const blank = await agent.createDefaultAttachmentEntityAsync();
  assert.equal(blank.attachmentId, 0);
  const file = await uploaded(agent, "målinger.bin", BYTES.buffer);
  assert.equal(file.name, "målinger.bin");
  assert.equal(file.attSize, BYTES.length);
  assert.equal(file.contentType, "application/octet-stream");
  assert.equal(file.isSafeFileExtension, false);
  assert.ok(file.authKey.length > 30);
  const raw = await agent.getAttachmentStreamAsync(file.attachmentId);
  assert.deepEqual(new Uint8Array(raw), BYTES);
  const base64 = await agent.getAttachmentStreamAsync(file.attachmentId, AS_BASE64);
  assert.equal(base64, Buffer.from(BYTES).toString("base64"));
  const note = await uploaded(agent, "note.txt", "héllo");
  assert.equal(note.isSafeFileExtension, true);
  const text = await agent.getAttachmentStreamAsync(note.attachmentId, AS_STRING);
  assert.equal(text, "héllo");
};

stories.names_what_is_wrong_with_a_file = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  assert.equal(await agent.getAttachmentEntityAsync(999999), null);
  const nameless = await refused(agent.saveAttachmentEntityAsync({ name: "" }));
  assert.equal(nameless.status, 400);
  assert.match(nameless.data.ErrorMessage, /Name: a file needs a name/);
  const gone = [
    () => agent.saveAttachmentEntityAsync({ attachmentId: 999999, name: "a.txt" }),
    () => agent.uploadAttachmentAsync(999999, "abc"),
    () => agent.getAttachmentStreamAsync(999999, AS_BASE64),
    () => agent.getAttachmentPreviewAsync(999999),
    () => agent.getPreviewAttachmentStreamAsync(999999),
    () => agent.getRfcAttachmentStreamAsync(999999, 0, AS_BASE64),
    () => agent.copyToTempFileAsync("a.txt", 999999),
    () => agent.getTicketAttachmentsAsync(999999),
    () => agent.getAttachmentInfoAsync(999999),
    () => agent.getAttachmentInfoNonInlineAsync(999999),
    () => agent.addAttachmentsAsync(999999, []),
    () => agent.removeMessageAttachmentsAsync(999999, []),
  ];
  for (const call of gone) {
    const answer = await refused(call());
    assert.equal(answer.status, 404);
    assert.match(answer.data.ErrorMessage, /: 999999 does not exist/);
  }
  const document = await refused(agent.copyFromCRMDocumentAsync(7));
  assert.equal(document.status, 400);
  assert.match(document.data.ErrorMessage, /DocumentId: 7 does not exist/);
};

stories.hangs_files_on_a_message_and_takes_them_off = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const { ticketId, id } = await message(agent);
  const one = (await uploaded(agent, "a.txt", "a")).attachmentId;
  const two = (await uploaded(agent, "b.txt", "b")).attachmentId;
  await agent.addAttachmentsAsync(id, [one, two]);
  const ids = (files) => files.map((file) => file.attachmentId);
  assert.deepEqual(ids(await agent.getAttachmentInfoAsync(id)), [one, two]);
  assert.deepEqual(ids(await agent.getAttachmentInfoNonInlineAsync(id)), [one, two]);
  assert.deepEqual(ids(await agent.getTicketAttachmentsAsync(ticketId)), [one, two]);
  assert.equal((await agent.getTicketEntityAsync(ticketId)).hasAttachment, true);
  const results = await agent.validateAttachmentsAsync([one, 999999]);
  assert.deepEqual(results.map((r) => [r.attachmentId, r.isValid]), [[one, true], [999999, false]]);
  assert.match(results[1].errorMessage, /999999 does not exist/);
  await agent.removeMessageAttachmentsAsync(id, [one, two]);
  assert.deepEqual(await agent.getAttachmentInfoAsync(id), []);
  assert.equal((await agent.getTicketEntityAsync(ticketId)).hasAttachment, false);
  const twice = await refused(agent.removeMessageAttachmentsAsync(id, [one]));
  assert.equal(twice.status, 400);
  const foreign = await refused(agent.addAttachmentsAsync(id, [999999]));
  assert.match(foreign.data.ErrorMessage, /AttachmentIds: 999999 does not exist/);
};

stories.looks_into_a_mail = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const { attachmentId } = await uploaded(agent, "cold.eml", MAIL);
  const shown = await agent.getAttachmentPreviewAsync(attachmentId);
  assert.equal(shown.emailSubject, "Cold pump");
  assert.equal(shown.emailFrom, "Kari <kari@fjord.example>");
  assert.equal(shown.emailCc, "ola@fjord.example");
  assert.equal(Buffer.from(shown.content, "base64").toString().trim(), "<p>Cold</p>");
  const [inner] = shown.emailAttachmentsInfo;
  assert.equal(inner.name, "a.pdf");
  const data = await agent.getRfcAttachmentStreamAsync(attachmentId, inner.attachmentId);
  assert.equal(Buffer.from(data).toString().trim(), "%PDF-1");
  const beyond = await refused(agent.getRfcAttachmentStreamAsync(attachmentId, 1, AS_BASE64));
  assert.match(beyond.data.ErrorMessage, /Position: 1 does not exist/);
};

stories.previews_text_and_copies_a_file = async (url) => {
  const agent = signedIn(url).getTicketAgent();
  const { attachmentId } = await uploaded(agent, "page.html", "<p>A<script>x()</script></p>");
  const shown = await agent.getPreviewAttachmentStreamAsync(attachmentId);
  assert.equal(shown.type, "text/html");
  assert.equal(Buffer.from(shown.stream, "base64").toString().trim(), "<p>A</p>");
  assert.match(await agent.copyToTempFileAsync("copy.html", attachmentId), /^[0-9a-f]{8}-copy\.html$/);
};

run(stories);
