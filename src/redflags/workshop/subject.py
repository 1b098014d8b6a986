"""What is under lint: the rule book as it was read, the places of its parts, and what is asked."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from redflags.diagnostics import Place
from redflags.engine.judge import Judge
from redflags.model.record import Record, record_of
from redflags.model.transaction import Transaction
from redflags.reference import rates_of
from redflags.rulebook.changes import Overlay
from redflags.rulebook.library import PackDraft
from redflags.rulebook.loader import Reading
from redflags.rulebook.tree import (
    Condition,
    Example,
    Group,
    ListReference,
    Named,
    Pack,
    Rule,
    RuleList,
    Test,
)
from redflags.rulebook.yaml_text import MappingNode, Node, SequenceNode
from redflags.workshop.allowances import Allowance
from redflags.workshop.reasoning import Reasoner


@dataclass(frozen=True, slots=True)
class Stated:
    """How often a file of orders states a field: in ``given`` of ``rows`` rows."""

    given: int
    rows: int


@dataclass
class Subject:
    """Everything that a check may ask.

    ``given`` are the ids of the packs under lint; the others are there to be compared with and
    referred to. ``as_of`` is the day on which vintages are judged; ``stated`` says how often a
    file of orders states each field, None where no file was given. ``allowances`` are the comments
    that allow findings, and ``allowed`` the places and codes of those that were needed.
    """

    reading: Reading
    given: frozenset[str]
    as_of: datetime.date
    stated: Mapping[str, Stated] | None = None
    allowances: tuple[Allowance, ...] = ()
    allowed: set[tuple[Place, str]] = field(default_factory=set)
    reasoner: Reasoner = field(default_factory=Reasoner)
    remembered: dict[str, Any] = field(default_factory=dict)

    @property
    def packs(self) -> tuple[Pack, ...]:
        """The packs under lint."""
        return tuple(pack for pack in self.reading.book.packs if pack.id in self.given)

    @property
    def overlays(self) -> tuple[Overlay, ...]:
        """The overlays under lint: all that were read."""
        return self.reading.book.overlays

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules under lint, in the order of their places."""
        found = [rule for pack in self.packs for rule in pack.rules]
        return tuple(sorted(found, key=lambda rule: (rule.place, rule.name)))

    @cached_property
    def all_rules(self) -> tuple[Rule, ...]:
        """Every rule in force, by name."""
        return self.reading.book.rules

    @property
    def lists(self) -> tuple[RuleList, ...]:
        """The lists under lint, in the order of their places."""
        found = [one for pack in self.packs for one in pack.lists]
        return tuple(sorted(found, key=lambda one: (one.place, one.name)))

    @property
    def drafts(self) -> Iterator[PackDraft]:
        """The packs under lint as they were written."""
        return (one for one in self.reading.library.packs.values() if one.id in self.given)

    @cached_property
    def conditions(self) -> tuple[Named, ...]:
        """The named conditions under lint."""
        found = self.reading.library.conditions
        return tuple(
            named
            for name, named in found.items()
            if named is not None and name.partition("/")[0] in self.given
        )

    @cached_property
    def judge(self) -> Judge:
        """A judge of the whole rule book, with the exchange rates of a check."""
        return Judge(self.reading.book, rates=rates_of(None))

    @cached_property
    def _records(self) -> dict[int, tuple[Record, ...]]:
        return {}

    def records(self, example: Example) -> tuple[Record, ...]:
        """The records of an example's order and of those beside it (see
        :func:`example_records`)."""
        key = id(example)
        if key not in self._records:
            self._records[key] = example_records(example)
        return self._records[key]

    @cached_property
    def _keys(self) -> dict[Place, dict[str, Place]]:
        """The places of the keys of every rule, by the place of the rule."""
        return {
            node.place: {key.value: key.place for key, _ in node.entries}
            for draft in self.drafts
            for node in draft.rules
            if isinstance(node, MappingNode)
        }

    def key_place(self, rule: Rule, key: str) -> Place:
        """Where a key of a rule stands; the rule's own place where it has none."""
        return self._keys.get(rule.place, {}).get(key, rule.place)

    def name_place(self, what: str, name: str) -> Place | None:
        """Where the name of a list, condition or table stands, by its full name."""
        pack, _, own = name.partition("/")
        for draft in self.drafts:
            if draft.id == pack:
                named: Mapping[str, tuple[Node, Node]] = getattr(draft, what)
                if own in named:
                    return named[own][0].place
        return None

    def entry_places(self, listed: RuleList) -> list[Place]:
        """The places of a list's entries; empty for one that takes a shipped table."""
        pack, _, own = listed.name.partition("/")
        for draft in self.drafts:
            if draft.id == pack and own in draft.lists:
                return written_entries(draft.lists[own][1])
        return []


def written_entries(node: Node) -> list[Place]:
    """The places of the entries of a list; none for one that takes a shipped table."""
    if isinstance(node, MappingNode):
        for key, value in node.entries:
            if key.value == "entries" and isinstance(value, SequenceNode):
                return [item.place for item in value.items]
    return []


def example_records(example: Example) -> tuple[Record, ...]:
    """The record of an example's order, then those of the orders beside it; empty where no order
    can be made of one of them."""
    try:
        return tuple(
            record_of(Transaction.model_validate(dict(one)))
            for one in (example.given, *example.orders)
        )
    except ValueError:
        return ()


def parts_of(condition: Condition) -> tuple[Condition, ...]:
    """The parts of a condition: of a named one its block's, of a test none."""
    if isinstance(condition, Test):
        return ()
    return condition.block.parts if isinstance(condition, Named) else condition.parts


def all_parts(condition: Condition) -> Iterator[Condition]:
    """A condition and everything in it, named conditions written out."""
    yield condition
    for part in parts_of(condition):
        yield from all_parts(part)


def own_tests(condition: Condition) -> Iterator[Test]:
    """The tests that a condition has itself, not those of named conditions."""
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, Group):
        for part in condition.parts:
            yield from own_tests(part)


def list_of(test: Test, pack: str) -> str | None:
    """The full name of the list that a test refers to, written in a rule of ``pack``."""
    if isinstance(test.operand, ListReference):
        return test.operand.list.name
    if test.operator == "mentions" and not test.written.startswith("“"):
        return test.written if "/" in test.written else f"{pack}/{test.written}"
    return None
