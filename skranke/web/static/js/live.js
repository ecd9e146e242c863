// What others do: one stream for the whole browser tab, resumed where it broke off, and
// asked for by and by where streams don't get through.
import { $, $$, get, parse, t } from "./page.js";
import { refresh } from "./list.js";

const POLL = 5000;
const STILL_HERE = 20000;
let source = null;
let failures = 0;
let cursor = "";
let refreshing = 0;
let writing = 0;

const openTicket = () => $("#main.ticket")?.dataset.ticket;

function offline(isOffline) {
  const box = $("#offline");
  if (!box) return;
  if (box.hidden && !isOffline) return;
  $("span", box).textContent = t("The connection is lost. What you write is kept; the page goes on by itself.");
  box.hidden = !isOffline;
  if (!isOffline) {
    document.dispatchEvent(new CustomEvent("desk:online"));
    soon();
    if (openTicket()) refreshTicket();
  }
}

function soon() {
  clearTimeout(refreshing);
  refreshing = setTimeout(() => { refresh({ all: false }); counters(); }, 250);
}

async function counters() {
  const response = await get("/live/counters").catch(() => null);
  if (!response?.ok) return;
  for (const { id, count } of await response.json()) {
    for (const item of $$(`[data-view="${id}"] .count`)) item.textContent = count;
    if ($("[data-list]")?.dataset.list === String(id) && $("#list-count")) $("#list-count").textContent = count;
  }
}

// New messages are added below; the header and the side are replaced. The composer isn't.
async function refreshTicket() {
  const main = $("#main.ticket");
  if (!main) return;
  const response = await get(`/ticket/${main.dataset.ticket}/thread?after=${main.dataset.newest || 0}`).catch(() => null);
  if (!response?.ok || $("#main.ticket") !== main) return;
  const fresh = parse(await response.text());
  const entries = $$("#new-messages > li", fresh).filter((entry) => !document.getElementById(entry.id));
  const thread = $("#thread");
  const scroller = $("#thread-scroll");
  const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 80;
  for (const entry of entries) {
    thread.append(document.adoptNode(entry));
    if (entry.dataset.message) main.dataset.newest = entry.dataset.message;
  }
  if (entries.length) {
    if (atEnd) scroller.scrollTop = scroller.scrollHeight;
    const composer = $("#composer");
    const others = entries.filter((entry) => !$(".avatar.us", entry));
    if (composer?.dataset.begun === "1" && entries.length) {
      const news = $("#newer");
      news.dataset.name = $("b", others.at(-1) || entries.at(-1))?.textContent || "";
      $("span", news).textContent = t("{name} wrote again after you began. Read it before you send.", { name: news.dataset.name });
      news.hidden = false;
    }
    const sending = $("#composer-place .sending");
    if (sending && entries.some((entry) => $(".avatar.us", entry))) sending.remove();
  }
  for (const id of ["ticket-header", "side"]) {
    const old = document.getElementById(id);
    const fresh_ = fresh.getElementById(id);
    // nothing is replaced under the hand: an open menu or a focus inside waits
    if (old && fresh_ && !$("details[open]", old) && !old.contains(document.activeElement)) {
      const walk = $("nav", old);
      const place = $("nav", fresh_);
      if (walk && !place) $(".more-menu", fresh_)?.before(walk);
      old.replaceWith(document.adoptNode(fresh_));
      window.htmx?.process(document.getElementById(id));
    }
  }
}

function happened(data) {
  failures = 0;
  offline(false);
  if (data.ticket === Number(openTicket())) refreshTicket();
  soon();
}

function connect() {
  if (!window.EventSource || !$("#app")) return;
  source = new EventSource(`/live${cursor ? `?after=${cursor}` : ""}`);
  source.addEventListener("open", () => { failures = 0; offline(false); });
  source.addEventListener("ticket", (event) => { cursor = event.lastEventId; happened(JSON.parse(event.data)); });
  source.addEventListener("here", (event) => { cursor = event.lastEventId || cursor; });
  source.addEventListener("error", () => {
    failures += 1;
    if (source.readyState === EventSource.CLOSED || failures > 3) {
      source.close();
      poll();
    }
    if (failures > 1) offline(true);
  });
}

async function poll() {
  const response = await get(`/live/since?after=${cursor}`).catch(() => null);
  if (response?.ok) {
    const { cursor: newest, tickets } = await response.json();
    cursor = String(newest);
    offline(false);
    for (const ticket of tickets) happened({ ticket });
    setTimeout(connect, POLL);
    return;
  }
  offline(true);
  setTimeout(poll, POLL);
}

async function present(isWriting) {
  const ticket = openTicket();
  if (!ticket || document.hidden) return;
  await get(`/ticket/${ticket}/present`, { method: "POST", body: new URLSearchParams({ writing: isWriting ? "1" : "" }) }).catch(() => null);
}

document.addEventListener("desk:writing", () => {
  if (Date.now() - writing > STILL_HERE / 2) { writing = Date.now(); present(true); }
});
document.addEventListener("desk:opened", () => { writing = 0; });
document.addEventListener("desk:leaving", leave);
addEventListener("pagehide", leave);
setInterval(() => present(Date.now() - writing < STILL_HERE), STILL_HERE);

function leave() {
  const ticket = openTicket();
  if (!ticket) return;
  get(`/ticket/${ticket}/leave`, { method: "POST", body: new URLSearchParams(), keepalive: true }).catch(() => null);
}

document.addEventListener("desk:undone", () => refreshTicket());
document.addEventListener("desk:sent", () => soon());
connect();
