"""The parties of a run, each once, with the buyers beside whom it stands."""

from __future__ import annotations

from redflags.across.identity import PartySeen, parties_of
from redflags.model.record import Record
from redflags.reference import end_user_words, is_placeholder_name

LINKING_ROLES = ("buyer", "intermediate_consignee", "consignee", "end_user", "payer")
"""The roles that link orders. A seller, an exporter, a bank, a forwarder or a notify party is in
the orders of many firms that have nothing to do with each other."""

OWN_ROLES = ("seller", "exporter")
"""The roles of the firm whose orders these are: where it is also consignee or payer, that links
nothing."""

PROVIDERS = (*OWN_ROLES, "forwarder", "bank")
"""Roles whose addresses and numbers link nobody else who has them."""

PASSING_TRADES = frozenset(
    {"freight-forwarder", "courier-mailbox", "warehouse-free-zone", "bank-or-factoring"}
)
"""Trades that handle the goods or the money of many: in whatever role such a firm stands in an
order, it links nothing (judgement)."""

_READ = tuple(
    f"{role}.{attribute}"
    for role in (*LINKING_ROLES, *PROVIDERS)
    for attribute in (
        "name", "country", "region", "city", "address", "phone", "email", "website",
        "registration", "directors", "business",
    )
)  # fmt: skip


class Census:
    """Every party of a run in a role that links or in one that provides, each once, noted line by
    line in any order.

    ``buyers`` tells of each party that is no buyer itself beside which buyers it stands;
    ``passing`` are the parties of a trade that serves many.
    """

    def __init__(self) -> None:
        self.seen: list[PartySeen] = []
        self.buyers: dict[int, set[int]] = {}
        self.passing: set[int] = set()
        self._numbers: dict[PartySeen, int] = {}

    def note(self, record: Record) -> tuple[int, ...]:
        """Note the parties of a line; the numbers in :attr:`seen` of those in a linking role. One
        that links nothing in this order comes as ``~number``."""
        found: tuple[int, ...] = record.remembered(
            ("census", id(self)), _READ, lambda: self._note(record)
        )
        return found

    def _note(self, record: Record) -> tuple[int, ...]:
        parties = parties_of(record)
        for role in PROVIDERS:
            if role in parties:
                self._number(parties[role])
        own = [parties[role] for role in OWN_ROLES if role in parties]
        buyer: int | None = None
        numbers = []
        for role in LINKING_ROLES:
            party = parties.get(role)
            if party is None or _names_nobody(party):
                continue
            number = self._number(party)
            if record[f"{role}.business"].value in PASSING_TRADES:
                self.passing.add(number)
                numbers.append(~number)
                continue
            if any(_is_the_same(party, one) for one in own):
                numbers.append(~number)
                continue
            numbers.append(number)
            if role == "buyer":
                buyer = number
            elif buyer is not None:
                self.buyers.setdefault(number, set()).add(buyer)
        return tuple(numbers)

    def _number(self, party: PartySeen) -> int:
        number = self._numbers.setdefault(party, len(self.seen))
        if number == len(self.seen):
            self.seen.append(party)
        elif party is not self.seen[number] and _as_written(party) < _as_written(self.seen[number]):
            self.seen[number] = party  # whichever row comes first
        return number


def _as_written(party: PartySeen) -> tuple[str, ...]:
    return tuple(one.written for one in party.attributes)


def _names_nobody(party: PartySeen) -> bool:
    """Whether the name is none, “same as buyer”, “various customers”, “stock”, and no number
    stands for it."""
    if party.registration:
        return False
    return is_placeholder_name(party.shown) or end_user_words().find(party.shown) is not None


def _is_the_same(one: PartySeen, other: PartySeen) -> bool:
    """Whether two parties of one order are one firm: by registration where both have one, else by
    name, and by country as far as it is stated."""
    if one.registration and other.registration:
        return one.registration == other.registration
    countries = {one.country, other.country} - {""}
    return bool(one.name) and one.name == other.name and len(countries) < 2
