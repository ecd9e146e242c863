// Every key in one table; `?` shows it. Single keys rest while somebody types, and when
// they are switched off in one's settings.
import { $, $$, isTyping, t } from "./page.js";
import * as page from "./page.js";
import { bulk, current, selectAll, selected, toggle, walk } from "./list.js";
import { openPalette } from "./palette.js";

const press = (name) => () => {
  const target = $$(`[data-key="${CSS.escape(name)}"]`).find((one) => one.offsetParent !== null) || $$(`[data-key="${CSS.escape(name)}"]`)[0];
  if (!target) return false;
  const menu = target.closest("details.menu");
  if (target.tagName === "SUMMARY") {
    menu.dataset.byKey = "1";
    menu.open = true;
  } else target.click();
  return true;
};
const many = (name, action) => () => {
  if (selected().length) return bulk(action), true;
  if ($("#main.ticket")) return press(name)();
  const row = current();
  return row ? (bulk(action, [row.dataset.ticket]), true) : false;
};
const go = (address) => () => { location.href = address; return true; };
const view = (place) => () => { const link = $$("#rail-views a")[place]; if (link) location.href = link.href; return true; };
const open = () => { const row = current(); if (row) $(".main a", row).click(); return Boolean(row); };

export const KEYS = [
  ["j", "Next ticket of the list", () => Boolean(walk(1))],
  ["k", "Previous ticket of the list", () => Boolean(walk(-1))],
  ["o", "Open the ticket", open],
  ["Enter", "Open the ticket", () => (document.activeElement === document.body ? open() : false)],
  ["u", "Back to the list", press("u")],
  ["x", "Select the ticket", () => { toggle(current()); return true; }],
  ["*", "Select all", () => { selectAll(); return true; }],
  ["r", "Reply", press("r")],
  ["a", "Reply all", press("a")],
  ["f", "Forward", press("f")],
  ["n", "Internal note", press("n")],
  ["c", "New ticket", press("c")],
  ["e", "Close", many("e", "close")],
  ["z", "Undo", () => { if (page.lastUndo) page.lastUndo(); return true; }],
  ["q", "Next in queue", press("q")],
  ["l", "Category", press("l")],
  ["s", "Status", press("s")],
  ["p", "Priority", press("p")],
  ["w", "Owner", press("w")],
  ["i", "Take", many("i", "take")],
  ["!", "Spam", many("!", "spam")],
  ["#", "Delete", many("#", "delete")],
  ["b", "Postpone", many("b", "postpone")],
  ["m", "Merge", press("m")],
  ["/", "Search", () => { openPalette(); return true; }],
  ["[", "Previous ticket", press("[")],
  ["]", "Next ticket", press("]")],
  ["g m", "Go to my tickets", view(0)],
  ["g u", "Go to unassigned tickets", view(1)],
  ["g o", "Go to overdue tickets", view(2)],
  ["g d", "Go to the dashboard", go("/dashboard")],
  ["g p", "Go to people", go("/people")],
  ["?", "All keys", () => { showKeys(); return true; }],
];
const byKey = new Map(KEYS.map(([key, , run]) => [key, run]));
let prefix = "";
let waiting = 0;

document.addEventListener("keydown", (event) => {
  if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (event.metaKey || event.ctrlKey || event.altKey || document.body.dataset.keys === "off") return;
  if (isTyping(event.target) || $("dialog[open]") || event.target.closest?.("details.menu[open] .panel")) {
    if (event.key === "Escape" && isTyping(event.target)) event.target.blur();
    return;
  }
  const key = prefix + event.key;
  prefix = "";
  if (event.key === "g" && key === "g") {
    prefix = "g ";
    clearTimeout(waiting);
    waiting = setTimeout(() => { prefix = ""; }, 1500);
    return;
  }
  const run = byKey.get(key);
  if (run && run()) event.preventDefault();
});

function showKeys() {
  const dialog = $("#keys");
  const list = $("dl", dialog);
  list.replaceChildren(...KEYS.filter(([key]) => key !== "Enter").flatMap(([key, text]) => {
    const term = document.createElement("dt");
    const cap = document.createElement("kbd");
    cap.textContent = key;
    term.append(cap);
    const words = document.createElement("dd");
    words.textContent = t(text);
    return [term, words];
  }));
  dialog.showModal();
}
