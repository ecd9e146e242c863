// Menus are <details>: Esc and a click outside close them, arrows move, typing finds.
import { $, $$ } from "./page.js";

const openMenus = () => $$("details.menu[open]");

function items(menu) {
  return $$(".panel .item:not([hidden])", menu).filter((item) => item.offsetParent !== null);
}

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  const closer = event.target.closest("[data-close]");
  if (closer) closer.closest("dialog")?.close();
});

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.("details.menu[open]")) return;
  const find = $("[data-find]", menu);
  const chosen = $('.item[aria-pressed="true"]', menu);
  if (find) find.focus();
  else if (menu.dataset.byKey) (chosen || items(menu)[0])?.focus();
}, true);

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-find]")) return;
  const wanted = event.target.value.trim().toLowerCase();
  for (const item of $$(".options .item", event.target.closest(".panel"))) {
    item.hidden = Boolean(wanted) && !item.textContent.toLowerCase().includes(wanted);
  }
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu) return;
  const all = items(menu);
  const at = all.indexOf(document.activeElement);
  if (event.key === "Escape") {
    menu.open = false;
    $("summary", menu).focus();
  } else if (event.key === "ArrowDown") (all[at + 1] || all[0])?.focus();
  else if (event.key === "ArrowUp") (all[at - 1] || all.at(-1))?.focus();
  else if (event.key === "Enter" && event.target.matches("[data-find]")) all[0]?.click();
  else return;
  event.preventDefault();
  event.stopPropagation();
});

// a change was made: its menu has done its duty
document.addEventListener("htmx:afterRequest", (event) => {
  const menu = event.target.closest?.("details.menu");
  if (menu) menu.open = false;
});
