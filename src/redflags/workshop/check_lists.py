"""Checks of lists, and of names that nothing uses."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from redflags.diagnostics import Place
from redflags.model.kinds import KINDS
from redflags.rulebook.findings import quoted
from redflags.rulebook.operators import comparison_key, is_under
from redflags.rulebook.tree import Entry, LimitTable, Named, Rule, RuleList, Test
from redflags.workshop.checks import ADVICE, ERROR, Raised, check
from redflags.workshop.extents import MOST_VALUES
from redflags.workshop.subject import Subject, list_of

MOST_YEARS = 2
"""Years after which a list that is kept up by somebody counts as stale (judgement)."""


def _when(entry: Entry) -> tuple[object, ...]:
    return (entry.since, entry.until, tuple(sorted(_chosen_by(entry).items())))


def _chosen_by(entry: Entry) -> dict[str, str]:
    """The attributes by which rules choose entries; remarks are none."""
    return {key: text for key, text in entry.attributes.items() if key not in ("note", "source")}


@check("RL601", "an entry that stands in the list twice", ERROR)
def duplicate_entry(subject: Subject) -> Iterator[Raised]:
    """Two entries of a list are the same once they are read: upper and lower case, accents, forms
    of a firm's name, spellings of a country. One is lost effort, and whoever deletes the other will
    think it is gone.

    To do: delete one of the two.

    Bad:

        lists:
          transshipment-points:
            kind: country
            source: judgement
            vintage: "2026-11"
            entries: [Türkiye, AE, TR]

    Good:

        lists:
          transshipment-points:
            kind: country
            source: judgement
            vintage: "2026-11"
            entries: [Türkiye, AE]
    """
    for listed in subject.lists:
        places = subject.entry_places(listed)
        if not places:  # a shipped table, whose rows differ in columns that are not read here
            continue
        key = comparison_key(KINDS[listed.kind])
        seen: dict[object, Entry] = {}
        for number, entry in enumerate(listed.entries):
            same = (key(entry.value), _when(entry))
            first = seen.setdefault(same, entry)
            if first is not entry:
                message = (
                    f"the entry {quoted(entry.written)} is the same as {quoted(first.written)}"
                )
                yield Raised(message, places[number], listed.name)


@check("RL602", "a code below another entry", ADVICE)
def code_below_another(subject: Subject) -> Iterator[Raised]:
    """A code stands for everything below it. An entry that lies below another one of the same list,
    with the same dates and attributes, changes nothing.

    To do: delete the longer code, or the shorter one if it was meant to be narrow.

    Bad:

        lists:
          pigments:
            kind: tariff-code
            source: judgement
            vintage: "2026-11"
            entries: ["3212", "321290"]

    Good:

        lists:
          pigments:
            kind: tariff-code
            source: judgement
            vintage: "2026-11"
            entries: ["3212"]
    """
    for listed in subject.lists:
        kind = KINDS[listed.kind]
        places = subject.entry_places(listed)
        if not kind.is_code or not places or len(listed.entries) > MOST_VALUES:
            continue
        key = comparison_key(kind)
        above = {(key(one.value), _when(one)): one for one in listed.entries}
        for number, entry in enumerate(listed.entries):
            value = key(entry.value)
            for length in range(1, len(value)):
                wider = above.get((value[:length], _when(entry)))
                if wider is not None and is_under(value, value[:length], kind):
                    message = f"the entry {quoted(entry.written)} lies below "
                    message += quoted(wider.written)
                    yield Raised(message, places[number], listed.name)
                    break


@check("RL603", "a list without a vintage", ADVICE)
def no_vintage(subject: Subject) -> Iterator[Raised]:
    """The list does not say as of when it is. Nobody can tell whether it is out of date.

    To do: add `vintage`, the month in which the entries were last gone through.

    Bad:

        lists:
          cash-trades:
            kind: business
            source: judgement
            entries: [money-exchange, jeweller]

    Good:

        lists:
          cash-trades:
            kind: business
            source: judgement
            vintage: "2026-11"
            entries: [money-exchange, jeweller]
    """
    for listed in subject.lists:
        if not listed.vintage:
            yield Raised("the list has no `vintage`", _name_place(subject, listed), listed.name)


def _name_place(subject: Subject, listed: RuleList) -> Place:
    return subject.name_place("lists", listed.name) or listed.place


_VINTAGE = re.compile(r"(?P<year>[12][0-9]{3})(?:-(?P<month>[01][0-9]))?(?:-[0-3][0-9])?", re.ASCII)


@check("RL604", "a stale list", ADVICE)
def stale_list(subject: Subject) -> Iterator[Raised]:
    """The list was last gone through more than two years ago, counted to today or `--as-of`.
    Trades, places and measures change. A list that is as old as the document of the pack that it
    was taken from is no staler than the document, and is left alone; so is a list that takes a
    shipped table, which comes new with the program.

    To do: go through the entries and set the vintage to this month.

    Bad:

        lists:
          transshipment-points:
            kind: country
            source: judgement
            vintage: "2019-03"
            entries: [AE]

    Good:

        lists:
          transshipment-points:
            kind: country
            source: judgement
            vintage: "2026-11"
            entries: [AE]
    """
    for listed in subject.lists:
        if not subject.entry_places(listed):
            continue
        found = _VINTAGE.fullmatch(listed.vintage)
        if found is None or _is_of_document(subject, listed, found["year"]):
            continue
        month = int(found["month"] or 12)
        months = (subject.as_of.year - int(found["year"])) * 12 + subject.as_of.month - month
        if months > 12 * MOST_YEARS:
            message = f"the list is of {quoted(listed.vintage)}, {months // 12} years old"
            yield Raised(message, _name_place(subject, listed), listed.name)


def _is_of_document(subject: Subject, listed: RuleList, year: str) -> bool:
    documents = (one for pack in subject.reading.book.packs for one in pack.sources)
    return any(one.id == listed.source and year in one.year for one in documents)


@check("RL605", "entries that all have ended", ADVICE)
def ended_list(subject: Subject) -> Iterator[Raised]:
    """Every entry of the list has an end that lies before today or `--as-of`. For new orders the
    list is empty.

    To do: add what holds today, or delete the list.

    Bad:

        lists:
          measures:
            kind: country
            source: judgement
            vintage: "2026-11"
            entries:
              - {value: AE, until: 2010-12-31}

    Good:

        lists:
          measures:
            kind: country
            source: judgement
            vintage: "2026-11"
            entries:
              - {value: AE, from: 2010-12-31}
    """
    for listed in subject.lists:
        ends = [entry.until for entry in listed.entries]
        last = max((end for end in ends if end is not None), default=datetime.date.max)
        if None not in ends and last < subject.as_of:
            message = f"the last entry ended on {last.isoformat()}"
            yield Raised(message, _name_place(subject, listed), listed.name)


class _Used:
    """The full names of the lists, conditions and tables that anything uses."""

    def __init__(self, subject: Subject) -> None:
        self.lists: set[str] = set()
        self.conditions: set[str] = set()
        self.tables: set[str] = set()
        book, library = subject.reading.book, subject.reading.library
        for pack in book.packs:
            for rule in pack.rules:
                self._see(rule.when, pack.id)
                for block in _blocks_across(rule):
                    self._see(block, pack.id)
                for lowering in rule.lowers:
                    self._see(lowering.when, pack.id)
            for mitigation in pack.mitigations:
                self._see(mitigation.when, pack.id)
        for name, named in library.conditions.items():
            if named is not None:
                self._see(named.block, name.partition("/")[0])
        for name, table in library.tables.items():
            if isinstance(table, LimitTable) and table.extends:
                self.tables.add(name)

    def _see(self, condition: object, pack: str) -> None:
        for part in _shallow(condition):
            if isinstance(part, Named):
                self.conditions.add(part.name)
            elif isinstance(part, Test):
                name = list_of(part, pack)
                if name is not None:
                    self.lists.add(name)
                if isinstance(part.operand, LimitTable):
                    self.tables.add(part.operand.name)


def _blocks_across(rule: Rule) -> Iterator[object]:
    """The blocks in what a rule asks of several orders together."""
    if rule.across is not None:
        yield rule.across.where
        yield from (having.block for having in rule.across.having)


def _shallow(condition: object) -> Iterator[object]:
    """A condition and its parts; of named ones only the name, since they are seen themselves."""
    waiting = [condition]
    while waiting:
        one = waiting.pop()
        yield one
        if not isinstance(one, Test | Named):
            waiting.extend(getattr(one, "parts", ()))


def _used(subject: Subject) -> _Used:
    found: _Used | None = subject.remembered.get("used")
    if found is None:
        found = subject.remembered["used"] = _Used(subject)
    return found


@check("RL606", "a list that nothing uses", ADVICE, is_whole=True)
def unused_list(subject: Subject) -> Iterator[Raised]:
    """No rule, condition or mitigation in force refers to the list. Whoever keeps it up to date
    believes that it does something.

    To do: use it or delete it.

    Bad:

        lists:
          cash-trades:
            kind: business
            source: judgement
            vintage: "2026-11"
            entries: [money-exchange, jeweller]
        rules: []

    Good:

        lists:
          cash-trades:
            kind: business
            source: judgement
            vintage: "2026-11"
            entries: [money-exchange, jeweller]
        rules:
          - id: turbine-for-a-cash-trade
            title: Turbine engine for a trade that works with cash
            severity: low
            fact: trade
            when:
              product.family: turbojet-engine
              buyer.business: {in_list: cash-trades}
    """
    for listed in subject.lists:
        if listed.name not in _used(subject).lists:
            place = _name_place(subject, listed)
            yield Raised("nothing uses the list", place, listed.name)


@check("RL607", "a condition that nothing uses", ADVICE, is_whole=True)
def unused_condition(subject: Subject) -> Iterator[Raised]:
    """No rule, mitigation or other condition in force holds this named condition.

    To do: use it or delete it.

    Bad:

        conditions:
          in-bulk:
            quantity.scale: bulk
        rules: []

    Good:

        conditions:
          in-bulk:
            quantity.scale: bulk
        rules:
          - id: paste-in-bulk
            title: Aluminium paste in bulk
            severity: low
            fact: scale
            when: {product.family: aluminium-paste, holds: in-bulk}
    """
    for named in subject.conditions:
        if named.name not in _used(subject).conditions:
            yield Raised("nothing holds the condition", named.place, named.name)


@check("RL608", "a table that nothing uses", ADVICE, is_whole=True)
def unused_table(subject: Subject) -> Iterator[Raised]:
    """No comparison in force takes its limit from the table. (Tables of fits and scales, and those
    that extend another, are always in use.)

    To do: use it or delete it.

    Bad:

        tables:
          lots:
            kind: quantity
            source: judgement
            rows:
              - {product.family: urea, limit: 5 t}
        rules: []

    Good:

        tables:
          lots:
            kind: quantity
            source: judgement
            rows:
              - {product.family: urea, limit: 5 t}
        rules:
          - id: more-than-the-usual-lot
            title: More than the usual lot
            severity: low
            fact: scale
            when: {quantity: {more_than: {table: lots}}}
    """
    for name, table in subject.reading.library.tables.items():
        if table is None or name.partition("/")[0] not in subject.given:
            continue
        if name not in _used(subject).tables:
            place = subject.name_place("tables", name) or table.place
            yield Raised("nothing uses the table", place, name)
