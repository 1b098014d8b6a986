"""Cases for people: a short list under the alerts, and one case in full."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TextIO

from redflags.model.cases import Case, CaseAsk, CaseFlag, CaseOrder, CaseParty
from redflags.model.report import Cases
from redflags.writers.page import Page, counted, listed, sentence, where

MOST_CASES = 10
MOST_ORDERS = 12
MOST_PARTIES = 5
MOST_FAMILIES = 6
MOST_LINKS = 3
"""What the list under the alerts shows of cases, and of each of them."""

MOST_PARTIES_IN_FULL = 100
MOST_LINKS_IN_FULL = 100
MOST_FLAGS = 3
MOST_QUESTIONS = 30
"""What the page of one case shows of its parties and links, of the flags of each order, and of the
questions to one and the same; the JSON report has all."""

_LINKS = {
    "party": "party",
    "address": "address",
    "phone": "telephone",
    "email": "e-mail",
    "website": "web site",
    "registration": "number",
    "payer": "payer",
    "director": "director",
    "window": "rule",
}


def write_cases(cases: Cases, page: Page, command: Callable[[str], str]) -> None:
    """Write the cases in short, where there are any. ``command`` gives the command that shows the
    case of an id in full."""
    if not cases:
        return
    page.blank()
    page.heading(f"{counted(len(cases), 'case')}: alerts whose parties are the same or linked")
    for rank, case in enumerate(cases[:MOST_CASES], start=1):
        if rank > 1:
            page.blank()
        _in_short(rank, case, page)
    if len(cases) > MOST_CASES:
        page.paragraph(f"and {counted(len(cases) - MOST_CASES, 'more case')} (-f json has all)")
    page.blank()
    page.paragraph("The orders of a case in time, its parties and questions:", style="quiet")
    page.paragraph(command(cases[0].case_id), style="quiet", indent=4)


def _in_short(rank: int, case: Case, page: Page) -> None:
    number = f"{rank}."
    page.spread(
        [
            (f"{number:<3} {', '.join(case.action).upper() or 'NO ACTION'}", "bold"),
            (_grade(case), "stop" if case.stop else case.band),
            (f"case {case.case_id}", "bold"),
            (_span(case), "quiet"),
        ]
    )
    _told(page, "orders", listed(case.orders, MOST_ORDERS))
    parties = [_party(one) + _times(one) for one in case.parties]
    _told(page, "parties", listed(parties, MOST_PARTIES) or "not stated")
    if case.families:
        families = [one.title for one in case.families]
        _told(page, "goods", listed(families, MOST_FAMILIES))
    links = [sentence(link.sentence) for link in case.links]
    for place, told in enumerate(links[:MOST_LINKS]):
        _told(page, "" if place else "linked", told)
    if len(links) > MOST_LINKS:
        _told(page, "", f"and {counted(len(links) - MOST_LINKS, 'more link')}")


def _told(page: Page, label: str, text: str) -> None:
    page.labelled(label, text, indent=4, label_style="quiet")


def write_case(case: Case, stream: TextIO, *, width: int | None = None) -> None:
    """Write one case with its orders in time, parties, links, evidence and questions, for a person
    at a terminal or a text file."""
    page = Page(stream, width=width)
    page.heading(f"Case {case.case_id}")
    page.labelled("action", ", ".join(case.action).upper() or "none", style="bold")
    grade = f"{'stop; ' if case.stop else ''}{case.band}, score {case.score:.1f} of 100"
    page.labelled("band", grade, style="stop" if case.stop else case.band)
    page.labelled("orders", _span(case))
    _links(case, page)
    _parties(case.parties, page)
    for told in case.perhaps_same:
        page.labelled("perhaps", sentence(told))
    for told in case.left_out:
        page.labelled("no link", sentence(told), style="quiet", label_style="quiet")
    _orders(case, page)
    _goods(case, page)
    _evidence(case, page)
    _questions(case.ask, page)
    page.blank()
    page.paragraph(
        "A case says that orders belong together, not that anything is wrong with a party. A score "
        "orders by urgency; it is no probability.",
        style="quiet",
    )


def _links(case: Case, page: Page) -> None:
    page.blank()
    page.heading("Why these orders belong together")
    for link in case.links[:MOST_LINKS_IN_FULL]:
        page.labelled(_LINKS[link.kind], sentence(link.sentence), label_style="bold")
    if len(case.links) > MOST_LINKS_IN_FULL:
        page.labelled("", f"and {counted(len(case.links) - MOST_LINKS_IN_FULL, 'more link')}")


def _parties(parties: Sequence[CaseParty], page: Page) -> None:
    page.blank()
    page.heading("Parties")
    for one in parties[:MOST_PARTIES_IN_FULL]:
        spellings = f"; also written {listed(one.also_written, 5)}" if one.also_written else ""
        page.labelled(counted(one.orders, "order"), _party(one) + spellings, label_style="quiet")
    if len(parties) > MOST_PARTIES_IN_FULL:
        page.labelled("", f"and {counted(len(parties) - MOST_PARTIES_IN_FULL, 'other')}")


def _orders(case: Case, page: Page) -> None:
    page.blank()
    page.heading("Orders in time")
    titles = {flag.rule: flag.title for flag in case.flags}
    files = {line.file for order in case.timeline for line in order.lines}
    for order in case.timeline:
        _order(order, titles, page)
    if files - {None}:
        how = "The evidence of each order: redflags explain FILE --order ID"
        page.paragraph(how, style="quiet")


def _order(order: CaseOrder, titles: dict[str, str], page: Page) -> None:
    grade = f"{order.band} {order.score:.1f}" if order.alert else "no flag of its own"
    if order.stop:
        grade = f"STOP, score {order.score:.1f}" if order.score else "STOP"
    page.spread(
        [
            (order.date or "no date", "bold"),
            (f"order {order.order_id}", "bold"),
            (grade, "stop" if order.stop else order.band),
            (where(order.lines), "quiet"),
        ]
    )
    if order.parties:
        page.labelled("parties", order.parties, indent=3, label_style="quiet")
    if order.goods:
        page.labelled("goods", order.goods, indent=3, label_style="quiet")
    if order.flags:
        told = " ".join(sentence(titles.get(rule, rule)) for rule in order.flags[:MOST_FLAGS])
        more = len(order.flags) - MOST_FLAGS
        told += f" And {counted(more, 'more flag')}." if more > 0 else ""
        page.labelled("flags", told, indent=3, label_style="quiet")


def _goods(case: Case, page: Page) -> None:
    if not case.families:
        return
    page.blank()
    page.heading("Goods")
    for one in case.families:
        first = one.first_date or one.last_date or "no date"
        page.labelled(first, f"{one.title} ({listed(one.orders, MOST_ORDERS)})", label_width=12)


def _evidence(case: Case, page: Page) -> None:
    page.blank()
    page.heading("How the score comes about (bits of evidence; each fact once over all orders)")
    beside: list[CaseFlag] = []
    for flag in case.flags:
        if flag.kind == "stop":
            page.labelled("stop", f"{sentence(flag.title)} Not scored: it comes first.")
        elif flag.share > 0:
            page.labelled(
                f"+{flag.share / 1000:.3f}",
                f"{sentence(flag.title)} ({flag.fact}; {listed(flag.orders, MOST_ORDERS)})",
                label_style="bold",
            )
        else:
            beside.append(flag)
    page.labelled(
        f"= {case.bits / 1000:.3f}",
        f"score 100 · (1 − 2^−{case.bits / 1000:.3f}) = {case.score:.1f}, band {case.band}",
        label_style="bold",
    )
    if beside:
        told = " ".join(sentence(flag.title) for flag in beside)
        page.labelled("also", f"{told} (adds nothing to the score)", style="quiet")


def _questions(questions: Sequence[CaseAsk], page: Page) -> None:
    if not questions:
        return
    page.blank()
    page.heading("Questions to ask before the goods leave")
    of_whom = {one.of: [other for other in questions if other.of == one.of] for one in questions}
    for of, asked in of_whom.items():
        for number, one in enumerate(asked[:MOST_QUESTIONS]):
            page.labelled("" if number else of, one.text, label_style="bold")
        if len(asked) > MOST_QUESTIONS:
            page.labelled("", f"and {counted(len(asked) - MOST_QUESTIONS, 'more question')}")
    if "customer" in of_whom:
        page.paragraph("Asking the customer can tip him off; ask the others first.", style="quiet")


def _grade(case: Case) -> str:
    if case.stop:
        return f"STOP, score {case.score:.1f}" if case.bits else "STOP"
    return f"{case.band} {case.score:.1f}"


def _span(case: Case) -> str:
    orders = counted(len(case.orders), "order")
    if case.first_date is None or case.last_date is None:
        return f"{orders} without a date"
    if case.first_date == case.last_date:
        return f"{orders} of {case.first_date}"
    return f"{orders}, {case.first_date} to {case.last_date}"


def _party(party: CaseParty) -> str:
    roles = _roles(party.roles)
    inner = ", ".join(part for part in (party.country, roles) if part)
    return f"{party.name} ({inner})" if inner else party.name


def _roles(roles: Iterable[str]) -> str:
    return " and ".join(role.replace("_", " ") for role in roles)


def _times(party: CaseParty) -> str:
    return f" in {counted(party.orders, 'order')}" if party.orders > 1 else ""
