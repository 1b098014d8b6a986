"""Single tests compiled into closures: from a record to true, false or unknown (None)."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from redflags.model import goods
from redflags.model.derived import DERIVATIONS
from redflags.model.fields import field_table
from redflags.model.kind import Kind
from redflags.model.record import Record
from redflags.rulebook.operators import (
    comparison_key,
    incomparable,
    is_under,
    selected_entries,
    sign,
)
from redflags.rulebook.tree import Entry, LimitTable, Test
from redflags.values import truth
from redflags.values.exchange import convert_money
from redflags.values.money import Money
from redflags.values.quantity import Quantity
from redflags.values.terms import PhraseSet
from redflags.values.understood import ABSENT, Understood

Verdict = bool | None
Closure = Callable[[Record], Verdict]
OneValue = Callable[[Any], Verdict]


def compile_test(test: Test, lists_as_of: datetime.date | None) -> Closure:
    """The closure of one test. ``lists_as_of`` replaces the order's date for dated lists."""
    return FORMS[test.operator](test, field_table()[test.field].kind, lists_as_of)


def _on(test: Test, kind: Kind, holds: OneValue) -> Closure:
    """Lift a test of one value to a field: of a set, some element."""
    path = test.field
    if not kind.is_set:

        def scalar(record: Record) -> Verdict:
            value = record[path].value
            return None if value is None else holds(value)

        return scalar

    def some(record: Record) -> Verdict:
        understood = record[path]
        if understood.value is None:
            return None
        verdict: Verdict = None if understood.partial else False
        for element in understood.value:
            one = holds(element)
            if one:
                return True
            if one is None:
                verdict = None
        return verdict

    return some


def _negated(form: Callable[[Test, Kind, datetime.date | None], Closure]) -> Any:
    def compile_negated(test: Test, kind: Kind, lists_as_of: datetime.date | None) -> Closure:
        positive = form(test, kind, lists_as_of)

        def run(record: Record) -> Verdict:
            verdict = positive(record)
            return None if verdict is None else not verdict

        return run

    return compile_negated


def _is(test: Test, kind: Kind, lists_as_of: datetime.date | None) -> Closure:
    key = comparison_key(kind)
    wanted = key(test.operand)
    return _on(test, kind, lambda value: key(value) == wanted)


def _in(test: Test, kind: Kind, lists_as_of: datetime.date | None) -> Closure:
    key = comparison_key(kind)
    wanted = frozenset(key(value) for value in test.operand)
    return _on(test, kind, lambda value: key(value) in wanted)


def _under(test: Test, kind: Kind, lists_as_of: datetime.date | None) -> Closure:
    codes = tuple(test.operand)
    return _on(test, kind, lambda value: _below(value, codes, kind))


def _below(value: str, codes: tuple[str, ...], kind: Kind) -> Verdict:
    """Whether a code is one of these or below one; unknown where it is too short to tell."""
    if any(is_under(value, code, kind) for code in codes):
        return True
    return None if any(is_under(code, value, kind) for code in codes) else False


def _below_any(codes: Sequence[str], kind: Kind) -> OneValue:
    """As :func:`_below` for many codes: what begins with one of them is found by its beginnings."""
    if kind.member.name == "control-code":  # these have rules of their own
        return lambda value: _below(value, tuple(codes), kind)
    whole = frozenset(codes)
    lengths = sorted({len(code) for code in whole})
    beginnings = frozenset(code[:length] for code in whole for length in range(len(code) + 1))

    def holds(value: str) -> Verdict:
        if any(value[:length] in whole for length in lengths):
            return True
        return None if value in beginnings else False

    return holds


def _in_list(test: Test, kind: Kind, lists_as_of: datetime.date | None) -> Closure:
    entries = selected_entries(test.operand)
    closure = (
        _in_dated_list(test, kind, entries, lists_as_of)
        if any(entry.since or entry.until for entry in entries)
        else _in_undated_list(test, kind, entries)
    )
    return _within_known_country(test, entries, closure) if _is_region(kind) else closure


def _in_undated_list(test: Test, kind: Kind, entries: Sequence[Entry]) -> Closure:
    if kind.member.is_code:
        return _on(test, kind, _below_any([entry.value for entry in entries], kind))
    key = comparison_key(kind)
    wanted = frozenset(key(entry.value) for entry in entries)
    return _on(test, kind, lambda value: key(value) in wanted)


MOST_VALUES = 10_000
"""Values for which it is remembered which entries of a dated list they agree with."""


def _in_dated_list(
    test: Test, kind: Kind, entries: Sequence[Entry], lists_as_of: datetime.date | None
) -> Closure:
    path, key = test.field, comparison_key(kind)
    by_key: dict[Any, list[Entry]] = {}
    for entry in entries:
        by_key.setdefault(key(entry.value), []).append(entry)

    begun_by: dict[str, list[Entry]] = {}
    has_beginnings = kind.member.is_code and kind.member.name != "control-code"
    if has_beginnings:
        for entry in entries:
            for length in range(len(entry.value)):
                begun_by.setdefault(entry.value[:length], []).append(entry)

    @lru_cache(maxsize=MOST_VALUES)
    def agreeing(value: Any) -> Sequence[tuple[Verdict, Entry]]:
        """The entries that the value is one of, or could be."""
        if has_beginnings:
            exact = [by_key.get(key(value[:length]), ()) for length in range(len(value) + 1)]
            found = [(True, entry) for entries in exact for entry in entries]
            return [*found, *((None, entry) for entry in begun_by.get(value, ()))]
        if kind.member.is_code:
            told = ((_below(value, (entry.value,), kind), entry) for entry in entries)
            return [one for one in told if one[0] is not False]
        return [(True, entry) for entry in by_key.get(key(value), ())]

    def run(record: Record) -> Verdict:
        understood = record[path]
        if understood.value is None:
            return None
        day = lists_as_of or record["date"].value
        values = understood.value if kind.is_set else (understood.value,)
        verdict: Verdict = None if understood.partial else False
        for value in values:
            for agrees, entry in agreeing(value):
                one = truth.both(agrees, _counts(entry, day))
                if one:
                    return True
                if one is None:
                    verdict = None
        return verdict

    return run


def _counts(entry: Entry, day: datetime.date | None) -> Verdict:
    """Whether an entry counts on a day; an undated order meets a dated entry as unknown."""
    if entry.since is None and entry.until is None:
        return True
    if day is None:
        return None
    return (entry.since is None or entry.since <= day) and (
        entry.until is None or day <= entry.until
    )


def _is_region(kind: Kind) -> bool:
    return kind.member.name == "region"


def _within_known_country(test: Test, entries: Sequence[Entry], closure: Closure) -> Closure:
    """A region that is not known but lies in a country of which the list has no region is not
    in the list. Of one that is known and stands there for some days only that says nothing."""
    path = test.field
    countries = frozenset(str(entry.value)[:2] for entry in entries)
    is_dated = any(entry.since or entry.until for entry in entries)

    def run(record: Record) -> Verdict:
        verdict = closure(record)
        if verdict is None:
            understood = record[path]
            possible = understood.detail
            by_day = is_dated and bool(understood.value)
            if isinstance(possible, frozenset) and not by_day and possible.isdisjoint(countries):
                return False
        return verdict

    return run


def _mentions(test: Test, kind: Kind, lists_as_of: datetime.date | None) -> Closure:
    phrases = PhraseSet(test.operand)
    return _on(test, kind, lambda value: phrases.find(value) is not None)


def _before(test: Test, kind: Kind, lists_as_of: datetime.date | None) -> Closure:
    return _on(test, kind, lambda value: value < test.operand)


def _after(test: Test, kind: Kind, lists_as_of: datetime.date | None) -> Closure:
    return _on(test, kind, lambda value: value > test.operand)


def _bound(holds: Callable[[int], bool]) -> Any:
    """A comparison by size, from what the comparison's sign (-1, 0, 1) says."""

    def compile_bound(test: Test, kind: Kind, lists_as_of: datetime.date | None) -> Closure:
        path = test.field
        operand = test.operand

        def run(record: Record) -> Verdict:
            value = record[path].value
            bound = operand
            if isinstance(operand, LimitTable):
                bound = limit_in(operand, record)
                if bound is ABSENT:
                    return None
                if bound is None:  # without a limit nothing is above it, whatever the value is
                    return holds(-1)
            if value is None:
                return None
            found = compare(record, value, bound)
            return None if found is None else holds(found)

        return run

    return compile_bound


def limit_in(table: LimitTable, record: Record) -> Any:
    """The limit that a table sets for a record: of the rows that agree, the one that names most
    fields. None if no row agrees, ABSENT if that cannot be told."""
    best: tuple[int, Any] | None = None
    open_rows = 0
    families = record["product.family"]
    is_told = families.value is not None and not families.partial
    for row in table.rows_for(families.value) if is_told else table.rows:
        agrees = truth.all_of(_agrees(record[path], wanted) for path, wanted in row.match)
        if agrees is None:
            open_rows = max(open_rows, len(row.match))
        elif agrees and (best is None or len(row.match) > best[0]):
            best = (len(row.match), row.limit)
    if open_rows > (best[0] if best is not None else 0):
        return ABSENT
    return None if best is None else best[1]


def undecided_fields(table: LimitTable, record: Record) -> tuple[str, ...]:
    """The fields that are not known and leave open which limit of a table applies to a record."""
    agreed = [[_agrees(record[path], wanted) for path, wanted in row.match] for row in table.rows]
    best = max((len(one) for one in agreed if truth.all_of(one)), default=0)
    found: dict[str, None] = {}
    for row, one in zip(table.rows, agreed, strict=True):
        if truth.all_of(one) is None and len(one) > best:
            pairs = zip(row.match, one, strict=True)
            found.update((path, None) for (path, _), verdict in pairs if verdict is None)
    return tuple(found)


def _agrees(understood: Understood, wanted: Any) -> Verdict:
    if understood.value is None:
        return None
    if isinstance(understood.value, frozenset):
        return wanted in understood.value or (None if understood.partial else False)
    return bool(understood.value == wanted)


def compare(record: Record, value: Any, bound: Any) -> int | None:
    """-1, 0 or 1 as a value is below, at or above a bound; None where they cannot be compared:
    pieces with kilograms, two currencies without a rate, shares on different bases; and where
    only the least is known of a value, unless that is above the bound."""
    if isinstance(value, Money):
        value = in_currency(record, value, bound).value
    if isinstance(value, Quantity):
        found = goods.measured(record["product.family"], value, bound.dimension)
        if found.is_least and found.amount is not None:
            return 1 if found.amount > bound else None
        value = found.amount
    return None if value is None or incomparable(value, bound) else sign(value, bound)


def in_currency(record: Record, value: Money, bound: Money) -> Understood:
    """A sum in the currency of a bound, at the rate of the order's day."""
    if value.currency == bound.currency:
        return Understood(value=value)
    return convert_money(value, bound.currency, record["date"], record.rates())


def _between(test: Test, kind: Kind, lists_as_of: datetime.date | None) -> Closure:
    path = test.field
    low, high = test.operand

    def run(record: Record) -> Verdict:
        value = record[path].value
        if value is None:
            return None
        above, below = compare(record, value, low), compare(record, value, high)
        if above is None or below is None:
            return None
        return above >= 0 and below <= 0

    return run


def _same_as(test: Test, kind: Kind, lists_as_of: datetime.date | None) -> Closure:
    path, others, key = test.field, tuple(test.operand), comparison_key(kind)

    def keys_of(understood: Understood) -> frozenset[Any]:
        """What the value is compared by; a set by each of its elements."""
        value = understood.value
        return (
            frozenset(map(key, value)) if isinstance(value, frozenset) else frozenset({key(value)})
        )

    def run(record: Record) -> Verdict:
        own = record[path]
        known = [one for one in (record[other] for other in others) if one.value is not None]
        if own.value is None or not known:
            return None
        mine = keys_of(own)
        if any(not mine.isdisjoint(keys_of(other)) for other in known):
            return True
        return None if own.partial or any(other.partial for other in known) else False

    return run


def _known(test: Test, kind: Kind, lists_as_of: datetime.date | None) -> Closure:
    path, wanted = test.field, test.operand
    is_derived = path in DERIVATIONS

    def run(record: Record) -> Verdict:
        understood = record[path]
        if understood.is_blank:
            return not wanted
        if understood is ABSENT or (is_derived and understood.value is None):
            return None
        return bool(wanted)

    return run


Form = Callable[[Test, Kind, datetime.date | None], Closure]

FORMS: Mapping[str, Form] = {
    "is": _is,
    "is_not": _negated(_is),
    "in": _in,
    "not_in": _negated(_in),
    "in_list": _in_list,
    "not_in_list": _negated(_in_list),
    "at_least": _bound(lambda sign: sign >= 0),
    "more_than": _bound(lambda sign: sign > 0),
    "at_most": _bound(lambda sign: sign <= 0),
    "less_than": _bound(lambda sign: sign < 0),
    "between": _between,
    "before": _before,
    "after": _after,
    "under": _under,
    "mentions": _mentions,
    "same_as": _same_as,
    "differs_from": _negated(_same_as),
    "known": _known,
}
"""The judge's form of each operator."""
