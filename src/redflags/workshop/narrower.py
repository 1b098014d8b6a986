"""Whether one rule raises a flag wherever another does: narrower, wider, the same, or not shown.

Sound and not complete, as :mod:`redflags.workshop.reasoning` is: *narrower* is said only where
every order that the new rule flags is one that the old rule flags. *Neither* says that nothing of
the kind could be shown, not that it is not so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator
from dataclasses import replace
from typing import Any, Literal

from redflags.diagnostics import Place
from redflags.rulebook.canonical import value_text
from redflags.rulebook.operators import selected_entries, sign
from redflags.rulebook.tree import (
    Across,
    Condition,
    Entry,
    Group,
    Having,
    LimitTable,
    ListReference,
    Named,
    Rule,
    RuleList,
    TableRow,
    Test,
)
from redflags.workshop.reasoning import Asserted, Reasoner
from redflags.workshop.subject import all_parts

Relation = Literal["same", "narrower", "wider", "neither"]

MIRRORED: dict[Relation, Relation] = {
    "same": "same", "narrower": "wider", "wider": "narrower", "neither": "neither",
}  # fmt: skip
"""The relation the other way round."""

MOST_STEPS = 200_000
"""Pairs of parts that are compared before nothing more is claimed."""

_NOWHERE = Place("", 0, 0)

_GROWING = frozenset({"count", "distinct", "max", "some"})
"""Measures that only grow with the window."""


def relation(old: Rule, new: Rule, unsettled: Collection[str] = ()) -> Relation:
    """How the orders that the new rule flags stand to those that the old one flags.

    ``unsettled`` names fields (``fit``, ``quantity.scale``) whose values the two rule books derive
    otherwise: of a rule that reads them nothing is claimed.
    """
    before, after = plain(old.when), plain(new.when)
    if reads(old, unsettled) or reads(new, unsettled):
        return "neither"
    windows = plain_across(old.across), plain_across(new.across)
    if meaning(before) == meaning(after) and _same_window(*windows):
        return "same"
    is_narrower = _Comparison().rule_implies(after, windows[1], before, windows[0])
    is_wider = _Comparison().rule_implies(before, windows[0], after, windows[1])
    return _named(is_narrower, is_wider)


def relation_of(old: Condition, new: Condition, unsettled: Collection[str] = ()) -> Relation:
    """The same for two conditions, such as those of a lowering."""
    before, after = plain(old), plain(new)
    if any(_reads(one, unsettled) for one in (before, after)):
        return "neither"
    if meaning(before) == meaning(after):
        return "same"
    return _named(_Comparison().implies(after, before), _Comparison().implies(before, after))


def _named(is_narrower: bool, is_wider: bool) -> Relation:
    if is_narrower and is_wider:
        return "same"
    return "narrower" if is_narrower else "wider" if is_wider else "neither"


def reads(rule: Rule, fields: Collection[str]) -> bool:
    """Whether a rule or its window reads one of some fields; ``fit`` stands for every party's."""
    if not fields:
        return False
    blocks: list[Condition] = [rule.when]
    for having in () if rule.across is None else rule.across.having:
        if having.block is not None:
            blocks.append(having.block)
        if _is_one_of(having.field, fields):
            return True
    return any(_reads(block, fields) for block in blocks)


def _reads(condition: Condition, fields: Collection[str]) -> bool:
    if not fields:
        return False
    for part in all_parts(condition):
        if isinstance(part, Test):
            compared = part.operand if part.operator in ("same_as", "differs_from") else ()
            tables = part.operand.rows if isinstance(part.operand, LimitTable) else ()
            named = {path for row in tables for path, _ in row.match}
            if any(_is_one_of(path, fields) for path in (part.field, *compared, *named)):
                return True
    return False


def _is_one_of(path: str, fields: Collection[str]) -> bool:
    return path in fields or path.rpartition(".")[2] in fields


def plain(condition: Condition) -> Condition:
    """A condition with what stands in it and nothing of where it stands: named conditions are
    written out, lists and tables have neither name, place nor source."""
    if isinstance(condition, Named):
        return plain(condition.block)
    if isinstance(condition, Group):
        return Group(condition.kind, tuple(map(plain, condition.parts)), _NOWHERE)
    return replace(condition, operand=_plain_operand(condition.operand), written="", place=_NOWHERE)


def plain_across(across: Across | None) -> Across | None:
    """The same for a window."""
    if across is None:
        return None
    where = None if across.where is None else _group(plain(across.where))
    having = tuple(
        replace(
            one,
            block=None if one.block is None else _group(plain(one.block)),
            written="",
            place=_NOWHERE,
        )
        for one in across.having
    )
    return replace(across, where=where, having=having, place=_NOWHERE)


def _group(condition: Condition) -> Group:
    assert isinstance(condition, Group)
    return condition


def _plain_operand(operand: Any) -> Any:
    if isinstance(operand, ListReference):
        entries = {
            _entry_key(one): Entry(one.value, "", {}, one.since, one.until)
            for one in selected_entries(operand)
        }
        kept = tuple(entries[key] for key in sorted(entries))
        return ListReference(RuleList("", operand.list.kind, "", "", kept, _NOWHERE))
    if isinstance(operand, LimitTable):
        rows = tuple(TableRow(tuple(sorted(row.match)), row.limit, "") for row in operand.rows)
        return LimitTable("", operand.kind, "", tuple(sorted(rows, key=_row_key)), _NOWHERE)
    return operand


def _entry_key(entry: Entry) -> tuple[str, str, str]:
    return (
        value_text(entry.value) or "",
        value_text(entry.since) or "",
        value_text(entry.until) or "",
    )


def _row_key(row: TableRow) -> tuple[list[tuple[str, str]], str]:
    return [(path, value_text(value) or "") for path, value in row.match], value_text(
        row.limit
    ) or ""


def meaning(condition: Condition) -> Hashable:
    """What two conditions that say the same have in common, whatever the order of their parts."""
    if isinstance(condition, Test):
        return (condition.field, condition.operator, operand_meaning(condition.operand))
    if isinstance(condition, Named):
        return meaning(condition.block)
    parts = frozenset(meaning(part) for part in _flat(condition.parts, condition.kind))
    if condition.kind != "none" and len(parts) == 1:
        return next(iter(parts))
    return (condition.kind, parts)


def _flat(parts: Collection[Condition], kind: str) -> Iterator[Condition]:
    """The parts of a group, those of groups of the same kind in it among them."""
    for part in parts:
        inner = part.block if isinstance(part, Named) else part
        if (
            isinstance(inner, Group)
            and kind != "none"
            and (inner.kind == kind or (inner.kind in ("all", "any") and len(inner.parts) == 1))
        ):
            yield from _flat(inner.parts, kind)
        else:
            yield inner


def operand_meaning(operand: Any) -> Hashable:
    """What two operands that say the same have in common."""
    operand = _plain_operand(operand)
    if isinstance(operand, ListReference):
        return ("list", tuple(map(_entry_key, operand.list.entries)))
    if isinstance(operand, LimitTable):
        return ("table", operand.kind, str(list(map(_row_key, operand.rows))))
    if isinstance(operand, frozenset):
        return frozenset(map(value_text, operand))
    if isinstance(operand, tuple):
        texts = [value_text(value) for value in operand]
        is_range = any(not isinstance(value, str) for value in operand)
        return tuple(texts) if is_range else frozenset(texts)
    return value_text(operand)


def _same_window(one: Across | None, other: Across | None) -> bool:
    return across_meaning(one) == across_meaning(other)


def across_meaning(across: Across | None) -> Hashable:
    """What two windows that say the same have in common."""
    if across is None:
        return None
    return (
        frozenset((one.kind, one.path, frozenset(one.by)) for one in across.same),
        across.within,
        None if across.where is None else meaning(across.where),
        frozenset(map(having_meaning, across.having)),
    )


def having_meaning(having: Having) -> Hashable:
    """What two measures that ask the same have in common."""
    block = None if having.block is None else meaning(having.block)
    return having.measure, having.field, having.operator, operand_meaning(having.operand), block


class _Comparison:
    """Answers one question about two rules."""

    def __init__(self) -> None:
        self._reasoner = Reasoner()
        self._steps = 0
        self._found: dict[tuple[int, bool, int, bool], bool] = {}

    def rule_implies(
        self, narrow: Condition, inner: Across | None, wide: Condition, outer: Across | None
    ) -> bool:
        if outer is not None and (inner is None or not self._window_implies(inner, outer)):
            return False
        return self.implies(narrow, wide)

    def implies(self, narrow: Condition, wide: Condition) -> bool:
        """Whether ``wide`` certainly holds wherever ``narrow`` does."""
        return (
            meaning(narrow) == meaning(wide)
            or self._reasoner.implies(narrow, wide)
            or self._follows(narrow, True, wide, True)
        )

    def _follows(self, one: Condition, is_so: bool, other: Condition, shall_be: bool) -> bool:
        """Whether ``other`` is true (or false) wherever ``one`` is, part by part: this also says
        something of conditions that are too large to be written out as alternatives."""
        key = (id(one), is_so, id(other), shall_be)
        found = self._found.get(key)
        if found is None:
            self._steps += 1
            found = self._steps <= MOST_STEPS and self._by_parts(one, is_so, other, shall_be)
            self._found[key] = found
        return found

    def _by_parts(self, one: Condition, is_so: bool, other: Condition, shall_be: bool) -> bool:
        if isinstance(one, Test) and isinstance(other, Test):
            return self._reasoner.literal_implies(
                Asserted(one, is_so), Asserted(other, shall_be)
            ) or _follows_by_entries(one, is_so, other, shall_be)
        if not isinstance(other, Test):
            parts, inner, together = _opened(other, shall_be)
            follow = (self._follows(one, is_so, part, inner) for part in parts)
            if all(follow) if together else any(follow):
                return True
        if not isinstance(one, Test):
            parts, inner, together = _opened(one, is_so)
            lead = (self._follows(part, inner, other, shall_be) for part in parts)
            return any(lead) if together else bool(parts) and all(lead)
        return False

    def _window_implies(self, inner: Across, outer: Across) -> bool:
        """Whether what is asked of one window follows from what is asked of the other."""
        if frozenset(inner.same) != frozenset(outer.same):
            return False
        is_same = inner.within == outer.within and _where(inner) == _where(outer)
        if not is_same and not self._is_part(inner, outer):
            return False
        return all(
            any(self._having_implies(one, other, is_same) for one in inner.having)
            for other in outer.having
        )

    def _is_part(self, inner: Across, outer: Across) -> bool:
        """Whether every window of the one lies in that of the other."""
        if inner.within is None or outer.within is None or inner.within > outer.within:
            return False
        if outer.where is None or _where(inner) == _where(outer):
            return True
        return inner.where is not None and self.implies(inner.where, outer.where)

    def _having_implies(self, one: Having, other: Having, is_same: bool) -> bool:
        if (one.measure, one.field) != (other.measure, other.field):
            return False
        if not is_same and (
            one.measure not in _GROWING
            or {one.operator, other.operator} - {"at_least", "more_than", ""}
        ):
            return False
        if one.block is not None and other.block is not None:
            return self.implies(one.block, other.block)
        return having_meaning(one) == having_meaning(other) or _is_within(one, other)


def _opened(condition: Group | Named, holds: bool) -> tuple[tuple[Condition, ...], bool, bool]:
    """The parts of a group that is true (or false): how each of them is, and whether all are so or
    only one of them."""
    group = condition.block if isinstance(condition, Named) else condition
    inner = holds if group.kind != "none" else not holds
    together = holds if group.kind != "any" else not holds
    return group.parts, inner, together


def _follows_by_entries(one: Test, is_so: bool, other: Test, shall_be: bool) -> bool:
    """Whether being in one list, or not in it, follows from the entries of two lists. An entry that
    counts for a time lies in one of the same value that counts at least as long."""
    lists = one.operand, other.operand
    if one.field != other.field or not all(isinstance(it, ListReference) for it in lists):
        return False
    is_in = (one.operator == "in_list") == is_so
    if ((other.operator == "in_list") == shall_be) != is_in:
        return False
    few, many = lists if is_in else lists[::-1]
    spans: dict[str | None, list[Entry]] = {}
    for entry in many.list.entries:
        spans.setdefault(value_text(entry.value), []).append(entry)
    return all(
        any(_lies_in(entry, span) for span in spans.get(value_text(entry.value), ()))
        for entry in few.list.entries
    )


def _lies_in(entry: Entry, span: Entry) -> bool:
    begins = span.since is None or (entry.since is not None and entry.since >= span.since)
    ends = span.until is None or (entry.until is not None and entry.until <= span.until)
    return begins and ends


def _where(across: Across) -> Hashable:
    return None if across.where is None else meaning(across.where)


_End = tuple[Any, bool] | None
"""An end of a range, and whether it lies outside; None: open."""

_RANGES: dict[str, Callable[[Any], tuple[_End, _End]]] = {
    "at_least": lambda bound: ((bound, False), None),
    "more_than": lambda bound: ((bound, True), None),
    "at_most": lambda bound: (None, (bound, False)),
    "less_than": lambda bound: (None, (bound, True)),
    "between": lambda pair: ((pair[0], False), (pair[1], False)),
}


def _is_within(one: Having, other: Having) -> bool:
    """Whether a number that compares as the one asks compares as the other asks."""
    if one.operator not in _RANGES or other.operator not in _RANGES:
        return False
    low, high = _RANGES[one.operator](one.operand)
    least, most = _RANGES[other.operator](other.operand)
    try:
        return _is_inside(low, least, 1) and _is_inside(high, most, -1)
    except TypeError:  # pieces against kilograms
        return False


def _is_inside(end: _End, bound: _End, direction: int) -> bool:
    if bound is None:
        return True
    if end is None:
        return False
    apart = sign(end[0], bound[0]) * direction
    return apart > 0 or (apart == 0 and (end[1] or not bound[1]))
