// Adds to the list that the server wrote: shapes, curl, a form to send, the filter.
"use strict";

const operations = [...document.querySelectorAll("details.operation")];
const find = document.getElementById("find");
const filter = document.getElementById("filter");
const who = document.getElementById("who");
const user = document.getElementById("user");
const password = document.getElementById("password");
let reading; // the promise of the document, asked for once

function read() {
  reading ??= fetch("openapi.json").then((answer) => answer.json());
  return reading;
}

function make(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// Schemas

function resolve(api, schema) {
  if (!schema.$ref) return { ...schema, name: "" };
  const name = schema.$ref.split("/").pop();
  return { ...api.components.schemas[name], name };
}

/** What a schema is in words, and the object or enum inside it that can be opened. */
function described(api, schema) {
  if (schema.anyOf) {
    const held = described(api, schema.anyOf.find((one) => one.type !== "null"));
    return { ...held, words: `${held.words} or null` };
  }
  const shape = resolve(api, schema);
  if (shape.type === "array") {
    const held = described(api, shape.items);
    return { ...held, words: `${held.words}[]` };
  }
  if (shape.additionalProperties) {
    const held = described(api, shape.additionalProperties);
    return { ...held, words: `{ name: ${held.words} }` };
  }
  const opens = shape.name && (shape.properties || shape.description);
  const limit = shape.maxLength ? ` ≤ ${shape.maxLength}` : "";
  const words = shape.name || shape.format || shape.type;
  return { words: words + limit, inner: opens ? shape : null };
}

function row(api, name, schema, note = "") {
  const { words, inner } = described(api, schema);
  const head = [make("code", {}, name), " ", make("i", {}, words)];
  if (note) head.push(" ", make("small", {}, note));
  if (!inner) return make("li", {}, ...head);
  const opened = make("details", {}, make("summary", {}, ...head));
  const fill = () => opened.append(inside(api, inner));
  opened.addEventListener("toggle", fill, { once: true });
  return make("li", {}, opened);
}

function inside(api, shape) {
  if (!shape.properties) return make("p", {}, shape.description);
  const rows = Object.entries(shape.properties).map(([name, one]) => row(api, name, one));
  return make("ul", { className: "shape" }, ...rows);
}

/** A body to start from: all that a request has, the first plain members of an entity. */
function sample(api, schema, depth = 0) {
  if (schema.anyOf) return null;
  const shape = resolve(api, schema);
  if (shape.enum) return shape.enum[0];
  if (shape.type === "array") return [];
  if (shape.type === "integer" || shape.type === "number") return 0;
  if (shape.type === "boolean") return false;
  if (shape.type === "string") return shape.examples?.at(-1) ?? "";
  const members = Object.entries(shape.properties ?? {});
  const some = shape.name.endsWith("Request")
    ? members
    : members.filter(([, one]) => one.type && one.type !== "array").slice(0, depth ? 1 : 3);
  return Object.fromEntries(some.map(([name, one]) => [name, sample(api, one, depth + 1)]));
}

// One operation

async function fill(details) {
  const api = await read();
  const { path, method } = details.dataset;
  const operation = api.paths[path][method];
  const parameters = operation.parameters ?? [];
  const asked = operation.requestBody?.content["application/json"].schema;
  const told = operation.responses["200"]?.content["application/json"].schema;
  const shapes = make("div", { className: "shapes" });
  const rows = parameters.map((one) =>
    row(api, one.name, one.schema, one.required ? `in the ${one.in}` : `in the ${one.in}, optional`));
  if (rows.length) shapes.append(part("Parameters", make("ul", { className: "shape" }, ...rows)));
  if (asked) shapes.append(part("Body", whole(api, asked)));
  shapes.append(part("Answer", told ? whole(api, told) : make("p", {}, "Nothing: 204.")));
  details.append(shapes, attempt(details, parameters, asked && sample(api, asked)));
}

function part(title, ...content) {
  return make("section", {}, make("h4", {}, title), ...content);
}

/** A whole body or answer: its type in words, its members open at once. */
function whole(api, schema) {
  const { words, inner } = described(api, schema);
  const kind = make("p", {}, make("i", {}, words));
  return inner ? make("div", {}, kind, inside(api, inner)) : kind;
}

function attempt(details, parameters, example) {
  const { path, method } = details.dataset;
  const inputs = parameters.map((one) => field(`${details.id}-${one.name}`, one.name, "input"));
  const body = example === undefined ? null : field(`${details.id}-body`, "Body", "textarea");
  const curl = make("code");
  const send = make("button", { type: "submit" }, "Send");
  const answer = make("output", { className: "answer", hidden: true });
  if (body) body.input.value = JSON.stringify(example, null, 2);
  if (body) body.input.rows = Math.min(16, body.input.value.split("\n").length + 1);

  function address() {
    const values = new Map(inputs.map(({ input }, index) => [parameters[index], input.value]));
    const query = new URLSearchParams();
    let filled = path;
    for (const [one, value] of values) {
      if (one.in === "path") filled = filled.replace(`{${one.name}}`, encodeURIComponent(value));
      else if (value || one.required) query.set(one.name, value);
    }
    return new URL(`.${filled}${query.size ? `?${query}` : ""}`, document.baseURI).href;
  }

  function spell() {
    const words = ["curl", "-u", quoted(user.value || "user")];
    if (method !== "get") words.push("-X", method.toUpperCase());
    if (body) words.push("\\\n  -H", quoted("Content-Type: application/json"));
    words.push("\\\n ", quoted(address()));
    if (body) words.push("\\\n  --data-binary", quoted(body.input.value));
    curl.textContent = words.join(" ");
  }

  const form = make("form", {}, ...inputs.map(({ label }) => label), body?.label ?? "", send, answer);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(address(), method.toUpperCase(), body?.input.value, send, answer);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener("input", spell);
  who.addEventListener("input", spell);
  spell();
  const shown = make("pre", { tabIndex: 0 }, curl);
  return make("div", { className: "attempt" }, part("Try it", form), part("curl", shown));
}

function field(id, name, tag) {
  const input = make(tag, { id, spellcheck: false, autocomplete: "off" });
  return { input, label: make("label", { htmlFor: id }, make("span", {}, name), input) };
}

function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

// Asking the desk

async function ask(address, method, body, send, output) {
  send.disabled = true;
  output.hidden = false;
  output.replaceChildren(make("p", {}, "Sending …"));
  const began = performance.now();
  try {
    const answer = await fetch(address, { method, body, headers: headers(body) });
    const text = await answer.text();
    const took = Math.round(performance.now() - began);
    const said = `${answer.status} ${answer.statusText} · ${took} ms · ${text.length} characters`;
    const kind = answer.ok ? "good" : "bad";
    output.replaceChildren(make("p", { className: kind }, said));
    if (text) output.append(make("pre", { tabIndex: 0 }, make("code", {}, pretty(text))));
  } catch (fault) {
    output.replaceChildren(make("p", { className: "bad" }, `No answer: ${fault.message}`));
  } finally {
    send.disabled = false;
  }
}

/** Basic when a user is typed in, else the session that this browser may have. */
function headers(body) {
  // keeps the browser from asking for a password itself
  const found = { Accept: "application/json", "X-Requested-With": "fetch" };
  if (body !== undefined) found["Content-Type"] = "application/json";
  const session = document.cookie.match(/(?:^|; )XSRF-TOKEN=([^;]*)/);
  if (user.value) found.Authorization = `Basic ${base64(`${user.value}:${password.value}`)}`;
  else if (session) found["X-XSRF-TOKEN"] = decodeURIComponent(session[1]);
  return found;
}

function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

// The page

function narrow() {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const one of operations) {
    const text = `${one.id} ${one.querySelector("summary").textContent}`.toLowerCase();
    one.hidden = !words.every((word) => text.includes(word));
    count += one.hidden ? 0 : 1;
  }
  for (const link of document.querySelectorAll("nav li")) {
    const section = document.getElementById(link.firstChild.hash.slice(1));
    const left = section.querySelectorAll("details.operation:not([hidden])").length;
    section.hidden = link.hidden = !left;
    link.querySelector("small").textContent = left;
  }
  document.getElementById("found").textContent = `${count} operation${count === 1 ? "" : "s"}`;
  document.getElementById("nothing").hidden = count > 0;
}

function arrive() {
  const sought = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!sought?.matches("details.operation")) return;
  sought.open = true;
  sought.scrollIntoView();
}

for (const one of operations) {
  one.addEventListener("toggle", () => fill(one), { once: true });
  one.addEventListener("toggle", () => {
    if (one.open) history.replaceState(null, "", `#${one.id}`);
  });
}
find.hidden = who.hidden = false;
find.addEventListener("submit", (event) => event.preventDefault());
filter.addEventListener("input", narrow);
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.matches("input, textarea")) return;
  event.preventDefault();
  filter.focus();
});
addEventListener("hashchange", arrive);
arrive();
