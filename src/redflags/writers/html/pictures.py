"""Pictures of one order or case: how the goods go, and who takes part in which order when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from redflags import reference
from redflags.model.cases import Case, CaseLink, CaseParty
from redflags.model.fields import field_table
from redflags.model.results import Participant
from redflags.values.text import fold
from redflags.writers.html.elements import Child, Markup, bdi, clean, element

ROLES: Mapping[str, str] = {
    "intermediate_consignee": "by way of",
    "consignee": "goes to",
    "payer": "paid by",
}
"""What a picture calls a role where its name would not say enough."""

CARRY_NO_GOODS = frozenset({"payer", "bank", "forwarder"})
MOST_ORDERS = 40
MOST_PARTIES = 40
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def country_name(code: str) -> str:
    """The English name of a country; a text that is no code stays as it is."""
    return reference.countries().name(code)


def family_name(family: str) -> str:
    """What a family of goods is called; its id where it has no other name."""
    kind = field_table()["product.family"].kind
    vocabulary = (kind.element or kind).vocabulary
    return (vocabulary() if vocabulary is not None else {}).get(family, family)


def role_name(role: str) -> str:
    """What a role is called in a table."""
    return role.replace("_", " ")


def flow(participants: Sequence[Participant], destination: str) -> Markup | None:
    """Who takes part in an order, in the order of the goods; a border crossed is marked."""
    if not participants:
        return None
    steps: list[Child] = []
    before: str | None = None
    goods = [one for one in participants if one.role not in CARRY_NO_GOODS]
    for one in goods:
        crosses = bool(before and one.country and before != one.country)
        steps.append(element("li", None if before is None else _arrow(crosses), _party(one)))
        before = one.country or before or ""
    if destination and (destination != before or len(goods) < 2):
        box = element(
            "div",
            element("span", "destination", class_="role"),
            element("strong", bdi(country_name(destination))),
            class_="party place",
        )
        crosses = bool(before and before != destination)
        steps.append(element("li", None if before is None else _arrow(crosses), box))
    others = [one for one in participants if one.role in CARRY_NO_GOODS]
    return element(
        "figure",
        element("figcaption", "Who takes part, and how the goods go"),
        element("ol", steps, class_="flow"),
        element(
            "ul",
            [element("li", _party(one)) for one in others],
            class_="flow",
            aria_label="Who pays and carries",
        )
        if others
        else None,
    )


def _party(one: Participant) -> Markup:
    where = ", ".join(part for part in (one.city, country_name(one.country)) if part)
    told = [part for part in (one.name, one.business, where) if part]
    return element(
        "div",
        element("span", ROLES.get(one.role, role_name(one.role)), class_="role"),
        element("strong", bdi(told[0] if told else "not stated")),
        [element("span", bdi(part)) for part in told[1:]],
        None if one.name else element("span", "name not stated", class_="quiet"),
        class_="party money" if one.role in CARRY_NO_GOODS else "party",
        dir="auto",
    )


def _arrow(crosses: bool) -> Markup:
    return element(
        "span",
        element(
            "svg",
            element("path", d="M1 6H36"),
            element("path", d="M31 1.5 37 6 31 10.5"),
            viewBox="0 0 40 12",
            aria_hidden="true",
        ),
        "over a border" if crosses else element("span", "then", class_="seen-by-readers"),
        class_="step border" if crosses else "step",
    )


def network(
    case: Case, participants: Mapping[str, Iterable[Participant]], *, follow: bool = False
) -> Markup:
    """The parties of a case in rows, its orders in columns in time, a dot where a party takes part
    in an order, and an arc with a letter for each detail that parties share.

    ``participants`` gives the parties of each order by its number as it is shown; ``follow`` makes
    the orders links to the list of a report.
    """
    orders = case.timeline[:MOST_ORDERS]
    parties = case.parties[:MOST_PARTIES]
    rows = {spelling: row for row, party in enumerate(parties) for spelling in _spellings(party)}
    left, step, lane, top = 250, max(44, min(110, 520 // max(1, len(orders)))), 30, 92
    right = left + step * len(orders)
    bottom = top + lane * len(parties)
    shapes: list[Child] = []
    for number, party in enumerate(parties):
        y = top + lane * number + lane / 2
        roles = ", ".join(map(role_name, party.roles[:2]))
        shapes += [
            element("line", class_="axis", x1=left, x2=right, y1=y, y2=y),
            element("text", _short(party.name or "name not stated", 32), x=0, y=y - 1),
            element(
                "text",
                _short(" · ".join(one for one in (roles, country_name(party.country)) if one), 36),
                x=0,
                y=y + 11,
                class_="faint small",
            ),
        ]
    for number, order in enumerate(orders):
        x = left + step * number + step / 2
        taking_part: dict[int, list[str]] = {}
        for one in participants.get(clean(order.order_id), ()):
            row = rows.get(fold(one.name)) if one.name else None
            if row is not None:
                taking_part.setdefault(row, []).append(role_name(one.role))
        name = element(
            "text", _short(order.order_id, max(6, step // 8)), x=x, y=32, text_anchor="middle"
        )
        if follow and order.alert:
            name = element("a", name, href=f"#order={in_address(order.order_id)}")
        goods = ", ".join(map(family_name, order.families))
        shapes += [
            element("text", order.date or "no date", x=x, y=14, text_anchor="middle",
                    class_="faint small"),
            name,
            element("text", _short(goods, max(8, step // 6)), x=x, y=48, text_anchor="middle",
                    class_="faint small"),
            element("rect", class_=f"fill-{'stop' if order.stop else order.band}",
                    x=x - 14, y=56, width=28, height=5),
            element("text", "stop" if order.stop else order.band, x=x, y=74, text_anchor="middle",
                    class_="small"),
        ]  # fmt: skip
        if taking_part:
            low, high = min(taking_part), max(taking_part)
            shapes.append(
                element(
                    "line", class_="joins", x1=x, x2=x,
                    y1=top + lane * low + lane / 2, y2=top + lane * high + lane / 2,
                )
            )  # fmt: skip
        for row, roles_here in sorted(taking_part.items()):
            shapes.append(
                element(
                    "circle",
                    element("title", f"{parties[row].name}: {', '.join(roles_here)}"),
                    cx=x,
                    cy=top + lane * row + lane / 2,
                    r=6,
                )
            )
    arcs = 0
    for letter, link in zip(LETTERS, lettered(case), strict=False):
        ends = sorted({rows[fold(name)] for name in link.parties if fold(name) in rows})
        if len(ends) < 2:
            continue
        x = right + 10 + 14 * (arcs % 6)
        y1, y2 = (top + lane * row + lane / 2 for row in (ends[0], ends[-1]))
        shapes += [
            element("path", class_="arc", d=f"M{right} {y1}H{x}V{y2}H{right}"),
            element("text", letter, x=x + 3, y=(y1 + y2) / 2 + 4, class_="small"),
        ]
        arcs += 1
    width = right + (110 if arcs else 10)
    more = []
    if len(case.timeline) > MOST_ORDERS:
        more.append(f"the first {MOST_ORDERS} of {len(case.timeline)} orders")
    if len(case.parties) > MOST_PARTIES:
        more.append(f"the first {MOST_PARTIES} of {len(case.parties)} parties")
    return element(
        "figure",
        element(
            "figcaption",
            "Who takes part in which order",
            element("small", "a dot: the party is in the order; a letter: a detail that is shared")
            if not more
            else element("small", "shown are " + " and ".join(more)),
        ),
        element(
            "div",
            element(
                "svg",
                element("title", f"Parties and orders of case {case.case_id}, as in the lists"),
                shapes,
                viewBox=f"0 0 {width} {bottom + 8}",
                role="group" if follow else "img",
                width=width,
            ),
            class_="scroller network",
            tabindex=0,
            role="group",
            aria_label="Parties and orders, picture",
        ),
    )


def lettered(case: Case) -> list[CaseLink]:
    """The links of a case that have a letter in the picture: those between several parties."""
    return [link for link in case.links if len(set(link.parties)) > 1]


def _spellings(party: CaseParty) -> set[str]:
    return {fold(name) for name in (party.name, *party.also_written) if fold(name)}


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def in_address(text: str) -> str:
    """A text within the part of an address after its #, where few characters mean anything."""
    from urllib.parse import quote

    return quote(clean(text), safe="")
