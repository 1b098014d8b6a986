/* One alert opened: everything that the explanation of it says. */
const MARKS = { true: "✓ holds", false: "✗ does not", unknown: "? unknown" };

function began(weight) {
  return weight === null || weight === undefined ? null : Math.round(-Math.log2(1 - weight) * 1000);
}

function placeOf(place, nameFile) {
  const told = [];
  if (place.row !== null) {
    told.push("row " + place.row + (place.line !== null && place.line !== place.row ? ` (line ${place.line})` : ""));
  }
  if (nameFile && place.file) told.push(place.file);
  return told.join(" of ");
}

function understoodCell(one) {
  const told = [];
  if (one.understood !== null) told.push(bdi(one.understood));
  if (one.how) told.push(h("small", {}, " ", bdi(one.how)));
  if (one.assumed) told.push(h("small", {}, h("br"), "assumed: ", bdi(one.assumed)));
  return told.length ? told : h("span", { class: "quiet" }, "unknown");
}

function conditionsTable(flag, nameFile) {
  return h("table", { class: "stacks" },
    h("caption", { class: "seen-by-readers" }, "The conditions of the rule and what the order says"),
    h("thead", {}, h("tr", {}, ["Verdict", "Condition", "As written", "As understood", "Where"].map(
      (name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, flag.conditions.map((one) => h("tr", {},
      h("td", { class: "verdict" }, MARKS[one.verdict]),
      h("td", {}, bdi(sentence(one.sentence))),
      h("td", { "data-label": "written" }, one.written ? bdi(one.written) : h("span", { class: "quiet" }, "not stated")),
      h("td", { "data-label": "understood" }, understoodCell(one)),
      h("td", { "data-label": "where" }, placeOf(one.place, nameFile),
        one.column ? h("small", {}, " ", one.place.row === null ? "" : "column ", bdi(one.column)) : null)))));
}

/* What a rule across orders counted, and over which orders. */
function windowOf(found) {
  if (!found) return null;
  const days = [...new Set([found.first, found.last].filter(Boolean))].join(" to ");
  const named = found.orders.slice(0, 12).join(", ");
  return h("div", {},
    found.sentences.map((one) => h("p", {}, bdi(sentence(one)))),
    h("p", { class: "quiet" }, `Over ${counted(found.count, "order")} with the same `, bdi(found.key),
      days ? `, ${days}` : "", ": ", bdi(named),
      found.count > 12 ? ` and ${found.count - Math.min(12, found.orders.length)} more` : ""),
    found.links.map((one) => h("p", { class: "quiet" }, bdi(one.one), " and ", bdi(one.other),
      ` share the ${one.by}: `, bdi(one.written))));
}

function flagCard(flag, nameFile, count) {
  const word = flag.of.kind === "stop" ? "stop" : flag.of.severity || "sign";
  return h("article", { class: "flag" },
    h("h5", {}, chip(word), h("span", {}, sentence(flag.of.title))),
    h("span", { class: "rule" }, flag.of.rule),
    flag.of.why ? h("p", {}, flag.of.why) : null,
    flag.lines.length < count ? h("p", { class: "quiet" }, "Speaks of ",
      flag.lines.slice(0, 20).map((one) => placeOf(one, nameFile)).join(", ")) : null,
    flag.conditions.length ? conditionsTable(flag, nameFile) : h("p", {}, bdi(flag.sentence || "")),
    windowOf(flag.window),
    flag.lowered.map((one) => h("p", {}, `Counts less, ${signed(-one.by)} bits: `, sentence(one.because))),
    (flag.of.changed || []).map((one) => h("p", {}, bdi(one))),
    flag.of.source.map((one) => h("p", { class: "quiet" }, "Source: ", one.title || one.document,
      one.year && !(one.title || "").includes(one.year) ? ` (${one.year})` : "",
      one.flags.length ? ", flags " + one.flags.join(", ") : "")));
}

function questionsOf(flags) {
  const asked = new Map();
  for (const flag of flags) {
    for (const one of flag.ask) {
      if (!asked.has(one.of)) asked.set(one.of, []);
      if (!asked.get(one.of).includes(one.text)) asked.get(one.of).push(one.text);
    }
  }
  if (!asked.size) return null;
  const people = [...asked.keys()].sort((a, b) => (a === "customer") - (b === "customer") || (a < b ? -1 : 1));
  return h("section", {},
    h("h4", {}, "Questions to ask before the goods leave"),
    asked.has("customer") ? h("p", { class: "quiet" }, "Asking the customer can tip him off; ask the others first.") : null,
    people.map((of) => [h("strong", {}, "Ask " + of.replaceAll("_", " ")),
      h("ul", { class: "questions" }, asked.get(of).map((text) => h("li", { dir: "auto" }, bdi(text))))]));
}

function incompletesOf(evidence) {
  const all = evidence.incomplete || [];
  if (!all.length) return null;
  const lifting = all.filter((one) => one.would_lift);
  const item = (one) => h("li", {}, sentence(one.title), " ",
    h("span", { class: "quiet" }, bdi(sentence(one.because.join("; "))),
      ` Would add ${bits(one.would_add)} bits` + (one.would_lift ? " and lift the band." : ".")));
  const rest = all.filter((one) => !one.would_lift);
  return h("section", {},
    h("h4", {}, "Could not be judged"),
    lifting.length ? h("ul", {}, lifting.map(item))
      : h("p", {}, "No missing fact would alone lift the band."),
    rest.length ? h("details", {}, h("summary", {}, counted(rest.length, "rule") +
      " more that would not lift the band"), h("ul", {}, rest.map(item))) : null);
}

/* Whether a band is at or above the line of the run. */
const isAtTheLine = (row) => row.stop || BANDS.indexOf(row.band) >= BANDS.indexOf(settings.line);

function whatIfOf(evidence, row) {
  const found = evidence.what_if;
  const head = h("h4", {}, "What would bring it below " + (found ? found.line : settings.line));
  if (!found) {
    return isAtTheLine(row) ? h("section", {}, head, h("p", {},
      "Not worked out here" + (settings.worked_out ? `: it is for the ${counted(settings.worked_out, "alert")} that are most urgent` : "")
      + ". redflags explain with the number of this order works it out, and redflags check --counterfactuals for every alert.")) : null;
  }
  const item = (one) => h("li", {}, bdi(sentence(one.sentence)));
  const checkable = found.counterfactuals.filter((one) => one.can_be_checked);
  const terms = found.counterfactuals.filter((one) => !one.can_be_checked);
  const none = found.is_complete ? "No small set of facts was found that would."
    : "No set of facts was found that would; not all were tried.";
  return h("section", {},
    isAtTheLine(row) ? [head,
      checkable.length ? h("ul", { class: "what-if" }, checkable.map(item)) : null,
      terms.length ? [h("p", { class: "quiet" }, "With terms of the order that no enquiry can change:"),
        h("ul", { class: "what-if" }, terms.map(item))] : null,
      found.counterfactuals.length ? h("p", { class: "quiet" },
        "Each was judged again with these facts; they count only once they are shown to be so."
        + (found.is_complete ? "" : " There may be more: not all were tried."))
        : h("p", {}, none)] : null,
    found.worth_asking.length ? [h("h4", {}, "Missing facts worth asking for"),
      h("ul", {}, found.worth_asking.map(item))] : null);
}

function detailOf(row, evidence) {
  const flags = evidence.flags.map((one) => ({ ...one, of: rules[one.r], began: began(rules[one.r].weight) }));
  const files = new Set(evidence.lines.map((one) => one.file));
  const rows = evidence.lines.map((one) => placeOf(one, files.size > 1)).filter(Boolean);
  const name = [...files].filter(Boolean).join(", ");
  return [
    h("div", { class: "detail-head" },
      h("h3", {}, "Order ", bdi(row.order), " ", chip(row.stop ? "stop" : row.band)),
      h("div", { class: "tools" },
        h("button", { type: "button", class: "print-one" }, "Print this order"))),
    h("dl", { class: "facts" },
      h("dt", {}, "Action"), h("dd", {}, combinations[row.actions].join(", ") || "none"),
      h("dt", {}, "Parties"), h("dd", {}, framed(row.parties || "not stated")),
      h("dt", {}, "Goods"), h("dd", {}, bdi(row.goods || "not stated")),
      row.date ? [h("dt", {}, "Date"), h("dd", {}, row.date)] : null,
      rows.length ? [h("dt", {}, "Where"), h("dd", {}, bdi(name), " ", rows.slice(0, 20).join(", "),
        rows.length > 20 ? ` and ${rows.length - 20} more` : "")] : null,
      evidence.fingerprint ? [h("dt", {}, "Fingerprint"), h("dd", {}, h("code", {}, evidence.fingerprint))] : null),
    flowPicture(evidence, row.destination),
    waterfall(flags, row),
    whatIfOf(evidence, row),
    questionsOf(flags),
    h("section", {}, h("h4", {}, counted(flags.length, "flag") + ", the strongest first"),
      flags.map((one) => flagCard(one, files.size > 1, evidence.lines.length))),
    incompletesOf(evidence),
  ];
}
