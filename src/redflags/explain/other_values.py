"""Other values of a field: the texts that could stand there instead, the most telling first.

They are examples of what would turn a test round: trades that use the goods, an amount on the other
side of a bound, another part of the same country, the words that explain an order.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any

from redflags import reference
from redflags.engine.leaves import limit_in
from redflags.model import goods
from redflags.model.fields import field_table
from redflags.model.record import Record
from redflags.rulebook.operators import selected_entries
from redflags.rulebook.tree import LimitTable, ListReference, Test
from redflags.values.dates import Duration
from redflags.values.measures import Concentration
from redflags.values.money import Money
from redflags.values.quantity import Quantity

_NEVER_NAMED = frozenset({"defence-manufacturer", "explosives-manufacturer", "military-police"})
"""Trades that are not held out as the ones that would explain an order."""

_BETTER: Mapping[str, tuple[str, ...]] = {
    "end_use_statement.status": ("verified", "received", "not_requested"),
    "licence.status": ("held", "exception", "not_required"),
    "payment.method": ("bank_transfer", "letter_of_credit", "open_account"),
    "payment.terms": ("credit", "against_documents", "on_delivery"),
    "relation": ("same_group", "same_owner", "bank", "customer"),
    "size": ("large", "medium", "small"),
    "address_type": ("business", "site", "institution"),
    "incoterm": ("DAP", "DDP", "FCA"),
    "ship_via": ("sea", "road", "air"),
    "outcome": ("accepted", "delivered"),
    "fit": ("normal", "unusual"),
    "quantity.scale": ("retail", "trade"),
    "end_user.stated": ("named",),
    "product.limit": ("not_above", "not_listed"),
}
"""Of fields with few words, those that explain an order, the best first."""

_NEUTRAL_COUNTRIES = ("CH", "NZ", "IS", "JP")
"""Countries that stand for “another one” where the order names none that would do."""

_EXAMPLES: Mapping[str, tuple[str, ...]] = {
    "name": ("Example Works Ltd",),
    "email": ("office@example.com",),
    "website": ("www.example.com",),
    "registration": ("EX 0000",),
    "address": ("Example Street 1",),
    "signer": ("A. Example",),
    "number": ("EX-0000",),
    "holder": ("Example Works Ltd",),
    "end_use": ("another use",),
    "notes": ("another note",),
    "by": ("A. Example",),
}
"""Invented texts for fields of free text, by the last part of their path."""


def texts(path: str, test: Test, record: Record) -> Iterator[str]:
    """Texts that could stand in a field so that a test of it, or of what rests on it, turns."""
    kind = field_table()[path].kind
    last = path.rpartition(".")[2]
    if kind.name == "business":
        yield from fitting_trades(record)
        yield from _of_operand(test)
        yield from ("paint-manufacturer", "food-manufacturer")
    elif kind.name in ("country", "countries"):
        yield from _countries(path, test, record)
    elif kind.name == "region":
        yield from _regions(path, test, record)
    elif kind.name in ("yes-no", "noted"):
        yield "no" if record[path].value == "yes" else "yes"
    elif path == "quantity" or kind.order:
        yield from _amounts(path, test, record)
    elif kind.name == "date":
        yield from _days(path, test, record)
    elif kind.name == "phone":
        yield from _phones(path, record)
    elif kind.vocabulary is not None:
        yield from _BETTER.get(path, _BETTER.get(last, ()))
        yield from _of_operand(test)
    else:
        if test.operator in ("same_as", "differs_from"):
            yield from _of_others(path, test, record)
        yield from _EXAMPLES.get(path, _EXAMPLES.get(last, ()))


def fitting_trades(record: Record) -> list[str]:
    """Trades that use the goods by the tables and the site's judgements: at most three, those that
    were judged pair by pair first."""
    families = record["product.family"]
    if not families.value:
        return []
    best = goods.evidence(families)
    site = record.judgements.fits
    own = tuple(sorted(trade for (trade, _), fit in site.items() if fit.value == "normal"))
    found = []
    for trade in (*own, *_trades_for(best[0].family)):
        if goods.fit(trade, best, record.judgements).value == "normal" and trade not in found:
            found.append(trade)
        if len(found) == 3:
            break
    return found


@cache
def _trades_for(family: str) -> tuple[str, ...]:
    ranked = []
    for place, trade in enumerate(reference.business_lines()):
        found = reference.fit(trade, family)
        if found is not None and found.value == "normal" and trade not in _NEVER_NAMED:
            sure = ("high", "medium", "low").index(found.confidence)
            ranked.append((found.by_class, sure, place, trade))
    return tuple(trade for *_, trade in sorted(ranked))


def _of_operand(test: Test) -> Iterator[str]:
    """What the rule itself asks for, where it names values."""
    operand = test.operand
    if isinstance(operand, ListReference):
        values: Iterable[Any] = [entry.value for entry in selected_entries(operand)[:3]]
    elif isinstance(operand, frozenset):
        values = sorted(operand, key=str)[:3]
    else:
        values = [operand] if test.operator in ("is", "is_not") else []
    yield from (value for value in values if isinstance(value, str))


def _of_others(path: str, test: Test, record: Record) -> Iterator[str]:
    for other in sorted({test.field, *test.operand} - {path}):
        found = record[other]
        if found.value is not None and not isinstance(found.value, frozenset):
            yield found.written.strip()


def _countries(path: str, test: Test, record: Record) -> Iterator[str]:
    if test.operator in ("same_as", "differs_from"):
        for other in sorted({test.field, *test.operand} - {path}):
            value = record[other].value
            yield from sorted(value) if isinstance(value, frozenset) else [value] if value else []
    for role in ("buyer", "consignee", "seller", "exporter"):
        value = record[f"{role}.country"].value
        if value is not None:
            yield value
    yield from _of_operand(test)
    yield from _NEUTRAL_COUNTRIES


def _regions(path: str, test: Test, record: Record) -> Iterator[str]:
    """Other parts of the same country, which is what the list says nothing of."""
    role = path.partition(".")[0]
    country = record[f"{role}.country"].value
    region = record[path].value
    country = country or (region[:2] if region else None)
    if country is None:
        return
    listed = (
        {entry.value for entry in selected_entries(test.operand)}
        if isinstance(test.operand, ListReference)
        else set()
    )
    yield from islice((one for one in _regions_of(country) if one not in listed), 3)


@cache
def _regions_of(country: str) -> tuple[str, ...]:
    return tuple(sorted(one for one in reference.regions() if one.startswith(f"{country}-")))


def _phones(path: str, record: Record) -> Iterator[str]:
    country = record[f"{path.partition('.')[0]}.country"].value
    for code, place in sorted(reference.dial_codes().items()):
        if place == country:
            yield f"+{code} 555 0100"
            return
    yield "+44 20 7946 0000"


def _days(path: str, test: Test, record: Record) -> Iterator[str]:
    ordered = record["date"].value
    operand = test.operand
    if isinstance(operand, Duration) and ordered is not None:
        days = operand.count * {"days": 1, "weeks": 7, "months": 31, "years": 366}[operand.unit]
        for back in (days + 366, days // 2):
            with_day = ordered.toordinal() - back
            if with_day > 0:
                yield datetime.date.fromordinal(with_day).isoformat()
    elif isinstance(operand, datetime.date):
        for shift in (0, 1, -1):
            moved = operand.toordinal() + shift
            if 0 < moved <= datetime.date.max.toordinal():
                yield datetime.date.fromordinal(moved).isoformat()
    elif ordered is not None:
        yield ordered.isoformat()


def _amounts(path: str, test: Test, record: Record) -> Iterator[str]:
    """Just below a bound, at it, and just above it: which turns the test, the judge says."""
    for bound in _bounds(path, test, record):
        yield from _around(bound)
    if path == "concentration" and not field_table()[test.field].kind.order:
        yield from ("1 %", "99 %")


def _bounds(path: str, test: Test, record: Record) -> Iterator[Any]:
    operand = test.operand
    if test.field == "quantity.scale":
        families = record["product.family"]
        for one in goods.evidence(families) if families.value else ():
            site = record.judgements.scales.get(one.family)
            known = reference.families()[one.family]
            yield site.retail_below if site is not None else known.retail_below
            yield site.trade_below if site is not None else known.trade_below
    elif isinstance(operand, LimitTable):
        limit = limit_in(operand, record)
        yield limit
    elif isinstance(operand, tuple):
        yield from operand
    else:
        yield operand


def _around(bound: Any) -> Iterator[str]:
    if isinstance(bound, Quantity):
        for size, symbol in _UNITS.get(bound.dimension, ()):
            number, rest = divmod(bound.amount, size)
            if number > 1 and not rest:
                yield from (f"{one} {symbol}" for one in (number - 1, number, number + 1))
                return
    elif isinstance(bound, Money):
        whole = bound.amount // 10_000  # ten-thousandths of the currency's unit
        yield from (f"{one} {bound.currency}" for one in (whole - 1, whole, whole + 1) if one > 0)
    elif isinstance(bound, Concentration):
        whole, basis = bound.parts_per_million // 10_000, bound.basis
        yield from (
            f"{one} % {basis}".rstrip() for one in (whole - 1, whole, whole + 1) if 0 < one <= 100
        )


_UNITS: Mapping[str, tuple[tuple[int, str], ...]] = {
    "mass": ((10**9, "kg"), (10**6, "g"), (10**3, "mg")),
    "volume": ((10**9, "l"), (10**6, "ml")),
    "length": ((10**9, "m"), (10**6, "mm"), (10**3, "µm")),
    "count": ((1000, "pieces"),),
}
"""The units in which a quantity is put otherwise, the largest first, with their base units."""
