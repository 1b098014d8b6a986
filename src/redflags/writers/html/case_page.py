"""A case file as a page: to read, to print, to fill in by hand, and to keep."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TextIO

from redflags.model.case_file import CaseFile
from redflags.model.results import Assessment, ConditionEvidence, Flag, Participant
from redflags.weights import BAND_NAMES
from redflags.writers.case_file import DECISION, DOES_NOT_SAY, KEPT_LONGER
from redflags.writers.html.cases_section import case_facts, links_of, parties_table, timeline
from redflags.writers.html.elements import Child, Markup, asset, bdi, clean, element, framed, page
from redflags.writers.html.pictures import country_name, flow, network, role_name
from redflags.writers.html.run_section import facts, inputs_table, rules_table, table
from redflags.writers.local_changes import changed_text
from redflags.writers.page import counted, listed, sentence, where

_MARKS = {"true": "✓ holds", "false": "✗ does not", "unknown": "? unknown"}


def write_case_page(file: CaseFile, stream: TextIO) -> None:
    """Write the case file as one page without any script."""
    title = f"Case file: {file.about} {file.id}"
    for piece in page(title, _body(file), style=asset("style.css")):
        stream.write(piece)


def _body(file: CaseFile) -> Child:
    several = len(file.orders) > 1
    return [
        element(
            "header",
            element("h1", f"Case file: {file.about} ", bdi(file.id)),
            facts(_head(file)),
            element("div", element("p", DOES_NOT_SAY), class_="note", role="note"),
        ),
        element(
            "main",
            _case(file),
            [_order(one, several=several) for one in file.orders],
            _questions(file, several=several),
            _decision(),
            _sources(file),
            element(
                "section",
                element("h2", "What this rests on"),
                rules_table(file.run),
                inputs_table(file.run),
            ),
        ),
    ]


def _head(file: CaseFile) -> list[tuple[str, Child]]:
    years = f"{file.keep_years} years from the end of the year of the check, {KEPT_LONGER}"
    return [
        ("Checked", f"as of {file.as_of}" if file.as_of else "no day was set"),
        ("Keep at least until", f"{file.keep_until} ({years})" if file.keep_until else "not known"),
        ("Made by", f"redflags {file.run.version}"),
        ("Orders", bdi(listed([one.order_id for one in file.orders], 12) or "none")),
    ]


def _case(file: CaseFile) -> Markup | None:
    case = file.case
    if case is None:
        return None
    participants: Mapping[str, tuple[Participant, ...]] = {
        clean(one.order_id): one.participants for one in file.orders
    }
    head = "The case" if file.about == "case" else "The case that it belongs to"
    return element(
        "section",
        element("h2", head, " ", element("code", case.case_id)),
        facts(case_facts(case)),
        network(case, participants) if file.about == "case" else None,
        element("h3", "Parties"),
        parties_table(case),
        links_of(case),
        timeline(case),
    )


def _order(order: Assessment, *, several: bool) -> Markup:
    word = "stop" if order.stop else order.band
    rows: list[tuple[str, Child]] = [
        ("Action", ", ".join(order.action) or "none"),
        ("Urgency", f"score {order.score:.1f} of 100; {order.bits / 1000:.3f} bits of evidence"),
        ("Parties", framed(order.parties or "not stated")),
        ("Goods", bdi(order.goods or "not stated")),
    ]
    if order.date:
        rows.append(("Date", order.date))
    if where(order.lines):
        rows.append(("Where", bdi(where(order.lines, most=50))))
    if order.fingerprint:
        rows.append(("Fingerprint", element("code", order.fingerprint)))
    return element(
        "section",
        element(
            "h2",
            "Order ",
            bdi(order.order_id),
            " ",
            element("span", word, class_=f"chip {word}"),
        ),
        facts(rows),
        flow(order.participants, order.destination),
        _participants(order),
        element("h3", counted(len(order.flags), "flag") + ", the strongest first"),
        [_flag(flag) for flag in order.flags],
        _what_if(order),
        _incompletes(order),
    )


def _participants(order: Assessment) -> Markup | None:
    if not order.participants:
        return None
    return table(
        ("Role", "Name", "Trade", "Place"),
        [
            (
                role_name(one.role),
                bdi(one.name or "not stated"),
                bdi(one.business or "not stated"),
                bdi(
                    ", ".join(part for part in (one.city, country_name(one.country)) if part)
                    or "not stated"
                ),
            )
            for one in order.participants
        ],
        "Parties, as the order states them",
    )


def _flag(flag: Flag) -> Markup:
    word = "stop" if flag.kind == "stop" else flag.severity or "sign"
    share = "not scored" if flag.kind == "stop" else f"adds {flag.share / 1000:.3f} bits"
    return element(
        "article",
        element(
            "h4",
            element("span", word, class_=f"chip {word}"),
            " ",
            sentence(flag.title),
        ),
        element("p", f"{share}; rule ", element("code", flag.rule), class_="quiet"),
        element("p", " ".join(flag.why.split())) if flag.why else None,
        table(
            ("Verdict", "Condition", "Written", "Understood", "Where"),
            [_condition(one) for one in flag.conditions],
            "What the rule asks and what the order says",
        )
        if flag.conditions
        else element("p", bdi(sentence(flag.sentence))),
        _window(flag.model_dump().get("window")),
        [
            element("p", f"Counts less, −{one.by / 1000:.3f} bits: ", bdi(sentence(one.because)))
            for one in flag.lowered
        ],
        [element("p", bdi(changed_text(one, flag.rule))) for one in flag.shaped_by],
        class_="flag",
    )


def _window(found: dict[str, Any] | None) -> list[Markup] | None:
    """What a rule across orders counted, and over which orders."""
    if not found:
        return None
    days = " to ".join(dict.fromkeys(day for day in (found["first"], found["last"]) if day))
    told = [element("p", bdi(sentence(one))) for one in found["sentences"]]
    told.append(
        element(
            "p",
            f"Over {counted(found['count'], 'order')} with the same ",
            bdi(found["key"]),
            f", {days}: " if days else ": ",
            bdi(listed(found["orders"], 50)),
            class_="quiet",
        )
    )
    told += [
        element(
            "p", bdi(f"{one['one']} and {one['other']} share the {one['by']}: {one['written']}")
        )
        for one in found["links"]
    ]
    return told


def _condition(one: ConditionEvidence) -> tuple[Child, ...]:
    understood: list[Child] = [bdi(one.understood) if one.understood is not None else "unknown"]
    if one.how:
        understood.append(element("small", " (", bdi(one.how), ")"))
    if one.assumed:
        understood.append(element("small", " assumed: ", bdi(one.assumed)))
    place = where([one.place])
    return (
        _MARKS[one.verdict],
        bdi(sentence(one.sentence)),
        bdi(one.written) if one.written else "not stated",
        understood,
        bdi(" ".join(part for part in (place, one.column) if part)),
    )


def _what_if(order: Assessment) -> Markup | None:
    """What would change the assessment, where it was worked out."""
    found = order.what_if
    if found is None:
        return None
    told = [one.sentence for one in found.counterfactuals]
    asked = [one.sentence for one in found.worth_asking]
    above = order.stop or BAND_NAMES.index(order.band) >= BAND_NAMES.index(found.line)
    if not asked and not above:
        return None
    none = (
        "No small set of facts was found that would."
        if found.is_complete
        else "No set of facts was found that would; not all were tried."
    )
    return element(
        "section",
        [
            element("h3", f"What would bring it below {found.line}"),
            element("ul", [element("li", bdi(sentence(one))) for one in told])
            if told
            else element("p", none),
        ]
        if above
        else None,
        [
            element("h3", "Missing facts worth asking for"),
            element("ul", [element("li", bdi(sentence(one))) for one in asked]),
        ]
        if asked
        else None,
    )


def _incompletes(order: Assessment) -> Markup | None:
    if not order.incomplete:
        return None
    lifting = [one for one in order.incomplete if one.would_lift]
    rest = len(order.incomplete) - len(lifting)
    return element(
        "section",
        element("h3", "Could not be judged"),
        element(
            "ul",
            [
                element("li", sentence(one.title), " ", bdi(sentence("; ".join(one.because))))
                for one in lifting
            ],
        )
        if lifting
        else element("p", "No missing fact would alone lift the band."),
        element(
            "p",
            f"{counted(rest, 'more rule')} could not be judged and would not lift the band; the "
            "case file in JSON names them.",
            class_="quiet",
        )
        if rest
        else None,
    )


def _questions(file: CaseFile, *, several: bool) -> Markup | None:
    if not file.questions:
        return None
    return element(
        "section",
        element("h2", "Questions, and what came of them"),
        element("p", "Asking the customer can tip him off; ask the others first."),
        element(
            "ol",
            [
                element(
                    "li",
                    element("strong", f"Ask {role_name(one.of)}: "),
                    bdi(one.text),
                    element("span", " (orders ", bdi(listed(one.orders, 6)), ")", class_="quiet")
                    if several
                    else None,
                    element("div", one.answer or None, class_="answer"),
                    element(
                        "div",
                        element("span", "Answered by: ", bdi(one.by)),
                        element("span", "On: ", bdi(one.on)),
                        element("span", "Document: ", bdi(one.document)),
                        class_="signed",
                    ),
                    class_="question",
                )
                for one in file.questions
            ],
            class_="questions",
        ),
    )


def _decision() -> Markup:
    return element(
        "section",
        element("h2", DECISION),
        element("div", class_="answer tall"),
        element(
            "div",
            element("span", "Name: "),
            element("span", "On: "),
            element("span", "Signature: "),
            class_="signed",
        ),
        class_="question",
    )


def _sources(file: CaseFile) -> Markup | None:
    if not file.sources:
        return None
    items = []
    for one in file.sources:
        told = one.title or one.document
        year = f" ({one.year})" if one.year and one.year not in told else ""
        flags = f", flags {', '.join(one.flags)}" if one.flags else ""
        items.append(element("li", bdi(told + year + flags)))
    return element("section", element("h2", "Sources"), element("ul", items))
