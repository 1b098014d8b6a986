"""What tests take from texts: texts that say the same to them are one kind.

A test of the country of a telephone number reads nothing else of the number, and one that asks
whether a payer is named does not read the name. Where it is known what is taken from a text, the
texts that give the same are judged together: thousands of numbers are a few countries.
"""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from redflags.engine.reads import GOODS, behind, fields_of
from redflags.model.derived import ALREADY_NAMED, DERIVATIONS, PAYMENT_COUNTRIES
from redflags.model.record import Record
from redflags.model.roles import OTHERS, ROLES, SHIP_TO
from redflags.rulebook.tree import ListReference, Test
from redflags.values.understood import ABSENT

STATE, GIVEN, DAYS, SAME_NAME = "state", "given", "days", "same name"


@dataclass(frozen=True, slots=True)
class Aspect:
    """What is taken from the texts of some columns.

    ``part`` says what of the field: all that tests read of its value; whether there is one; between
    which of some ``days`` a date lies; or whether two columns hold one name.
    """

    field: str
    part: str
    columns: tuple[str, ...]
    days: tuple[datetime.date, ...] = ()

    def tell(self, record: Record) -> Hashable:
        """What it is in a record of these columns alone; equal for texts that are alike."""
        found = record[self.field]
        if self.part == GIVEN:
            return found.value is None, found.is_blank, found is ABSENT
        if self.part == DAYS:
            return None if found.value is None else bisect_right(self.days, found.value)
        detail = found.detail if isinstance(found.detail, frozenset) else None
        return found.value, found.is_blank, found is ABSENT, bool(found.partial), detail


Look = str | Aspect
"""An aspect, or the path of a column of which the whole text matters."""


def looks_of(
    tests: Iterable[Test], reads: Collection[str], given: Collection[str]
) -> tuple[Look, ...]:
    """All that some tests take from the columns ``reads`` (which may have the goods among them),
    what has few kinds first; ``given`` are the columns that there are."""
    own = [path for path in reads if path != GOODS]
    found = set(_looks(tests, own, given))
    if not found:
        found = set(own)
    if own and len(reads) == 1 and not all(map(_is_coarse, found)):
        return (own[0],)  # to find the kind of a text takes as long as to ask a test or two
    days = [one for one in found if isinstance(one, Aspect) and one.part == DAYS]
    if len(days) > 1:
        together = sorted({day for one in days for day in one.days})
        found.difference_update(days)
        found.add(Aspect("date", DAYS, ("date",), tuple(together)))
    whole = {one for one in found if isinstance(one, str)}
    few = [
        one
        for one in found
        if isinstance(one, Aspect) and (one.part == SAME_NAME or not whole.issuperset(one.columns))
    ]
    few.sort(key=lambda one: (one.part, one.field, one.columns))
    return (*([GOODS] if GOODS in reads else []), *few, *sorted(whole))


def _is_coarse(look: Look) -> bool:
    """Whether many texts are of one kind. Nearly every firm has its own domain."""
    if not isinstance(look, Aspect) or look.field.endswith(".email_domain"):
        return False
    return look.part != STATE or look.field in DERIVATIONS


def _looks(tests: Iterable[Test], own: Collection[str], given: Collection[str]) -> Iterator[Look]:
    for test in tests:
        for look in _looks_of(test, frozenset(given)):
            columns = (look,) if isinstance(look, str) else look.columns
            if not set(columns).isdisjoint(own):
                yield look


def _looks_of(test: Test, given: frozenset[str]) -> Iterator[Look]:
    for path in fields_of(test) - {GOODS}:
        if path == "date" and test.field != "date" and _is_for_lists(test):
            yield Aspect("date", DAYS, ("date",), _days(test.operand))
        elif path == test.field and test.operator == "known":
            yield from _of_field(path, GIVEN, given)
        else:
            yield from _of_field(path, STATE, given)


def _is_for_lists(test: Test) -> bool:
    """Whether the date decides nothing but which entries of a list count."""
    operand = test.operand
    return isinstance(operand, ListReference) and operand.list.is_dated


def _days(operand: ListReference) -> tuple[datetime.date, ...]:
    """The days on which an entry begins to count or counts no more."""
    found = set()
    for entry in operand.list.entries:
        if entry.since is not None:
            found.add(entry.since)
        if entry.until is not None and entry.until < datetime.date.max:
            found.add(entry.until + datetime.timedelta(days=1))
    return tuple(sorted(found))


def _of_field(path: str, part: str, given: frozenset[str]) -> Iterator[Look]:
    """What a field takes from the columns that it rests on."""
    columns = behind(path) & given
    taken = TAKES.get(path)
    if taken is not None and path not in given:
        for field, of_field, names in taken:
            if of_field == SAME_NAME:
                if given.issuperset(names):
                    yield Aspect(field, SAME_NAME, names)
            elif names:
                if own := given.intersection(names):
                    yield Aspect(field, of_field, tuple(sorted(own)))
            else:
                yield from _of_field(field, of_field, given)
    elif path == "date" or GOODS in behind(path) or not _stands_alone(path):
        yield from columns
    elif columns:
        # What a derived field says is told once, for those that ask only whether it says anything.
        yield Aspect(path, STATE if path in ONE_LOOK else part, tuple(sorted(columns)))


@cache
def _stands_alone(path: str) -> bool:
    """Whether the columns that a field rests on say all of it: no unit and no term beside them."""
    if path in ONE_LOOK:
        return True
    return path not in DERIVATIONS and behind(path) == {path}


def _taken_of_places(*, with_regions_of_names: bool, transit: bool) -> tuple[_Taken, ...]:
    found: list[_Taken] = [("buyer.country", STATE, ()), ("buyer.region", STATE, ())]
    for role in SHIP_TO:
        found += [
            (f"{role}.country", STATE, ()),
            (f"{role}.region", STATE, ()),
            (f"{role}.city", GIVEN, ()),
            (f"{role}.address", GIVEN, ()),
        ]
        if with_regions_of_names:
            found += [
                (f"{role}.business", GIVEN, ()),
                (f"{role}.name", GIVEN, ()),
                (f"{role}.name", SAME_NAME, (f"{role}.name", "buyer.name")),
            ]
    if with_regions_of_names:
        found.append(("buyer.name", GIVEN, ()))
    if transit:
        found.append(("transit_countries", STATE, ()))
    return tuple(found)


_Taken = tuple[str, str, tuple[str, ...]]
"""A field, the part of it that is taken, and the columns that it is taken from where these are not
all that it rests on."""

TAKES: Mapping[str, tuple[_Taken, ...]] = {
    "destinations": _taken_of_places(with_regions_of_names=False, transit=True),
    "destination.country": _taken_of_places(with_regions_of_names=False, transit=False),
    "destinations.region": _taken_of_places(with_regions_of_names=True, transit=False),
    "end_user.stated": (
        ("end_user.stated", STATE, ("end_user.name",)),
        *((f"{role}.name", GIVEN, ()) for role in ALREADY_NAMED),
        *(
            ("end_user.name", SAME_NAME, ("end_user.name", f"{role}.name"))
            for role in ALREADY_NAMED
        ),
        *((path, STATE, ()) for path in DERIVATIONS["end_user.stated"].reads if "business" in path),
    ),
    "payment.countries": tuple((path, STATE, ()) for path in PAYMENT_COUNTRIES),
    "parties.country": tuple((f"{role}.country", STATE, ()) for role in OTHERS),
    **{f"{role}.fit": ((f"{role}.business", STATE, ()),) for role in ROLES},
    **{f"{role}.trade_known": ((f"{role}.business", GIVEN, ()),) for role in ROLES},
}
"""What derived fields take from others, beside what the goods are; see
:mod:`redflags.model.derived`, which has to be read with this."""

ONE_LOOK = frozenset(
    f"{role}.{attribute}"
    for role in ROLES
    for attribute in ("region", "address_type", "relation", "email_domain", "phone_country")
)
"""Derived fields whose own columns, together, are few or are read for nothing else."""
