// The list: walking by keys, selection by ticket id, bulk actions that can be undone.
import { $, $$, confirmed, get, parse, post, t } from "./page.js";
import { prefetch } from "./navigate.js";

export const rows = () => $$("#rows > .row");
const boxes = () => $$('#rows input[name="ticket"]');
const form = () => $("#list-form");
const KEPT = "skranke-selection";

export function current() {
  return document.activeElement?.closest?.(".row") || $(".row.open") || null;
}

export function walk(step) {
  const all = rows();
  if (!all.length) return null;
  const at = all.indexOf(current());
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  const link = $(".main a", next);
  link.focus();
  prefetch(link);
  return link;
}

export function selected() {
  return boxes().filter((box) => box.checked).map((box) => box.value);
}

export function refreshSelection() {
  const chosen = selected();
  const scroller = form();
  if (!scroller) return;
  scroller.classList.toggle("selecting", chosen.length > 0);
  const count = $("#bulk-count");
  if (count) count.textContent = t("{n} selected", { n: chosen.length });
  sessionStorage.setItem(KEPT, JSON.stringify({ path: location.pathname, chosen }));
}

export function toggle(row) {
  const box = row && $('input[name="ticket"]', row);
  if (!box) return;
  box.checked = !box.checked;
  refreshSelection();
}

export function selectAll() {
  const all = boxes();
  const every = all.every((box) => box.checked);
  for (const box of all) box.checked = !every;
  refreshSelection();
}

// what was selected, and how far one had scrolled, is there again after Back and reload
function restore() {
  const scroller = form();
  if (!scroller) return;
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEPT) || "{}");
    if (kept.path === location.pathname) {
      const chosen = new Set(kept.chosen);
      for (const box of boxes()) box.checked = chosen.has(box.value);
      refreshSelection();
    }
    const top = sessionStorage.getItem(`skranke-scroll ${location.href}`);
    if (top) scroller.scrollTop = Number(top);
  } catch { /* a text that isn't ours */ }
}

addEventListener("pagehide", () => {
  const scroller = form();
  if (scroller) sessionStorage.setItem(`skranke-scroll ${location.href}`, scroller.scrollTop);
});

document.addEventListener("change", (event) => {
  if (event.target.matches('input[name="ticket"]')) refreshSelection();
});

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-clear]")) return;
  event.preventDefault();
  for (const box of boxes()) box.checked = false;
  refreshSelection();
});

export async function bulk(action, ids = selected(), value = "") {
  if (!ids.length) return;
  if (action === "delete" && ids.length > 1 && !(await confirmed(t("Delete {n} tickets?", { n: ids.length })))) return;
  const data = new URLSearchParams({ action, value });
  for (const id of ids) data.append("ticket", id);
  const response = await post("/tickets/bulk", data);
  if (!response.ok) return;
  for (const box of boxes()) box.checked = false;
  refreshSelection();
  await refresh();
}

document.addEventListener("submit", (event) => {
  const submitter = event.submitter;
  if (event.target.id !== "list-form" || !submitter || submitter.name !== "action") return;
  event.preventDefault();
  bulk(submitter.value);
});

// Reads the rows anew and puts them in place by ticket id. Rows that are new wait behind
// "3 new", unless `all` is wished; what has focus or is selected stays where it is.
export async function refresh({ all = true } = {}) {
  const list = $("#rows");
  if (!list) { if ($("[data-list]") && all) location.reload(); return; }
  const place = $("[data-list]");
  const address = location.pathname.startsWith("/tickets") ? location.href : `/tickets/${place.dataset.list}`;
  const response = await get(address);
  if (!response.ok) return;
  const fresh = parse(`<ol>${await response.text()}</ol>`);
  const byId = new Map($$(".row", fresh).map((row) => [row.id, row]));
  const open = $(".row.open")?.id;
  const focused = document.activeElement?.closest?.(".row")?.id;
  const checked = new Set(selected());
  const here = new Set(rows().map((row) => row.id));
  const arrived = [...byId.keys()].filter((id) => !here.has(id));
  const suffix = place.dataset.query || "";
  const adopt = (row) => {
    const mine = document.adoptNode(row);
    if (mine.id === open) mine.classList.add("open");
    const box = $('input[name="ticket"]', mine);
    if (box && checked.has(box.value)) box.checked = true;
    if (suffix) { const link = $(".main a", mine); link.href = link.pathname + suffix; }
    return mine;
  };
  for (const row of rows()) {
    const newer = byId.get(row.id);
    const box = $('input[name="ticket"]', row);
    if (newer && row.id !== focused) row.replaceWith(adopt(newer));
    else if (!newer && row.id !== open && (all || (row.id !== focused && !box?.checked && !row.matches(":hover")))) row.remove();
  }
  const news = $("#news");
  if (arrived.length && all) {
    const order = [...byId.keys()];
    for (const id of arrived) {
      const after = order.slice(0, order.indexOf(id)).reverse().find((other) => document.getElementById(other));
      const row = adopt(byId.get(id));
      if (after) document.getElementById(after).after(row);
      else list.prepend(row);
    }
    if (news) news.hidden = true;
  } else if (news) {
    news.hidden = arrived.length === 0;
    news.textContent = arrived.length === 1 ? t("1 new ticket") : t("{n} new tickets", { n: arrived.length });
  }
  window.htmx?.process(list);
  refreshSelection();
}

document.addEventListener("click", (event) => {
  if (event.target.closest("#news")) refresh();
});
document.addEventListener("desk:undone", () => refresh());
restore();
