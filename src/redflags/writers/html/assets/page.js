/* What is connected to what. */
function offer(name, options) {
  for (const [value, label] of options) control(name).append(h("option", { value }, label));
}

function tally(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) || 0) + 1);
  return counts;
}

function offerAll() {
  const words = tally(alerts.flatMap((row) => (row.stop ? ["stop", row.band] : [row.band])));
  offer("band", ["stop", ...[...BANDS].reverse()].filter((one) => words.has(one))
    .map((one) => [one, `${one} (${words.get(one)})`]));
  const actions = tally(alerts.flatMap((row) => combinations[row.actions]));
  offer("action", [...ACTIONS].reverse().filter((one) => actions.has(one))
    .map((one) => [one, `${one} (${actions.get(one)})`]));
  const titles = new Map(rules.map((one) => [one.rule, one.title]));
  const raised = tally(alerts.flatMap((row) => [...new Set(row.rules.map((one) => rules[one].rule))]));
  offer("rule", [...raised].sort((a, b) => b[1] - a[1]).map(([name, count]) => [name, `${titles.get(name)} (${count})`]));
  const goes = tally(alerts.map((row) => row.destination || "–"));
  offer("destination", [...goes].sort((a, b) => b[1] - a[1]).map(([code, count]) =>
    [code, `${code === "–" ? "not known" : countryName(code)} (${count})`]));
  const months = tally(alerts.map((row) => row.date.slice(0, 7) || "–"));
  const changes = tally(alerts.map((row) => row.change));
  if (FILTERS.change) {
    offer("change", CHANGES.filter((one) => changes.has(one)).map((one) => [one, `${one} (${changes.get(one)})`]));
  }
  offer("month", [...months].sort().map(([month, count]) => [month, `${month === "–" ? "no date" : month} (${count})`]));
}

const THEMES = ["auto", "light", "dark"];
function setTheme(name) {
  if (name === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  document.getElementById("theme").textContent = "Colours: " + name;
}
function keep(name) {
  try { localStorage.setItem("redflags-theme", name); } catch { /* a page from disk may not */ }
}
function kept() {
  try { return localStorage.getItem("redflags-theme"); } catch { return null; }
}

function follow() {
  const order = /^#order=(.*)$/.exec(location.hash);
  if (!order) return;
  let name = order[1];
  try { name = decodeURIComponent(name); } catch { /* as it stands */ }
  const row = alerts.find((one) => one.order === name);
  if (row) show(row.number);
}

let theme = THEMES.includes(kept()) ? kept() : "auto";
setTheme(theme);
const switcher = document.getElementById("theme");
switcher.hidden = false;
switcher.addEventListener("click", () => {
  theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
  setTheme(theme);
  keep(theme);
});

if (body) {
  offerAll();
  for (const name in FILTERS) {
    control(name).addEventListener(name === "text" ? "input" : "change", redraw);
  }
  document.getElementById("filters").hidden = false;
  document.getElementById("list").hidden = false;
  document.getElementById("filters").addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("reset").addEventListener("click", () => {
    for (const name in FILTERS) control(name).value = "";
    redraw();
  });
  for (const head of document.querySelectorAll("#list thead th[data-sort]")) {
    head.querySelector("button").addEventListener("click", () => {
      const down = ["urgency", "action", "flags"].includes(head.dataset.sort);
      state.down = state.sort === head.dataset.sort ? !state.down : down;
      state.sort = head.dataset.sort;
      redraw();
    });
  }
  for (const [name, count] of [["more-rows", STEP], ["many-rows", 10 * STEP]]) {
    document.getElementById(name).addEventListener("click", () => {
      const first = state.shown;
      state.shown += count;
      draw();
      const next = body.querySelectorAll("tr.row")[first];
      if (next) next.querySelector(".opener").focus();
    });
  }
  body.addEventListener("click", (event) => {
    const print = event.target.closest(".print-one");
    if (print) {
      const own = print.closest("tr.detail");
      own.classList.add("printed");
      document.body.classList.add("one");
      window.print();
      document.body.classList.remove("one");
      own.classList.remove("printed");
      return;
    }
    const line = event.target.closest("tr.row");
    if (line && (event.target.closest(".opener") || !String(getSelection()))) {
      toggle(Number(line.dataset.number));
    }
  });
  for (const button of document.querySelectorAll("[data-filter]")) {
    button.addEventListener("click", () => filterBy(button.dataset.filter, button.dataset.value));
  }
  draw();
  window.addEventListener("hashchange", follow);
  follow();
}
document.documentElement.dataset.ready = "yes";
