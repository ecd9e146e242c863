// Writing: a rich editor, drafts kept here at once and on the server within two seconds.
// Nothing but the author's send or discard removes a draft, and nothing else touches the editor.
import { $, $$, get, headers, icon, parse, post, t, toast } from "./page.js";

const PAUSE = 1200; // milliseconds after the last key
const RETRY = 5000;
let editor = null;
let timer = 0;
let dirty = false;
let saving = null;

const form = () => $("#composer");
const key = (at = form()) => `skranke-draft ${at.dataset.ticket} ${at.dataset.kind === "ReplyAll" ? "Reply" : at.dataset.kind}`;

function loadEditor() {
  if (window.Squire) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("../vendor/squire.js", import.meta.url).href;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

function clean(html) {
  return window.DOMPurify.sanitize(html, { RETURN_DOM_FRAGMENT: true, FORBID_TAGS: ["style", "form", "input", "button"], FORBID_ATTR: ["class", "id"], WHOLE_DOCUMENT: false });
}

function html() {
  if (!editor) return "";
  const body = editor.getHTML();
  return body.replace(/<[^>]*>|&nbsp;|\s/g, "") || /<img/i.test(body) ? body : "";
}

function fields() {
  const at = form();
  const data = new URLSearchParams();
  for (const [name, value] of new FormData(at)) {
    if (name !== "body" && name !== "html" && typeof value === "string") data.append(name, value);
  }
  data.append("html", editor ? html() : "");
  if (!editor) data.append("body", $("#editor", at).value);
  return data;
}

function remember() {
  try {
    localStorage.setItem(key(), JSON.stringify({ html: html(), to: $("#to")?.value, cc: $("#cc")?.value, at: Date.now() }));
  } catch { /* the browser keeps nothing: the server does */ }
}

function say(text, done = false) {
  const place = $("#saved");
  if (!place) return;
  place.replaceChildren(...(done ? [icon("check")] : []), text);
}

export function changed() {
  if (!form()) return;
  dirty = true;
  form().dataset.begun = "1";
  remember();
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
  document.dispatchEvent(new CustomEvent("desk:writing"));
}

export async function save() {
  const at = form();
  if (!at || !dirty) return true;
  clearTimeout(timer);
  dirty = false;
  const place = key(at);
  say(t("Saving…"));
  saving = get(`/ticket/${at.dataset.ticket}/draft`, { method: "POST", body: fields(), keepalive: html().length < 50000 });
  try {
    const response = await saving;
    if (!response.ok) throw new Error(await response.text());
    const { clock } = await response.json();
    if (!dirty) localStorage.removeItem(place);
    if (form() === at) say(t("Draft saved {clock}", { clock }), true);
    return true;
  } catch {
    dirty = true;
    if (form() === at) {
      say(t("Kept in this browser; the server can't be reached"));
      clearTimeout(timer);
      timer = setTimeout(save, RETRY);
    }
    return false;
  }
}

// the server went away while this was written, or the browser did: what it kept is newer
function recover() {
  const kept = JSON.parse(localStorage.getItem(key()) || "null");
  if (!kept || !kept.html || kept.html === html()) return;
  editor.setHTML(kept.html);
  if ($("#to") && kept.to !== undefined) $("#to").value = kept.to;
  if ($("#cc") && kept.cc !== undefined) $("#cc").value = kept.cc;
  changed();
}

export async function start() {
  const at = form();
  editor = null;
  dirty = false;
  if (!at || !$("#rich", at)) return;
  try { await loadEditor(); } catch { return; } // the plain field goes on working
  if (form() !== at) return;
  const rich = $("#rich", at);
  const plain = $("#editor", at);
  const stored = $('[name="html"]', at).value;
  const hadFocus = document.activeElement === plain;
  const typed = plain.value;
  editor = new window.Squire(rich, { blockTag: "P", sanitizeToDOMFragment: clean });
  if (stored) editor.setHTML(stored);
  else if (typed.trim()) editor.setHTML(`<p>${typed.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/\n/g, "<br>")}</p>`);
  plain.hidden = true;
  plain.disabled = true;
  rich.hidden = false;
  if (hadFocus) editor.focus();
  recover();
  let known = html(); // the editor also reports what it was given at the start
  editor.addEventListener("input", () => {
    if (html() === known) return;
    known = html();
    changed();
  });
  rich.addEventListener("keydown", (event) => {
    if (event.key === "/" && !html()) { event.preventDefault(); openQuickReplies(); }
  });
  rich.addEventListener("paste", pasteImages, true);
  at.dataset.ready = "1";
}

export function focusEditor() {
  if (editor) editor.focus();
  else $("#editor")?.focus();
  form()?.scrollIntoView({ block: "nearest" });
}

export function hasText() {
  return Boolean(html());
}

export function openQuickReplies() {
  const menu = $("#quick");
  if (!menu) return;
  menu.dataset.byKey = "1";
  menu.open = true;
}

export async function write(kind) {
  const main = $("#main.ticket");
  if (!main || !$("#composer-place")) return;
  if (form()?.dataset.kind !== kind) {
    await save();
    const response = await get(`/ticket/${main.dataset.ticket}/composer?write=${kind}`);
    if (!response.ok) return;
    place(await response.text());
    await start();
  }
  focusEditor();
}

function place(text) {
  const fresh = parse(`<div>${text}</div>`).body.firstChild;
  $("#composer-place").replaceChildren(...[...fresh.childNodes].map((node) => document.adoptNode(node)));
  window.htmx?.process($("#composer-place"));
}

let sendAnyway = false;

export async function send(status = "") {
  const at = form();
  if (!at || at.dataset.sending) return;
  const news = $("#newer");
  if (news && !news.hidden && !sendAnyway) {
    sendAnyway = true; // asks once
    $("span", news).textContent = t("{name} wrote again after you began. Read it before you send.", { name: news.dataset.name || "" }).trim();
    $("#send", at).firstChild.textContent = `${t("Send anyway")} `;
    return;
  }
  at.dataset.sending = "1";
  const data = fields();
  if (status) data.append("status", status);
  const place_ = key(at);
  try {
    const response = await post(`/ticket/${at.dataset.ticket}/send`, data);
    if (!response.ok) return;
    clearTimeout(timer);
    dirty = false;
    sendAnyway = false;
    localStorage.removeItem(place_);
    place(await response.text());
    await start();
    document.dispatchEvent(new CustomEvent("desk:sent", { detail: { ticket: at.dataset.ticket, status } }));
  } catch {
    remember();
    toast(t("Kept in this browser; the server can't be reached"), null, true);
  } finally {
    delete at.dataset.sending;
  }
}

// files: chosen, dropped, pasted
async function attach(file) {
  const response = await fetch(`/files?name=${encodeURIComponent(file.name || "image.png")}`, {
    method: "POST", body: file, headers: { ...headers(), "Content-Type": file.type || "application/octet-stream" },
  });
  if (!response.ok) {
    toast(response.status === 413 ? t("The file is too large") : (await response.text()).slice(0, 300), null, true);
    return;
  }
  const { id } = await response.json();
  const chip = document.createElement("li");
  chip.className = "chip";
  const input = document.createElement("input");
  input.type = "hidden";
  input.name = "file";
  input.value = id;
  const name = document.createElement("span");
  name.className = "cut";
  name.textContent = file.name || "image.png";
  const remove = document.createElement("button");
  remove.type = "button";
  remove.dataset.remove = "";
  remove.setAttribute("aria-label", `× ${name.textContent}`);
  remove.append(icon("x"));
  chip.append(input, name, remove);
  $("#draft-files").append(chip);
  changed();
}

function pasteImages(event) {
  const files = [...(event.clipboardData?.files || [])];
  if (!files.length || event.clipboardData.types.includes("text/html")) return;
  event.preventDefault();
  event.stopPropagation();
  files.forEach(attach);
}

document.addEventListener("change", (event) => {
  if (event.target.id !== "attach") return;
  [...event.target.files].forEach(attach);
  event.target.value = "";
});
document.addEventListener("dragover", (event) => {
  const main = event.target.closest?.("#main.ticket");
  if (!main || !form() || !event.dataTransfer.types.includes("Files")) return;
  event.preventDefault();
  form().classList.add("drag");
});
document.addEventListener("dragleave", () => form()?.classList.remove("drag"));
document.addEventListener("drop", (event) => {
  if (!form() || !event.dataTransfer?.files.length) return;
  event.preventDefault();
  form().classList.remove("drag");
  [...event.dataTransfer.files].forEach(attach);
});

document.addEventListener("input", (event) => {
  if (event.target.matches("#composer .to-field, #editor")) changed();
});
document.addEventListener("click", (event) => {
  const remove = event.target.closest("#draft-files [data-remove]");
  if (remove) { remove.closest("li").remove(); changed(); }
  const quick = event.target.closest("[data-quick]");
  if (quick && editor) {
    quick.closest("details").open = false;
    editor.focus();
    editor.insertHTML(quick.dataset.quick);
    changed();
  }
  const kind = event.target.closest("[data-write]");
  if (kind && !event.metaKey && !event.ctrlKey) {
    event.preventDefault();
    const menu = kind.closest("details");
    if (menu) menu.open = false;
    write(kind.dataset.write);
  }
});
document.addEventListener("submit", (event) => {
  if (event.target.id !== "composer" || event.submitter?.formAction.endsWith("/discard")) {
    if (event.target.id === "composer") { localStorage.removeItem(key()); dirty = false; clearTimeout(timer); }
    return;
  }
  event.preventDefault();
  send(event.submitter?.name === "status" ? event.submitter.value : "");
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey) || !event.target.closest?.("#composer")) return;
  event.preventDefault();
  event.stopPropagation();
  send(event.shiftKey ? $("#send-close")?.value || "" : "");
}, true);

addEventListener("pagehide", () => { if (dirty) save(); });
document.addEventListener("visibilitychange", () => { if (document.hidden && dirty) save(); });
document.addEventListener("desk:leaving", () => { if (dirty) save(); });
document.addEventListener("desk:opened", start);
document.addEventListener("desk:online", () => { if (dirty) save(); });
document.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "composer-place") start(); });
document.addEventListener("desk:undone", async (event) => {
  if (!event.detail.action.endsWith("/recall") || !$("#composer-place")) return;
  const text = await event.detail.response.text();
  place(text);
  await start();
  focusEditor();
});
start();
