// Search or do: the server finds, arrows choose, Enter opens.
import { $, $$, get, parse } from "./page.js";

const dialog = () => $("#palette");
let asking = 0;
let timer = 0;

export function openPalette() {
  const box = dialog();
  if (!box || box.open) return;
  box.showModal();
  const input = $("input", box);
  input.value = "";
  input.focus();
  ask("");
}

async function ask(text) {
  const turn = ++asking;
  const response = await get(`/palette?q=${encodeURIComponent(text)}`).catch(() => null);
  if (!response?.ok || turn !== asking) return;
  const fresh = parse(`<ul>${await response.text()}</ul>`);
  const list = $("ul", dialog());
  list.replaceChildren(...[...$("ul", fresh).childNodes].map((node) => document.adoptNode(node)));
  choose(0);
}

function choose(at) {
  const all = $$('[role="option"]', dialog());
  const place = Math.min(Math.max(at, 0), all.length - 1);
  all.forEach((one, n) => one.setAttribute("aria-selected", n === place ? "true" : "false"));
  const input = $("input", dialog());
  if (all[place]) {
    input.setAttribute("aria-activedescendant", all[place].id);
    all[place].scrollIntoView({ block: "nearest" });
  } else input.removeAttribute("aria-activedescendant");
}

function chosen() {
  return $$('[role="option"]', dialog()).findIndex((one) => one.getAttribute("aria-selected") === "true");
}

document.addEventListener("input", (event) => {
  if (event.target.id !== "palette-q") return;
  clearTimeout(timer);
  timer = setTimeout(() => ask(event.target.value), 80);
});

document.addEventListener("keydown", (event) => {
  if (event.target.id !== "palette-q") return;
  if (event.key === "ArrowDown") choose(chosen() + 1);
  else if (event.key === "ArrowUp") choose(chosen() - 1);
  else if (event.key === "Enter") {
    const all = $$('[role="option"]', dialog());
    const link = all[chosen()]?.dataset.href;
    if (link && (event.metaKey || event.ctrlKey)) open(link, "_blank", "noopener");
    else if (link) location.href = link;
  } else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-palette]");
  if (opener && !event.metaKey && !event.ctrlKey) {
    event.preventDefault();
    openPalette();
  }
  const option = event.target.closest('#palette [role="option"]');
  if (option) location.href = option.dataset.href;
  if (event.target === dialog() && dialog().open) dialog().close();
});
