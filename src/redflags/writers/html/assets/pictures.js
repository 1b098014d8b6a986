/* Pictures of one alert: how the goods go, and how the evidence adds up. */
const ROLES = {
  seller: "seller", exporter: "exporter", buyer: "buyer",
  intermediate_consignee: "by way of", consignee: "goes to", end_user: "end user",
  payer: "paid by", forwarder: "forwarder", bank: "bank",
};
const CARRIES_NO_GOODS = new Set(["payer", "bank", "forwarder"]);

function countryName(code) {
  return places[code] || code;
}

function partyBox(one) {
  const where = [one.city, countryName(one.country)].filter(Boolean).join(", ");
  const told = [one.name, one.business, where].filter(Boolean);
  return h("div", { class: "party" + (CARRIES_NO_GOODS.has(one.role) ? " money" : ""), dir: "auto" },
    h("span", { class: "role" }, ROLES[one.role] || one.role.replaceAll("_", " ")),
    h("strong", {}, bdi(told[0])),
    told.slice(1).map((text) => h("span", { class: text === where ? "quiet" : null }, bdi(text))),
    one.name ? null : h("span", { class: "quiet" }, "name not stated"));
}

function arrow(crosses) {
  return h("span", { class: "step" + (crosses ? " border" : "") },
    s("svg", { viewBox: "0 0 40 12", "aria-hidden": "true" },
      s("path", { d: "M1 6H36" }), s("path", { d: "M31 1.5 37 6 31 10.5" })),
    crosses ? "over a border" : h("span", { class: "seen-by-readers" }, "then"));
}

function flowPicture(evidence, destination) {
  const all = evidence.participants || [];
  const goods = all.filter((one) => !CARRIES_NO_GOODS.has(one.role));
  const others = all.filter((one) => CARRIES_NO_GOODS.has(one.role));
  if (!all.length) return null;
  let before = null;
  const stops = goods.map((one) => {
    const crosses = before && one.country && before !== one.country;
    const item = h("li", {}, before === null ? null : arrow(crosses), partyBox(one));
    before = one.country || before || "";
    return item;
  });
  if (destination && destination !== before || destination && goods.length < 2) {
    const crosses = before && before !== destination;
    stops.push(h("li", {}, before === null ? null : arrow(crosses),
      h("div", { class: "party place" }, h("span", { class: "role" }, "destination"),
        h("strong", {}, bdi(countryName(destination))))));
  }
  return h("figure", { class: "flow-picture" },
    h("figcaption", {}, "Who takes part, and how the goods go"),
    h("ol", { class: "flow" }, stops),
    others.length
      ? h("ul", { class: "flow", "aria-label": "Who pays and carries" },
        others.map((one) => h("li", {}, partyBox(one))))
      : null);
}

/* Bits at which the bands begin: −log2(1 − 0.25), −log2(1 − 0.5), −log2(1 − 0.8). */
const BEGINS = [["medium", 415], ["high", 1000], ["critical", 2322]];

function waterfall(flags, row) {
  const all = flags.filter((one) => one.of.kind !== "stop");
  const signs = all.filter((one) => one.share > 0);
  const idle = all.filter((one) => one.share <= 0);
  const full = Math.max(2600, row.bits * 1.04);
  const at = (thousandths) => (100 * thousandths / full).toFixed(2);
  const lines = () => BEGINS.map(([band, start]) =>
    s("line", { class: "mark" + (band === settings.line ? " the-line" : ""),
      x1: at(start), x2: at(start), y1: 0, y2: 22 }));
  const bar = (...shapes) => s("svg", { viewBox: "0 0 100 22", preserveAspectRatio: "none",
    "aria-hidden": "true" }, lines(), shapes);
  let reached = 0;
  const rows = signs.map((one) => {
    const start = reached;
    reached += one.share;
    return h("tr", {},
      h("td", {}, sentence(one.of.title), " ", h("small", {}, steps(one))),
      h("td", {}, bar(
        one.began > one.share ? s("rect", { class: "lost", x: at(start + one.share), y: 6,
          width: at(Math.min(one.began - one.share, full - start - one.share)), height: 10 }) : null,
        s("rect", { class: "fill-" + (one.of.severity || "none"), x: at(start), y: 4,
          width: at(one.share), height: 14 }))),
      h("td", {}, signed(one.share)));
  });
  for (const one of flags.filter((other) => other.of.kind === "stop")) {
    rows.unshift(h("tr", {}, h("td", {}, sentence(one.of.title), " ",
      h("small", {}, "a stop is not scored: it comes first")), h("td", {}), h("td", {}, "stop")));
  }
  const labels = h("ul", { class: "legend" }, BEGINS.map(([band, start]) => h("li", {},
    `${band} begins at ${bits(start)} bits` + (band === settings.line ? " (the line of this run)" : ""))));
  return h("section", {},
    h("h4", {}, "How the score comes about"),
    h("table", { class: "waterfall" },
      h("caption", {}, "Evidence in bits, one flag on the other. A dashed box is what was taken off."),
      h("tbody", {}, rows),
      h("tfoot", {}, h("tr", {},
        h("td", {}, `Score 100 · (1 − 2^−${bits(row.bits)}) = ${row.score.toFixed(1)}: `,
          row.stop ? "stop" : row.band),
        h("td", {}, bar(s("rect", { class: "fill-accent", x: 0, y: 8, width: at(row.bits), height: 6 }))),
        h("td", {}, "= " + bits(row.bits))))),
    labels,
    idle.length ? h("details", {},
      h("summary", {}, counted(idle.length, "flag") + (idle.length === 1 ? " adds" : " add") + " nothing to the score"),
      h("ul", {}, idle.map((one) => h("li", {}, sentence(one.of.title), " ", h("small", {}, steps(one)))))) : null);
}

function steps(one) {
  const told = [one.began === null ? one.of.severity || "sign" : `${bits(one.began)} as ${one.of.severity || "a sign"}`];
  let left = one.began === null ? one.share : one.began;
  for (const lowering of one.lowered) {
    told.push(`${signed(-lowering.by)} ${lowering.because.replace(/\.$/, "")}`);
    left -= lowering.by;
  }
  if (left > one.share) {
    told.push(`${signed(one.share - left)} ` + (one.share === 0 || one.of.severity !== "low"
      ? `another flag speaks of the same fact, ${one.of.fact}`
      : "low signs count together for no more than one medium"));
  }
  return "(" + told.join("; ") + ")";
}
