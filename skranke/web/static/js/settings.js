// Small conveniences of forms: names of people as one types, drawn office hours.
import { $, $$, get } from "./page.js";

let timer = 0;

document.addEventListener("input", (event) => {
  const field = event.target.closest("[data-people], #to, #cc");
  if (field?.dataset.people !== undefined) {
    clearTimeout(timer);
    timer = setTimeout(() => suggest(field), 150);
  }
  const hours = event.target.closest(".week .in.time");
  if (hours) draw(hours.closest("tr"));
});

async function suggest(field) {
  if (field.value.includes("(#")) return;
  const response = await get(`/people/suggest?q=${encodeURIComponent(field.value)}`).catch(() => null);
  if (!response?.ok) return;
  field.list.replaceChildren(...(await response.json()).map((text) => {
    const option = document.createElement("option");
    option.value = text;
    return option;
  }));
}

const quarter = (text) => {
  const found = /^(\d{1,2}):(\d{2})$/.exec(text.trim());
  return found ? Math.min(96, Number(found[1]) * 4 + Number(found[2]) / 15) : null;
};

function draw(row) {
  const [from, until] = $$(".in.time", row);
  const [start, stop] = [quarter(from.value), quarter(until.value)];
  const bad = Boolean(from.value || until.value) && (start === null || stop === null || stop <= start);
  for (const field of [from, until]) field.toggleAttribute("aria-invalid", false), bad && field.setAttribute("aria-invalid", "true");
  const bar = $(".open", row);
  bar.setAttribute("x", bad || start === null ? 0 : start);
  bar.setAttribute("width", bad || start === null ? 0 : stop - start);
  $$(".grip", row).forEach((grip, n) => {
    const at = (n ? stop : start) ?? 0;
    grip.setAttribute("x1", at);
    grip.setAttribute("x2", at);
  });
}

// dragging an end of a drawn day moves its time by quarters of an hour
document.addEventListener("pointerdown", (event) => {
  const lane = event.target.closest("svg.lane[data-day]");
  if (!lane) return;
  const row = lane.closest("tr");
  const box = lane.getBoundingClientRect();
  const at = (x) => Math.round(Math.min(Math.max((x - box.left) / box.width, 0), 1) * 96);
  const fields = $$(".in.time", row);
  const [start, stop] = fields.map((field) => quarter(field.value) ?? 0);
  const moved = Math.abs(at(event.clientX) - start) <= Math.abs(at(event.clientX) - stop) ? 0 : 1;
  const move = (now) => {
    const quarters = Math.min(at(now.clientX), 95);
    fields[moved].value = `${String(Math.floor(quarters / 4)).padStart(2, "0")}:${String((quarters % 4) * 15).padStart(2, "0")}`;
    draw(row);
  };
  const end = () => { removeEventListener("pointermove", move); removeEventListener("pointerup", end); };
  addEventListener("pointermove", move);
  addEventListener("pointerup", end);
  event.preventDefault();
});
