"""Cases on a page: who takes part in which order, what links them, the questions to put."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from redflags.model.cases import Case
from redflags.model.results import Participant
from redflags.writers.html.elements import Child, Markup, bdi, element
from redflags.writers.html.pictures import (
    LETTERS,
    country_name,
    in_address,
    lettered,
    network,
    role_name,
)
from redflags.writers.html.run_section import facts, table
from redflags.writers.page import counted, listed, sentence

MOST_CASES = 100
"""Cases that a report shows, the most urgent."""

MOST_ASKED = 40


def cases_section(
    cases: Iterable[Case], participants: Mapping[str, Iterable[Participant]], count: int
) -> Markup | None:
    """The cases of a report, each folded; None where there is none."""
    if not count:
        return None
    return element(
        "section",
        element("h2", "Cases: alerts that belong together", id="cases"),
        element(
            "p",
            "Orders stand together here because their parties are the same or share a detail. "
            "That is a reason to look at them together, and no more than that.",
        ),
        [_case(one, participants) for one in cases],
        element(
            "p", f"The {MOST_CASES} most urgent are shown; {count - MOST_CASES:,} more are in JSON."
        )
        if count > MOST_CASES
        else None,
        aria_labelledby="cases",
    )


def grade(case: Case) -> Markup:
    """How urgent a case is, as a word in its colour."""
    word = "stop" if case.stop else case.band
    return element("span", word, class_=f"chip {word}")


def _case(case: Case, participants: Mapping[str, Iterable[Participant]]) -> Markup:
    return element(
        "details",
        element(
            "summary",
            grade(case),
            f" {case.score:.1f} · {counted(len(case.orders), 'order')} · ",
            bdi(listed([one.name or "name not stated" for one in case.parties], 3)),
            " · ",
            element("code", case.case_id),
        ),
        facts(case_facts(case)),
        network(case, participants, follow=True),
        links_of(case),
        timeline(case, follow=True),
        _questions(case),
        class_="case card",
    )


def case_facts(case: Case) -> list[tuple[str, Child]]:
    """What a case is, in a few lines."""
    dates = [one for one in (case.first_date, case.last_date) if one]
    told: list[tuple[str, Child]] = [
        ("Action", ", ".join(case.action) or "none"),
        ("Urgency", [grade(case), f" score {case.score:.1f} of 100, each fact counted once"]),
        ("Time", " to ".join(dict.fromkeys(dates)) or "not known"),
        ("Goods", bdi(listed([one.title for one in case.families], 8) or "of no listed family")),
    ]
    if case.perhaps_same:
        told.append(("Perhaps one firm", bdi("; ".join(case.perhaps_same))))
    if case.left_out:
        told.append(("Not counted as a link", bdi("; ".join(case.left_out))))
    return told


def links_of(case: Case) -> Markup:
    """Why the orders belong together, the links of the picture with their letters first."""
    letters = {id(link): letter for letter, link in zip(LETTERS, lettered(case), strict=False)}
    ordered = sorted(case.links, key=lambda link: letters.get(id(link), "~"))
    return element(
        "section",
        element("h3", "Why these orders belong together"),
        element(
            "ul",
            [
                element(
                    "li",
                    element("strong", f"{letters[id(link)]} ") if id(link) in letters else None,
                    bdi(sentence(link.sentence)),
                )
                for link in ordered
            ],
            class_="links",
        ),
    )


def timeline(case: Case, *, follow: bool = False) -> Markup:
    """The orders of a case in time."""

    def name(order_id: str, alert: bool) -> Child:
        told = bdi(order_id)
        if not follow or not alert:
            return told
        return element("a", told, href=f"#order={in_address(order_id)}")

    return element(
        "section",
        element("h3", "The orders in time"),
        table(
            ("Date", "Order", "Urgency", "Parties", "Goods"),
            [
                (
                    element("span", one.date or "not known", class_="short"),
                    name(one.order_id, one.alert),
                    f"{'stop' if one.stop else one.band} {one.score:.1f}",
                    bdi(one.parties),
                    bdi(one.goods),
                )
                for one in case.timeline
            ],
            "Orders of the case",
        ),
    )


def parties_table(case: Case) -> Markup:
    """The parties of a case, with their roles and spellings."""
    return table(
        ("Party", "Country", "Roles", "Orders", "Also written"),
        [
            (
                bdi(one.name or "name not stated"),
                bdi(country_name(one.country)) if one.country else "not stated",
                ", ".join(map(role_name, one.roles)),
                f"{one.orders:,}",
                bdi("; ".join(one.also_written)),
            )
            for one in case.parties
        ],
        "Parties of the case",
    )


def _questions(case: Case) -> Markup | None:
    if not case.ask:
        return None
    asked = sorted(case.ask, key=lambda one: one.of == "customer")
    rest = len(asked) - MOST_ASKED
    return element(
        "details",
        element("summary", f"{counted(len(asked), 'question')} to ask, each once"),
        element(
            "ul",
            [
                element("li", element("strong", f"{role_name(one.of)}: "), bdi(one.text))
                for one in asked[:MOST_ASKED]
            ],
        ),
        element("p", f"and {counted(rest, 'more question')}") if rest > 0 else None,
    )
