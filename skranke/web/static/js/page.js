// What every module needs: texts in the reader's language, requests with the token, toasts.
const texts = JSON.parse(document.body.dataset.texts || "{}");

export function t(text, values = {}) {
  return (texts[text] || text).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function token() {
  const found = document.cookie.match(/(?:^|; )XSRF-TOKEN=([^;]*)/);
  return found ? decodeURIComponent(found[1]) : "";
}

export function headers() {
  return { "HX-Request": "true", "X-XSRF-TOKEN": token() };
}

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

export function parse(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "i");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  const sprite = new URL("../icons.svg", import.meta.url).pathname;
  use.setAttribute("href", `${sprite}#i-${name}`);
  svg.append(use);
  return svg;
}

export async function get(url, options = {}) {
  const response = await fetch(url, { headers: headers(), credentials: "same-origin", ...options });
  if (response.status === 401 && response.headers.get("hx-redirect")) {
    location.href = response.headers.get("hx-redirect");
  }
  return response;
}

export async function post(url, data, options = {}) {
  const body = data instanceof URLSearchParams ? data : new URLSearchParams(data);
  const response = await get(url, { method: "POST", body, ...options });
  if (!response.ok) {
    toast((await response.clone().text()).slice(0, 300) || t("Something went wrong; nothing was saved"), null, true);
  }
  told(response.headers.get("hx-trigger"));
  return response;
}

// a response's HX-Trigger header may carry a toast
export function told(header) {
  if (!header) return;
  try {
    const found = JSON.parse(header).toast;
    if (found) toast(found.text, found.undo);
  } catch { /* another event of htmx */ }
}

let hiding = 0;
export let lastUndo = null;

export function toast(text, undo = null, bad = false) {
  const place = $("#toasts");
  if (!place) return;
  const box = document.createElement("div");
  box.className = bad ? "toast bad" : "toast";
  if (undo) {
    const clock = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    clock.setAttribute("class", "clock");
    clock.setAttribute("viewBox", "0 0 16 16");
    clock.setAttribute("aria-hidden", "true");
    const circle = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    for (const [name, value] of Object.entries({ cx: 8, cy: 8, r: 6, pathLength: 100, "stroke-dasharray": "100 100", transform: "rotate(-90 8 8)" })) circle.setAttribute(name, value);
    clock.append(circle);
    box.append(clock);
  }
  const words = document.createElement("span");
  words.textContent = text;
  box.append(words);
  lastUndo = null;
  if (undo) {
    const run = async () => {
      box.remove();
      lastUndo = null;
      const { action, ...fields } = undo;
      const response = await post(action, fields);
      if (response.ok) document.dispatchEvent(new CustomEvent("desk:undone", { detail: { response, action } }));
    };
    lastUndo = run;
    const button = document.createElement("button");
    button.className = "btn quiet";
    button.type = "button";
    button.textContent = t("Undo");
    button.addEventListener("click", run);
    box.append(button);
  }
  place.replaceChildren(box);
  clearTimeout(hiding);
  hiding = setTimeout(() => { box.remove(); lastUndo = null; }, undo ? 10000 : bad ? 8000 : 4000);
}

export function isTyping(target = document.activeElement) {
  return Boolean(target?.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable=true]"));
}

export async function confirmed(question, explanation = "") {
  const dialog = $("#confirm");
  $("h2", dialog).textContent = question;
  $("p", dialog).textContent = explanation;
  dialog.showModal();
  return new Promise((resolve) => {
    const done = (event) => {
      const yes = event.type === "click" && event.target.closest("[data-yes]");
      if (event.type === "click" && !yes && !event.target.closest("[data-close]")) return;
      dialog.removeEventListener("click", done);
      dialog.removeEventListener("close", done);
      if (dialog.open) dialog.close();
      resolve(Boolean(yes));
    };
    dialog.addEventListener("click", done);
    dialog.addEventListener("close", done);
  });
}
