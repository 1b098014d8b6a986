"""The parties of alerts, each once, as far as they can link orders."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from redflags.across.identity import PARTY_PARTS, PARTY_PATHS, PartySeen, party_of
from redflags.across.party_columns import parties_in
from redflags.across.plain_names import plain_name_keys
from redflags.cases.census import LINKING_ROLES
from redflags.cases.others import Others, is_nobody
from redflags.model.fields import field_table
from redflags.model.notation import Notation, Notations
from redflags.model.record import Record, TextRecord

if TYPE_CHECKING:
    import polars as pl

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

_READS: Mapping[str, tuple[str, ...]] = {
    role: (*PARTY_PATHS[role], f"{role}.business") for role in (*PROVIDERS, *LINKING_ROLES)
}
"""The fields that say of each role who it is and whether it links orders."""

FEW = 300
"""So many parties of a role are read one by one: starting Polars takes longer than it saves."""

_Mention = tuple[str, tuple[str | None, ...]]
"""A role, and the texts of its fields."""


class _Told(NamedTuple):
    """A party as some texts of a role say it. ``number`` is None where it names nobody; one that
    ``passes`` on the goods or the money of many links nothing."""

    party: PartySeen
    number: int | None
    passes: bool


class Parties:
    """The parties of alerts. While lines come, only their texts are noted, each combination once;
    :meth:`settle` reads them.

    Then ``seen`` has each party once, and ``passing`` the numbers of those whose trade serves many.
    ``others`` are those of orders without a flag, known by their texts.
    """

    def __init__(self) -> None:
        self.seen: list[PartySeen] = []
        self.passing: set[int] = set()
        self.others = Others(PASSING_TRADES)
        self._numbers: dict[PartySeen, int] = {}
        self._mentions: dict[_Mention, int] = {}
        self._told: list[_Told | None] = []
        self._lines: dict[tuple[int, ...], int] = {}
        self._of_lines: list[tuple[int, ...]] = []

    def note(self, line: Record) -> int:
        """Note the parties of a line; gives a number by which to ask for them. Lines that name the
        same parties in the same words have the same."""
        texts_of = line.texts.get if isinstance(line, TextRecord) else _written(line)
        mentions = []
        for role, reads in _READS.items():
            if texts_of(reads[0]) is not None or texts_of(reads[1]) is not None:
                mentions.append(self._mention(role, tuple(map(texts_of, reads))))
        return self._lines.setdefault(tuple(mentions), len(self._lines))

    def stand_by(self, role: str, notation: Notation | Notations, texts: pl.DataFrame) -> None:
        """Note parties of a role of orders without a flag: texts in columns named by the paths of
        fields. Those who link nobody are noted like those of alerts."""
        if role in _READS:
            reads = _READS[role]
            for own in self.others.add(role, notation, texts, whole=role in PROVIDERS):
                self._mention(role, tuple(map(own.get, reads)))

    def settle(self) -> None:
        """Read all that was noted; to be called when no more comes."""
        noted: dict[str, list[tuple[str | None, ...]]] = {}
        for role, texts in islice(self._mentions, len(self._told), None):
            noted.setdefault(role, []).append(texts)
        told: dict[_Mention, _Told | None] = {}
        for role, several in noted.items():
            read = _read_each(role, several) if len(several) <= FEW else _read_all(role, several)
            for texts, (party, names_nobody, passes) in zip(several, read, strict=True):
                told[role, texts] = self._tell(party, names_nobody=names_nobody, passes=passes)
        self._told += map(told.__getitem__, islice(self._mentions, len(self._told), None))
        self._of_lines += map(self._linking, islice(self._lines, len(self._of_lines), None))

    def of_line(self, line: int) -> tuple[int, ...]:
        """The numbers in :attr:`seen` of the parties of a line in a linking role. One that links
        nothing in this order comes as ``~number``."""
        return self._of_lines[line]

    def _mention(self, role: str, texts: tuple[str | None, ...]) -> int:
        return self._mentions.setdefault((role, texts), len(self._mentions))

    def _linking(self, mentions: tuple[int, ...]) -> tuple[int, ...]:
        """What :meth:`of_line` says of a line of these mentions."""
        stated = [one for one in map(self._told.__getitem__, mentions) if one is not None]
        own = [one.party for one in stated if one.party.role in OWN_ROLES]
        numbers = []
        for party, number, passes in stated:
            if number is None or party.role not in LINKING_ROLES:
                continue
            links_nothing = passes or any(_is_the_same(party, one) for one in own)
            numbers.append(~number if links_nothing else number)
        return tuple(numbers)

    def _tell(self, party: PartySeen | None, *, names_nobody: bool, passes: bool) -> _Told | None:
        if party is None:
            return None
        if party.role in PROVIDERS:
            return _Told(party, self._number(party), False)
        if names_nobody and not party.registration:
            return _Told(party, None, False)
        number = self._number(party)
        if passes:
            self.passing.add(number)
        return _Told(party, number, passes)

    def _number(self, party: PartySeen) -> int:
        number = self._numbers.setdefault(party, len(self.seen))
        if number == len(self.seen):
            self.seen.append(party)
        elif party is not self.seen[number] and _as_written(party) < _as_written(self.seen[number]):
            self.seen[number] = party  # whichever row comes first
        return number


def _written(line: Record) -> Callable[[str], str | None]:
    """The texts of a line that was not read from texts."""

    def text_of(path: str) -> str | None:
        stated = line.get(path)
        return None if stated is None else stated.written

    return text_of


_Read = tuple[PartySeen | None, bool, bool]
"""A party, whether its name stands for no firm, and whether its trade serves many."""


def _read_each(role: str, several: Sequence[tuple[str | None, ...]]) -> Iterator[_Read]:
    """What texts of a role say, read one by one."""
    reads = _READS[role]
    for texts in several:
        line = TextRecord(
            {path: text for path, text in zip(reads, texts, strict=True) if text is not None}
        )
        party = party_of(line, role)
        shown = "" if party is None else party.shown
        yield party, is_nobody(shown), line[reads[-1]].value in PASSING_TRADES


def _read_all(role: str, several: Sequence[tuple[str | None, ...]]) -> Iterator[_Read]:
    """What texts of a role say, read in columns."""
    import polars as pl

    columns = dict(zip((*PARTY_PARTS, _BUSINESS), zip(*several, strict=True), strict=True))
    texts = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)).fill_null("")
    trade = field_table()[f"{role}.{_BUSINESS}"].kind
    passing = {
        text
        for text in texts[_BUSINESS].unique()
        if text and trade.parse(text).value in PASSING_TRADES
    }
    parties = parties_in(role, texts)
    names = pl.Series(["" if one is None else one.shown for one in parties], dtype=pl.String)
    names = names.unique()
    odd = names.filter(plain_name_keys(names).is_null())
    nobody = set(filter(is_nobody, odd))
    for party, text in zip(parties, texts[_BUSINESS], strict=True):
        yield party, party is not None and party.shown in nobody, text in passing


_BUSINESS = "business"


def _as_written(party: PartySeen) -> tuple[str, ...]:
    return tuple(one.written for one in party.attributes)


def _is_the_same(one: PartySeen, other: PartySeen) -> bool:
    """Whether two parties of one order are one firm: by registration where both have one, else by
    name, and by country as far as it is stated."""
    if one.registration and other.registration:
        return one.registration == other.registration
    countries = {one.country, other.country} - {""}
    return bool(one.name) and one.name == other.name and len(countries) < 2
