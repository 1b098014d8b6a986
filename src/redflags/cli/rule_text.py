"""Rules as text: a list, and one rule with its conditions, questions, sources and examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TextIO

from redflags.diagnostics import nearest
from redflags.errors import ConfigurationError
from redflags.rulebook.across_words import having_in_words, when_parts, window_in_words
from redflags.rulebook.changes import Change
from redflags.rulebook.tree import Across, Condition, Named, Rule, RuleBook, Test
from redflags.writers.explanation import citation
from redflags.writers.page import Page, counted

MOST_SHOWN = 5
"""Transactions beside an example that are shown."""

_GROUPS = {"all": "all of", "any": "any of", "none": "none of"}


def find_rule(book: RuleBook, name: str) -> Rule:
    """The rule of this name. Raises :class:`ConfigurationError` with the nearest name if none."""
    found = book.rule(name)
    if found is not None:
        return found
    several = [rule.name for rule in book.rules if rule.id == name]
    if several:
        raise ConfigurationError(f"several packs have a rule {name!r}: {', '.join(several)}")
    for change in switched_off(book):
        if name in (change.target, change.target.partition("/")[2]):
            raise ConfigurationError(
                f"the overlay {change.overlay} switches the rule {change.target} off: "
                f"{change.reason} ({change.place})"
            )
    legal = {rule.id: rule.name for rule in book.rules} | {
        rule.name: rule.name for rule in book.rules
    }
    close = nearest(name[:100], legal)
    help_ = f"did you mean {legal[close]}?" if close else "`redflags rules list` names them"
    raise ConfigurationError(f"there is no rule {name[:100]!r}; {help_}")


def switched_off(book: RuleBook) -> list[Change]:
    """The rules, packs and mitigations that overlays switch off, by full name."""
    changes = [change for overlay in book.overlays for change in overlay.changes]
    off = [change for change in changes if change.verb == "disable" and change.is_in_force]
    return sorted(off, key=lambda change: (change.target, change.place))


def write_list(book: RuleBook, stream: TextIO) -> None:
    """Every rule with its severity, base fact and title, pack by pack."""
    page = Page(stream)
    for number, pack in enumerate(book.packs):
        if number:
            page.blank()
        page.heading(f"{pack.id} {pack.version}: {pack.title} ({counted(len(pack.rules), 'rule')})")
        for rule in sorted(pack.rules, key=lambda rule: rule.id):
            grade = "stop" if rule.is_stop else f"{rule.severity}"
            page.labelled(grade, rule.title, label_style=grade)
            fact = f"   fact {rule.fact}" if rule.fact else ""
            page.labelled("", f"{rule.name}{fact}   {rule.status}{_shaped(rule)}", style="quiet")
    off = switched_off(book)
    if off:
        page.blank()
        page.heading("Switched off by overlays")
        for change in off:
            page.labelled(change.of, f"{change.target}: {change.reason}")
            page.labelled("", f"{change.overlay}   {change.place}", style="quiet")


def _shaped(rule: Rule) -> str:
    names = sorted({change.overlay for change in rule.shaped_by})
    return f"   changed by {', '.join(names)}" if names else ""


def write_rule(rule: Rule, stream: TextIO) -> None:
    """One rule in full."""
    page = Page(stream)
    page.heading(rule.title)
    page.labelled("rule", f"{rule.name} ({rule.status})")
    if rule.is_stop:
        page.labelled("kind", "stop: a prohibition, not scored")
    else:
        page.labelled(
            "kind",
            f"sign, {rule.severity}, weight {rule.weight} = {rule.bits / 1000:.3f} bits; fact "
            f"{rule.fact}",
        )
    if rule.why:
        page.labelled("why", " ".join(rule.why.split()))
    page.labelled("when", "all of these hold")
    for part in when_parts(rule):
        _condition(part, page, 1)
    if rule.across is not None:
        _across(rule.across, page)
    for lowering in rule.lowers:
        page.labelled("lowered by", f"{lowering.by}: {lowering.because}")
        for part in lowering.when.parts:
            _condition(part, page, 1)
    for ask in rule.ask:
        page.labelled("ask", f"{ask.of}: {ask.text}")
    for source in rule.sources:
        page.labelled(
            "source", citation(source.title or source.document, source.year, source.flags)
        )
    for example in rule.examples:
        told = f"{example.name}: {example.expect} ({_given(example.given)})"
        page.labelled("example", told + _beside(example.orders))
    for change in rule.shaped_by:
        own = "" if change.target == rule.name else f"{change.of} {change.target}: "
        page.labelled("changed", f"{own}{change.what}, by the overlay {change.overlay}")
        page.labelled("", f"{change.reason} ({change.place})", style="quiet")
    if rule.notes:
        page.labelled("notes", " ".join(rule.notes.split()))
    page.labelled("place", str(rule.place), style="quiet")


def _given(given: Mapping[str, str]) -> str:
    return ", ".join(f"{field}: {text}" for field, text in given.items())


def _beside(orders: Sequence[Mapping[str, str]]) -> str:
    """The other transactions of an example."""
    shown = [f"({_given(one)})" for one in orders[:MOST_SHOWN]]
    more = f" and {len(orders) - MOST_SHOWN} more" if len(orders) > MOST_SHOWN else ""
    return f", beside {', '.join(shown)}{more}" if shown else ""


def _across(across: Across, page: Page) -> None:
    page.labelled("across", f"the window holds {window_in_words(across)}")
    for having in across.having:
        page.paragraph(f"- asked for: {having_in_words(having)}", indent=11)
        if having.block is not None:
            for part in having.block.parts:
                _condition(part, page, 2)
    if across.where is not None:
        page.paragraph("- of transactions where", indent=11)
        for part in across.where.parts:
            _condition(part, page, 2)


def _condition(condition: Condition, page: Page, depth: int) -> None:
    indent = 11 + 2 * (depth - 1)
    if isinstance(condition, Test):
        operator = condition.operator.replace("_", " ")
        page.paragraph(f"- {condition.field} {operator} {condition.written}", indent=indent)
        return
    if isinstance(condition, Named):
        page.paragraph(f"- holds {condition.name}:", indent=indent)
        parts = condition.block.parts
    else:
        page.paragraph(f"- {_GROUPS[condition.kind]}:", indent=indent)
        parts = condition.parts
    for part in parts:
        _condition(part, page, depth + 1)
