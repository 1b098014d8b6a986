"""The parties of a run, each once, with how many buyers each of them serves.

Of most lines only the texts about their parties are noted, each combination once. They are read
when there are alerts to put together, as reading names and addresses costs more than judging.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from redflags.across.identity import PartySeen, parties_of
from redflags.model.record import Record, TextRecord, record_of_texts
from redflags.reference import end_user_words, is_placeholder_name

if TYPE_CHECKING:
    import polars as pl

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

_ATTRIBUTES = (
    "name", "registration", "country", "city", "address", "phone", "email", "website", "directors",
    "business",
)  # fmt: skip
PATHS: Mapping[str, tuple[str, ...]] = {
    role: tuple(f"{role}.{attribute}" for attribute in _ATTRIBUTES)
    for role in (*LINKING_ROLES, *PROVIDERS)
}
"""The fields that are read of each role; a party is stated by the first two."""

Texts = tuple[str | None, ...]


class Census:
    """Every party of a run in a role that links or in one that provides, each once in ``seen``,
    noted line by line or batch by batch in any order; ``passing`` are the numbers of those whose
    trade serves many."""

    def __init__(self) -> None:
        self.seen: list[PartySeen] = []
        self.passing: set[int] = set()
        self._numbers: dict[PartySeen, int] = {}
        self._texts: dict[str, dict[Texts, int]] = {role: {} for role in PATHS}
        self._beside: dict[str, set[tuple[int, int]]] = {role: set() for role in PATHS}
        self._read: dict[str, list[int]] = {}
        self._columns: _Columns | None = None

    def note(self, line: Record) -> None:
        """Note the texts about the parties of a line."""
        given = line.texts.get if isinstance(line, TextRecord) else partial(_written, line)
        buyer = -1
        for role, paths in PATHS.items():
            if not (given(paths[0]) or given(paths[1])):
                continue
            known = self._texts[role]
            text = known.setdefault(tuple(map(given, paths)), len(known))
            if role == "buyer":
                buyer = text
            elif buyer >= 0:
                self._beside[role].add((text, buyer))

    def note_batch(self, frame: pl.DataFrame) -> None:
        """Note the texts about the parties of a batch of lines, given by the paths of fields."""
        if self._columns is None:
            self._columns = _Columns()
        self._columns.add(frame)

    def who(self, line: Record) -> tuple[int, ...]:
        """The numbers in :attr:`seen` of the parties of a line in a linking role. One that links
        nothing in this order comes as ``~number``."""
        parties = parties_of(line)
        own = [parties[role] for role in OWN_ROLES if role in parties]
        numbers = []
        for role in LINKING_ROLES:
            party = parties.get(role)
            if party is None or _names_nobody(party):
                continue
            number = self._number(party)
            if line[f"{role}.business"].value in PASSING_TRADES:
                self.passing.add(number)
                number = ~number
            elif any(_is_the_same(party, one) for one in own):
                number = ~number
            numbers.append(number)
        return tuple(numbers)

    def settle(self) -> None:
        """Read the texts that were noted. To be called once, before :attr:`seen` is looked at."""
        for role, texts in self._texts.items():
            self._read[role] = [self._party(role, one) for one in texts]
        if self._columns is not None:
            self._columns.read(self._party)

    def served(self, firm: Sequence[int]) -> dict[tuple[int, str], int]:
        """How many buyers each firm serves in each role but the buyer's, itself not counted;
        ``firm`` tells of each party its firm."""
        found: dict[tuple[int, str], set[int]] = {}
        buyers = self._read["buyer"]
        for role, pairs in self._beside.items():
            numbers = self._read[role]
            for text, buyer_text in pairs:
                number, buyer = numbers[text], buyers[buyer_text]
                if number >= 0 and buyer >= 0 and firm[number] != firm[buyer]:
                    found.setdefault((firm[number], role), set()).add(firm[buyer])
        counts = {key: len(buyers) for key, buyers in found.items()}
        return counts if self._columns is None else {**counts, **self._columns.served(firm)}

    def _party(self, role: str, texts: Texts) -> int:
        """The number of the party that these texts name; -1 where they name none."""
        given = zip(PATHS[role], texts, strict=True)
        line = record_of_texts([(path, text) for path, text in given if text is not None])
        party = parties_of(line).get(role)
        if party is None or (role in LINKING_ROLES and _names_nobody(party)):
            return -1
        number = self._number(party)
        if role in LINKING_ROLES and line[f"{role}.business"].value in PASSING_TRADES:
            self.passing.add(number)
        return number

    def _number(self, party: PartySeen) -> int:
        number = self._numbers.setdefault(party, len(self.seen))
        if number == len(self.seen):
            self.seen.append(party)
        elif party is not self.seen[number] and _as_written(party) < _as_written(self.seen[number]):
            self.seen[number] = party  # whichever row comes first
        return number


class _Columns:
    """Texts about parties out of columns: each combination once, known by 64 bits of its hash, and
    the pairs of parties and buyers that stand in one line."""

    def __init__(self) -> None:
        self._texts: dict[str, list[pl.DataFrame]] = {role: [] for role in PATHS}
        self._known: dict[str, pl.Series] = {}
        self._pairs: dict[str, list[pl.DataFrame]] = {role: [] for role in PATHS}
        self._numbers: dict[str, dict[int, int]] = {}

    def add(self, frame: pl.DataFrame) -> None:
        """Add a batch of lines."""
        import polars as pl

        buyers: pl.Series | None = None
        for role, paths in PATHS.items():
            columns = [path for path in paths if path in frame.columns]
            if not {paths[0], paths[1]} & set(columns):
                continue
            own = frame.select(
                *columns,
                pl.struct(columns).hash().alias(_HASH),
                pl.any_horizontal(
                    pl.col(path).fill_null("") != "" for path in paths[:2] if path in columns
                ).alias(_STATED),
            )
            stated, hashes = own[_STATED], own[_HASH]
            new = own.filter(stated).drop(_STATED).unique(_HASH)
            known = self._known.get(role)
            if known is not None:
                new = new.filter(~new[_HASH].is_in(known.implode()))
            self._known[role] = new[_HASH] if known is None else pl.concat([known, new[_HASH]])
            self._texts[role].append(new)
            if role == "buyer":
                buyers = pl.select(pl.when(stated).then(hashes)).to_series()
            elif buyers is not None:
                pairs = pl.DataFrame(
                    {"party": hashes.filter(stated), "buyer": buyers.filter(stated)}
                )
                self._pairs[role].append(pairs.drop_nulls().unique())

    def read(self, party: Callable[[str, Texts], int]) -> None:
        """Read the texts; ``party`` gives the number of the party that they name."""
        for role, frames in self._texts.items():
            numbers = self._numbers[role] = {}
            for frame in frames:
                columns = [frame[path] if path in frame.columns else None for path in PATHS[role]]
                given = [[None] * frame.height if one is None else one.to_list() for one in columns]
                for hashed, *texts in zip(frame[_HASH], *given, strict=True):
                    numbers[hashed] = party(role, tuple(texts))
            frames.clear()

    def served(self, firm: Sequence[int]) -> dict[tuple[int, str], int]:
        """As :meth:`Census.served`."""
        import polars as pl

        buyers = self._firms("buyer", firm, "buyer")
        found = {}
        for role, frames in self._pairs.items():
            if frames:
                counts = (
                    pl.concat(frames)
                    .unique()
                    .join(self._firms(role, firm, "party"), on="party")
                    .join(buyers, on="buyer")
                    .filter(pl.col("party_firm") != pl.col("buyer_firm"))
                    .group_by("party_firm")
                    .agg(pl.col("buyer_firm").n_unique())
                )
                found.update({(one, role): count for one, count in counts.iter_rows()})
        return found

    def _firms(self, role: str, firm: Sequence[int], name: str) -> pl.DataFrame:
        import polars as pl

        known = {hashed: firm[one] for hashed, one in self._numbers[role].items() if one >= 0}
        return pl.DataFrame(
            {name: list(known), f"{name}_firm": list(known.values())},
            schema={name: pl.UInt64, f"{name}_firm": pl.Int64},
        )


_HASH, _STATED = "\0hash", "\0stated"
"""Names that no field has."""


def _written(line: Record, path: str) -> str | None:
    stated = line.get(path)
    return None if stated is None else stated.written


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
