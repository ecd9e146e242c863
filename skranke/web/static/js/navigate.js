// Opens a ticket beside its list without reading the whole page anew.
// What is under the pointer or the focus is fetched ahead; addresses stay true.
import { $, $$, get, parse } from "./page.js";

const FRESH = 15000; // milliseconds that a prefetched part may be used
const ahead = new Map();

function ticketUrl(link) {
  if (!link) return null;
  const url = new URL(link.href, location.href);
  return url.origin === location.origin && /^\/ticket\/\d+$/.test(url.pathname) ? url : null;
}

export function prefetch(link) {
  const url = ticketUrl(link);
  if (!url || !$(".app.three")) return;
  const known = ahead.get(url.href);
  if (known && Date.now() - known.at < FRESH) return;
  const looking = new URL(url);
  looking.searchParams.set("peek", "1");
  const text = get(looking).then((response) => (response.ok ? response.text() : null)).catch(() => null);
  ahead.set(url.href, { at: Date.now(), text });
  if (ahead.size > 20) ahead.delete(ahead.keys().next().value);
}

let opening = 0;

export async function openTicket(href, push = true) {
  const url = new URL(href, location.href);
  const turn = ++opening;
  document.dispatchEvent(new CustomEvent("desk:leaving"));
  const known = ahead.get(url.href);
  ahead.delete(url.href);
  let text = known && Date.now() - known.at < FRESH ? await known.text : null;
  const fromAhead = text !== null && text !== undefined;
  if (!fromAhead) {
    const response = await get(url);
    if (!response.ok) { location.href = url.href; return; }
    text = await response.text();
  }
  if (turn !== opening) return;
  const parts = parse(text);
  const main = $("#main", parts);
  const side = $("#side", parts);
  if (!main || !side) { location.href = url.href; return; }
  $("#main").replaceWith(document.adoptNode(main));
  $("#side").replaceWith(document.adoptNode(side));
  if (push) history.pushState({}, "", url.href);
  document.title = `${main.dataset.title} · Skranke`;
  for (const row of $$(".row.open")) row.classList.remove("open");
  for (const link of $$('.row a[aria-current="true"]')) link.removeAttribute("aria-current");
  const row = $(`#row-${main.dataset.ticket}`);
  if (row) {
    row.classList.add("open");
    row.classList.remove("unread");
    $("a", row)?.setAttribute("aria-current", "true");
    row.scrollIntoView({ block: "nearest" });
  }
  window.htmx?.process($("#main"));
  window.htmx?.process($("#side"));
  main.focus({ preventScroll: true });
  if (fromAhead) get(url).catch(() => {}); // the ticket was read after all
  document.dispatchEvent(new CustomEvent("desk:opened"));
}

export function showNewest() {
  const scroller = $("#thread-scroll");
  if (scroller) scroller.scrollTop = scroller.scrollHeight;
}

for (const kind of ["pointerover", "focusin"]) {
  document.addEventListener(kind, (event) => prefetch(event.target.closest?.(".row a, .row, #ticket-header nav a")?.closest(".row")?.querySelector(".main a") || event.target.closest?.("#ticket-header nav a")), { passive: true });
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const link = event.target.closest("a");
  const url = ticketUrl(link);
  if (!url || !$(".app.three") || link.dataset.write || link.closest("#palette")) return;
  if (matchMedia("(max-width:1279px)").matches && !$("#main.ticket")) return;
  event.preventDefault();
  openTicket(url.href);
});

addEventListener("popstate", () => {
  if ($(".app.three") && /^\/ticket\/\d+$/.test(location.pathname)) openTicket(location.href, false);
  else location.reload();
});

document.addEventListener("desk:opened", showNewest);
showNewest();
