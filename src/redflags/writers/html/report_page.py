"""The report as a page: what to do today, plots, the list of alerts, what is missing, the run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TextIO

import orjson

from redflags.model.report import Report
from redflags.model.results import Assessment, Incomplete, Participant
from redflags.weights import BAND_NAMES
from redflags.writers.gaps import MOST_GROUPS, MOST_ORDERS, Gaps
from redflags.writers.html import plots
from redflags.writers.html.cases_section import MOST_CASES, cases_section
from redflags.writers.html.elements import Child, Markup, asset, bdi, data_block, element, page
from redflags.writers.html.packing import Alerts, Plain, loaded
from redflags.writers.html.pictures import country_name, in_address
from redflags.writers.html.run_section import run_section
from redflags.writers.html.since_section import changes_of, since_section
from redflags.writers.page import counted, listed, sentence

SCRIPTS = ("dom.js", "pictures.js", "detail.js", "list.js", "page.js")

MOST_WITHOUT_SCRIPT = 100
"""Alerts that a browser without scripts shows."""

TO_DO: Mapping[str, str] = {
    "escalate": "Take it to whoever decides, before anything moves.",
    "hold": "Do not ship until the questions are answered.",
    "ask": "Put the questions before release.",
    "note": "Nothing to do now; worth knowing when the party orders again.",
}
"""What each action asks of the reader, the gravest first."""

SAYS_AND_DOES_NOT = (
    "A score orders by urgency; it is no probability. A place says nothing about the people who "
    "live there: it counts only together with other facts. A flag states facts of an order and "
    "accuses nobody. That no rule matched says only that nothing in the file met one."
)

_HEADS = (
    ("order", "Order"),
    ("urgency", "Urgency"),
    ("action", "Action"),
    ("flags", "What stands out"),
    ("parties", "Parties"),
    ("goods", "Goods"),
    ("destination", "Goes to"),
    ("date", "Date"),
)


def write_html(report: Report, stream: TextIO) -> None:
    """Write the report as one page that loads nothing from anywhere."""
    alerts = Alerts(
        {order for case in report.cases.plain() for order in case["orders"]},
        None if report.baseline is None else changes_of(report.baseline),
    )
    gaps = Gaps()
    for line in report.assessments.json():
        one = loaded(line)
        if one["incomplete"]:
            gaps.add(_with_gaps(one))
        if one["flags"]:
            alerts.add(one)
    script = "(() => {\n" + '"use strict";\n' + "\n".join(map(asset, SCRIPTS)) + "})();"
    pieces = page(
        _title(report),
        _body(report, alerts, gaps),
        style=asset("style.css"),
        script=script,
        data=_data(report, alerts),
    )
    for piece in pieces:
        stream.write(piece)


def _with_gaps(plain: Plain) -> Assessment:
    """As much of an assessment as is needed to tell what it lacks: a whole model takes longer."""
    lifting = [one for one in plain["incomplete"] if one["would_lift"]]
    return Assessment.model_construct(
        order_id=plain["order_id"],
        lines=(),
        score=plain["score"],
        bits=plain["bits"],
        band=plain["band"],
        action=(),
        stop=plain["stop"],
        flags=(),
        incomplete=tuple(
            Incomplete.model_construct(
                **one | {name: tuple(one[name]) for name in ("needs", "because", "not_in_input")}
            )
            for one in lifting or plain["incomplete"][:1]
        ),
    )


def _title(report: Report) -> str:
    summary = report.summary
    verb = "raises" if summary.alerts == 1 else "raise"
    if not summary.alerts:
        return f"No rule matched in {counted(summary.orders, 'order')}"
    return f"{summary.alerts:,} of {counted(summary.orders, 'order')} {verb} red flags"


def _data(report: Report, alerts: Alerts) -> Iterator[str]:
    codes = {row["destination"] for row in alerts.rows}
    codes |= {code for row in alerts.rows for code in row["countries"].values()}
    settings = {
        "line": report.run.settings.fail_on,
        "worked_out": alerts.worked_out,
        "places": {code: country_name(code) for code in sorted(codes) if code},
    }
    yield data_block("settings", orjson.dumps(settings).decode())
    yield from alerts.blocks()


def _body(report: Report, alerts: Alerts, gaps: Gaps) -> Child:
    run = report.run
    files = [("standard input" if one.path == "-" else one.path) for one in run.inputs]
    rules = sum(pack.rules for pack in run.packs)
    told = " · ".join(
        part
        for part in (
            listed(files, 4),
            f"as of {run.as_of}" if run.as_of else "",
            f"{counted(rules, 'rule')} of {counted(len(run.packs), 'pack')}",
            f"redflags {run.version}",
        )
        if part
    )
    return [
        element("a", "To the list of alerts", class_="skip", href="#alerts-section"),
        element(
            "header",
            element(
                "div",
                element("div", element("h1", _title(report)), element("p", bdi(told))),
                element("button", "Colours", id="theme", type="button", hidden=True),
                class_="head",
            ),
            element("div", element("p", SAYS_AND_DOES_NOT), class_="note", role="note"),
        ),
        element(
            "main",
            _since(report, alerts),
            _today(report, alerts),
            _plots(report, alerts),
            _list(report, alerts),
            _cases(report, alerts),
            _missing(gaps),
            run_section(report),
        ),
        element(
            "footer",
            element("p", SAYS_AND_DOES_NOT, class_="quiet"),
        ),
    ]


def _since(report: Report, alerts: Alerts) -> Markup | None:
    if report.baseline is None:
        return None
    return since_section(report.baseline, {row["order"] for row in alerts.rows})


def _today(report: Report, alerts: Alerts) -> Markup:
    groups: dict[str, list[Plain]] = {name: [] for name in TO_DO}
    for row in alerts.rows:
        actions = alerts.actions_of(row)
        if actions:
            groups.setdefault(actions[0], []).append(row)
    cards = []
    for action, rows in groups.items():
        if not rows:
            continue
        others = Counter(name for row in rows for name in alerts.actions_of(row)[1:])
        also = ", ".join(f"{count:,} of them also {name}" for name, count in others.items())
        cards.append(
            element(
                "section",
                element("h3", action.capitalize()),
                element("p", f"{len(rows):,}", class_="count"),
                element("p", TO_DO.get(action, ""), f" ({also})" if also else ""),
                element("ol", [_link(row, alerts) for row in rows[:5]]),
                element(
                    "button",
                    f"Show all with {action}",
                    type="button",
                    class_="no-print",
                    data_filter="action",
                    data_value=action,
                )
                if len(rows) > 5
                else None,
                class_="card " + ("note-it" if action == "note" else action),
            )
        )
    hidden = report.summary.alerts - len(alerts.rows) - alerts.left_out
    return element(
        "section",
        element("h2", "What to do today", id="today"),
        element("div", cards, class_="cards") if cards else element("p", "No alert, no action."),
        element(
            "p",
            f"{counted(hidden, 'alert')} with a score below "
            f"{report.run.settings.min_score:g} not shown (--min-score).",
        )
        if hidden > 0
        else None,
        aria_labelledby="today",
    )


def _link(row: Plain, alerts: Alerts) -> Markup:
    rules = alerts.rules_of(row)
    return element(
        "li",
        element("a", bdi(row["order"]), href=f"#order={in_address(row['order'])}"),
        element("span", sentence(rules[0]["title"]), class_="quiet"),
    )


def _plots(report: Report, alerts: Alerts) -> Markup:
    summary = report.summary
    rows = alerts.rows
    bands = [
        plots.Bar(name, summary.bands[name], "band" if name != "none" else "", name, name)
        for name in reversed(BAND_NAMES)
        if summary.bands.get(name)
    ]
    raised: Counter[str] = Counter()
    titles: dict[str, str] = {}
    for row in rows:
        of_row = {one["rule"]: one["title"] for one in alerts.rules_of(row)}
        titles.update(of_row)
        raised.update(of_row.keys())
    rules = [
        plots.Bar(titles[name], count, "rule", name)
        for name, count in sorted(raised.items(), key=lambda one: (-one[1], one[0]))
    ]
    goes = Counter(row["destination"] for row in rows)
    destinations = [
        plots.Bar(
            country_name(code) if code else "not known",
            count,
            "destination",
            code or plots.NOT_KNOWN,
        )
        for code, count in sorted(goes.items(), key=lambda one: (-one[1], one[0]))
    ]
    return element(
        "section",
        element("h2", "At a glance", id="glance"),
        element(
            "div",
            plots.bars("Orders by band", "all orders of the input", bands),
            plots.by_month((row["date"], row["band"]) for row in rows),
            plots.flows(map(_route, rows), ("buyer in", "first stop", "destination")),
            plots.bars("Destinations", "of the alerts; the last stop that is stated", destinations),
            plots.bars("Rules", "by the alerts that they raised", rules, wide=True),
            _coverage(report),
            class_="plots",
        ),
        aria_labelledby="glance",
    )


def _route(row: Plain) -> tuple[str, str, str]:
    """Countries of the buyer, of the first stop and of the last."""
    where = row["countries"]
    buyer = where.get("buyer", "")
    last = row["destination"]
    by_way = where.get("intermediate_consignee") or where.get("consignee") or last
    return (_named(buyer), _named(by_way), _named(last))


def _named(code: str) -> str:
    return country_name(code) if code else plots.NOT_KNOWN


def _coverage(report: Report) -> Markup:
    found = report.summary.coverage
    helpful = [plots.Bar(one.column, one.rules) for one in found.helpful]
    return element(
        "div",
        plots.bars(
            "What the columns allow",
            f"{found.judgeable:,} of {counted(found.rules, 'rule')} can be triggered by this input",
            [
                plots.Bar("can be triggered", found.judgeable),
                plots.Bar("a column is absent", found.rules - found.judgeable, fill="none"),
            ],
        ),
        plots.bars(
            "Columns that would help",
            "the most helpful first: how many rules each opens, or helps to open",
            helpful,
        )
        if helpful
        else None,
    )


def _list(report: Report, alerts: Alerts) -> Markup:
    def filter_of(name: str, label: str) -> Markup:
        return element(
            "div",
            element("label", label, for_=f"filter-{name}"),
            element("select", element("option", "all", value=""), id=f"filter-{name}"),
        )

    if not alerts.rows:
        return element(
            "section",
            element("h2", "Alerts", id="alerts"),
            element("p", "There is none to list. That says nothing beyond the file."),
            id="alerts-section",
            aria_labelledby="alerts",
        )
    return element(
        "section",
        element("h2", "Alerts", id="alerts"),
        element(
            "p",
            f"The {len(alerts.rows):,} most urgent are listed, as a page of more would be slow to "
            f"open; {alerts.left_out:,} more are in the JSON, CSV and workbook of the same check "
            "(redflags check -o report.json). What to do today and the plots, but for the bands, "
            "speak of those that are listed.",
        )
        if alerts.left_out
        else None,
        element(
            "form",
            element(
                "div",
                element("label", "Search order, party, goods, rule", for_="filter-text"),
                element("input", id="filter-text", type="search", autocomplete="off"),
                class_="search",
            ),
            filter_of("action", "Action"),
            filter_of("band", "Band"),
            filter_of("rule", "Rule"),
            filter_of("destination", "Goes to"),
            filter_of("month", "Month"),
            filter_of("change", "Since then") if alerts.changes is not None else None,
            element("button", "Show all", id="reset", type="button"),
            id="filters",
            class_="filters",
            role="search",
            aria_label="Filter the alerts",
            hidden=True,
        ),
        element("p", id="counted", role="status"),
        element(
            "table",
            element(
                "thead",
                element(
                    "tr",
                    [
                        element(
                            "th",
                            element("button", label, type="button"),
                            scope="col",
                            data_sort=name,
                        )
                        for name, label in _HEADS
                    ],
                ),
            ),
            element("tbody"),
            id="list",
            class_="list stacks",
            aria_labelledby="alerts",
            hidden=True,
        ),
        element("p", "No alert fits these filters.", id="nothing", hidden=True),
        element(
            "div",
            element("button", "Show 100 more", id="more-rows", type="button"),
            element("button", "Show 1,000 more", id="many-rows", type="button"),
            element("span", id="shown", class_="quiet"),
            id="more",
            class_="more",
            hidden=True,
        ),
        element("noscript", _without_script(alerts)),
        id="alerts-section",
        aria_labelledby="alerts",
    )


def _without_script(alerts: Alerts) -> Child:
    shown = alerts.rows[:MOST_WITHOUT_SCRIPT]
    rest = len(alerts.rows) - len(shown)
    return [
        element(
            "p",
            "Scripts are off here: the list cannot be sorted or opened. `redflags explain` shows "
            "the evidence of an order.",
        ),
        element(
            "table",
            element("tr", [element("th", head, scope="col") for _, head in _HEADS[:6]]),
            [
                element(
                    "tr",
                    element("td", bdi(row["order"])),
                    element("td", "stop" if row["stop"] else row["band"], f" {row['score']:.1f}"),
                    element("td", ", ".join(alerts.actions_of(row))),
                    element("td", " ".join(sentence(one["title"]) for one in alerts.rules_of(row))),
                    element("td", bdi(row["parties"])),
                    element("td", bdi(row["goods"])),
                )
                for row in shown
            ],
        ),
        element("p", f"and {counted(rest, 'more alert')}") if rest else None,
    ]


def _cases(report: Report, alerts: Alerts) -> Markup | None:
    count = len(report.cases)
    shown = [report.cases[number] for number in range(min(count, MOST_CASES))]
    participants = {
        row["order"]: [Participant.model_validate(one) for one in row["participants"]]
        for row in alerts.rows
        if row["participants"]
    }
    return cases_section(shown, participants, count)


def _missing(gaps: Gaps) -> Markup | None:
    ranked, others = gaps.ranked(), gaps.others
    if not ranked:
        return None
    items = [
        element("li", element("strong", sentence(gap.told)), " ", _lifts(gap.band_of))
        for gap in ranked[:MOST_GROUPS]
    ]
    rest = len(ranked) - MOST_GROUPS
    return element(
        "section",
        element("h2", "Missing facts that could lift an order", id="missing"),
        element("ul", items),
        element("p", f"and {counted(rest, 'further group')} of missing facts")
        if rest > 0
        else None,
        element(
            "p",
            f"{counted(len(others), 'order')} also could not be judged by every rule; no cell that "
            "is empty or not understood would alone lift the band.",
            class_="quiet",
        )
        if others
        else None,
        aria_labelledby="missing",
    )


def _lifts(band_of: Mapping[str, str]) -> list[Child]:
    told: list[Child] = []
    for band in reversed(BAND_NAMES):
        orders = [order for order, lifted in band_of.items() if lifted == band]
        if orders:
            noun = "order" if len(orders) == 1 else "orders"
            told.append(
                element("span", f"Could lift {noun} ", bdi(_orders(orders)), f" to {band}. ")
            )
    return told


def _orders(orders: Sequence[str] | Iterable[str]) -> str:
    return listed(orders, MOST_ORDERS)
