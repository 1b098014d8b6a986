/* The list of alerts: sorted, filtered, searched, and opened one by one. */
const index = read("alerts");
const rules = read("rules");
const settings = read("settings");
const places = settings.places;
const combinations = index.combinations;
const STEP = 100;
const BANDS = ["none", "low", "medium", "high", "critical"];
const ACTIONS = ["note", "ask", "hold", "escalate"];
const CHANGES = ["new", "raised", "changed", "lowered", "as they were"];

const alerts = Array.from({ length: index.count }, (_, number) => {
  const row = { number };
  for (const name in index.columns) row[name] = index.columns[name][number];
  row.titles = row.rules.map((one) => rules[one].title);
  row.text = [row.order, row.parties, row.goods, ...row.titles, row.destination,
    places[row.destination] || ""].join("\n").toLocaleLowerCase();
  return row;
});

const blocks = new Map();
function evidenceOf(row) {
  const number = Math.floor(row.number / index.block);
  if (!blocks.has(number)) blocks.set(number, unpacked("evidence-" + number));
  return blocks.get(number).then((all) => whole(all[row.number % index.block]));
}

/* An alert as the model has it: what many have in common stands in tables of the page. */
function whole(packed) {
  const conditions = packed.conditions.map(
    ([test, place, written, understood, how, assumed, verdict, sentence, more]) => {
      const [field, operator, operand, column] = index.tests[test];
      return { field, operator, operand, column, written, understood, how, assumed, verdict, sentence,
        place: typeof place === "number" ? packed.lines[place] : place, ...more };
    });
  return { ...packed,
    flags: packed.flags.map((one) => ({ lines: packed.lines, ...one,
      conditions: one.conditions.map((number) => conditions[number]) })),
    incomplete: packed.incomplete.map(([number, own]) => ({ ...index.incompletes[number], ...own })) };
}

async function unpacked(name) {
  if (!index.packed) return read(name);
  if (typeof DecompressionStream === "undefined") {
    throw new Error("this browser is too old to unpack the evidence; redflags explain shows it");
  }
  const bytes = Uint8Array.from(atob(document.getElementById("data-" + name).textContent),
    (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
}

const state = { sort: "urgency", down: true, shown: STEP, open: new Set() };
const control = (name) => document.getElementById("filter-" + name);
const FILTERS = {
  text: (row, value) => value.toLocaleLowerCase().split(/\s+/).every((word) => row.text.includes(word)),
  action: (row, value) => combinations[row.actions].includes(value),
  band: (row, value) => (value === "stop" ? row.stop === 1 : row.band === value),
  rule: (row, value) => row.rules.some((one) => rules[one].rule === value),
  destination: (row, value) => (row.destination || "–") === value,
  month: (row, value) => (row.date.startsWith(value) && value !== "–") || (value === "–" && !row.date),
};
const text = (name) => (a, b) => a[name].localeCompare(b[name], undefined, { numeric: true });
const gravest = (row) => Math.max(-1, ...combinations[row.actions].map((one) => ACTIONS.indexOf(one)));
if (index.columns.change) FILTERS.change = (row, value) => row.change === value;
const ORDERS = {
  urgency: (a, b) => a.stop - b.stop || a.bits - b.bits || b.number - a.number,
  action: (a, b) => gravest(a) - gravest(b) || ORDERS.urgency(a, b),
  order: text("order"), parties: text("parties"), goods: text("goods"), date: text("date"),
  destination: (a, b) => countryName(a.destination).localeCompare(countryName(b.destination)),
  flags: (a, b) => a.rules.length - b.rules.length,
};
const body = document.querySelector("#list tbody");

function chosen() {
  const given = Object.keys(FILTERS).map((name) => [name, control(name).value.trim()])
    .filter(([, value]) => value);
  const found = alerts.filter((row) => given.every(([name, value]) => FILTERS[name](row, value)));
  const order = ORDERS[state.sort];
  return found.sort((a, b) => (state.down ? order(b, a) : order(a, b)));
}

function rowOf(row) {
  const open = state.open.has(row.number);
  const word = row.stop ? "stop" : row.band;
  const more = row.titles.length - 1;
  return h("tr", { class: "row" + (open ? " open" : ""), "data-number": row.number },
    h("td", { class: row.order.length < 16 ? "short" : null }, h("button", { type: "button", class: "opener", "aria-expanded": String(open),
      "aria-controls": open ? "detail-" + row.number : null }, bdi(row.order))),
    h("td", { "data-label": "urgency", class: "short" }, chip(word), " ",
      h("span", { class: "number" }, row.score.toFixed(1)),
      row.change && row.change !== CHANGES[CHANGES.length - 1] ? h("small", {}, " ", row.change) : null),
    h("td", { "data-label": "action", class: "words" }, combinations[row.actions].join(", ") || "none"),
    h("td", { "data-label": "flags" }, sentence(row.titles[0] || ""), more > 0
      ? h("small", {}, ` and ${more} more`) : null),
    h("td", { "data-label": "parties" }, framed(row.parties || "not stated")),
    h("td", { "data-label": "goods", dir: "auto" }, bdi(row.goods || "not stated")),
    h("td", { "data-label": "to", class: "words" }, row.destination ? bdi(countryName(row.destination)) : "not known"),
    h("td", { "data-label": "date", class: "number short" }, row.date || "not known"));
}

function detailRow(row) {
  const cell = h("td", { colspan: 8 }, h("p", { class: "quiet" }, "Reading the evidence …"));
  evidenceOf(row).then((evidence) => cell.replaceChildren(...detailOf(row, evidence).filter(Boolean)),
    (problem) => cell.replaceChildren(h("p", {}, "The evidence could not be read: " + problem.message)));
  return h("tr", { class: "detail", id: "detail-" + row.number }, cell);
}

function draw() {
  const found = chosen();
  const rows = [];
  for (const row of found.slice(0, state.shown)) {
    rows.push(rowOf(row));
    if (state.open.has(row.number)) rows.push(detailRow(row));
  }
  body.replaceChildren(...rows);
  const shown = Math.min(found.length, state.shown);
  document.getElementById("counted").textContent = found.length === alerts.length
    ? counted(alerts.length, "alert")
    : `${found.length.toLocaleString("en")} of ${counted(alerts.length, "alert")}`;
  document.getElementById("more").hidden = shown === found.length;
  document.getElementById("shown").textContent = `${shown.toLocaleString("en")} of ${found.length.toLocaleString("en")} shown`;
  document.getElementById("nothing").hidden = found.length > 0;
  for (const head of document.querySelectorAll("#list thead th[data-sort]")) {
    const here = head.dataset.sort === state.sort;
    if (here) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
    else head.removeAttribute("aria-sort");
  }
}

function redraw() {
  state.shown = STEP;
  draw();
}

function toggle(number) {
  const line = body.querySelector(`tr.row[data-number="${number}"]`);
  const opener = line.querySelector(".opener");
  const open = !state.open.has(number);
  if (open) state.open.add(number);
  else state.open.delete(number);
  line.classList.toggle("open", open);
  opener.setAttribute("aria-expanded", String(open));
  if (open) {
    opener.setAttribute("aria-controls", "detail-" + number);
    line.after(detailRow(alerts[number]));
  } else {
    opener.removeAttribute("aria-controls");
    document.getElementById("detail-" + number).remove();
  }
}

function show(number) {
  for (const name in FILTERS) control(name).value = "";
  state.open.add(number);
  const place = chosen().findIndex((row) => row.number === number);
  state.shown = Math.max(STEP, place + 1);
  draw();
  const line = body.querySelector(`tr.row[data-number="${number}"]`);
  line.scrollIntoView({ block: "start" });
  line.querySelector(".opener").focus({ preventScroll: true });
}

function filterBy(name, value) {
  for (const other in FILTERS) control(other).value = "";
  control(name).value = value;
  redraw();
  document.getElementById("alerts-section").scrollIntoView();
  control(name).focus({ preventScroll: true });
}
