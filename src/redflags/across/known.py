"""What is known of parties: on which day each was first named, and what it shares with others."""

from __future__ import annotations

import gc
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from redflags.across.identity import Attribute, PartySeen

ALWAYS = -(10**9)
"""The day from which a fact without a date is known."""

NEVER = 10**9
"""A day after all others: the end of what never ends, and the day of a line without a date."""


@contextmanager
def without_collector() -> Iterator[None]:
    """Python's search for circles of dead objects held off, while very many small objects are made
    that all stay: it would look through them again and again, for half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Known:
    """The parties of a run, each mention of one by its number.

    ``having`` are parties with what they have, and since which day, beside what their sightings
    say; ``taken`` from which day on something belongs to one who serves all, and ``crowded`` from
    which day on it is known that too many have it, and how many do, where that is known already.
    """

    def __init__(self) -> None:
        self.numbers: dict[object, int] = {}
        self.parties: list[PartySeen | None] = []
        self.first: list[int] = []
        self.uses: list[int] = []
        self.sightings: list[tuple[PartySeen, list[int]]] = []
        self.payers: dict[tuple[int, int], int] = {}
        self.having: list[tuple[int, int, Attribute]] = []
        self.taken: dict[tuple[str, str], int] = {}
        self.crowded: dict[tuple[str, str], tuple[int, int]] = {}
        self.written: dict[int, Attribute] = {}
        self._by_id: dict[int, list[int]] = {}
        self._columns: dict[str, array[int]] = {}
        self._lines = 0

    def add(self, day: int | None, order: object, parties: Mapping[str, PartySeen]) -> int:
        """One line: its day (days since any fixed one; None where unknown) and its parties by
        role. Gives the number of the line."""
        nodes = self.note(day, parties)
        line = self._lines
        for role, node in nodes.items():
            column = self._columns.get(role)
            if column is None:
                column = self._columns[role] = array("q")
            if len(column) < line:
                column.extend([-1] * (line - len(column)))
            column.append(node)
        self._lines += 1
        return line

    def leave_room(self, count: int) -> None:
        """So many lines whose parties are not known yet; see
        :meth:`~redflags.across.groups.Groups.place`."""
        self._lines += count

    def note(self, day: int | None, parties: Mapping[str, PartySeen]) -> dict[str, int]:
        """Parties that stand together on a day, without a line of their own; their numbers."""
        nodes = {role: self.see(day, party) for role, party in parties.items()}
        if "payer" in nodes and "buyer" in nodes:
            self.paid(day, nodes["payer"], nodes["buyer"])
        return nodes

    def show_first_mentions(self) -> None:
        """Let each party be shown as its first mention in time has it, in whatever order the lines
        came; to be called once, after the last line."""
        best: dict[int, tuple[int, str, str, str]] = {}
        for party, (day, node) in self.sightings:
            rank = (day, party.shown, party.role, party.registered)
            if node not in best or rank < best[node]:
                best[node] = rank
                self.parties[node] = party

    def see(self, day: int | None, party: PartySeen, times: int = 1) -> int:
        """A party that ``times`` lines name, on this day for the first time; gives its number."""
        known = ALWAYS if day is None else day
        sighting = self._by_id.get(id(party))
        if sighting is None:
            node = self.node(("party", *party.identity), party)
            sighting = self._by_id[id(party)] = [known, node]
            self.sightings.append((party, sighting))  # an id is good while its object lives
        elif known < sighting[0]:
            sighting[0] = known
        node = sighting[1]
        if known < self.first[node]:
            self.first[node] = known
        self.uses[node] += times
        return node

    def paid(self, day: int | None, payer: int, buyer: int) -> None:
        """On this day one party, by its number, paid for another."""
        known = ALWAYS if day is None else day
        if payer != buyer and known < self.payers.get((payer, buyer), NEVER):
            self.payers[payer, buyer] = known

    def node(self, key: object, party: PartySeen | None = None, first: int = NEVER) -> int:
        """The number of a mention, or of something shared; a new one where it has none."""
        node = self.numbers.get(key)
        if node is None:
            node = self.numbers[key] = len(self.first)
            self.first.append(first)
            self.parties.append(party)
            self.uses.append(0)
        return node

    def nodes(self, role: str) -> Sequence[int]:
        """The number of the party of a role for every line; -1 where it is not stated."""
        column = self._columns.setdefault(role, array("q"))
        if len(column) < self._lines:
            column.extend([-1] * (self._lines - len(column)))
        return column

    def shown(self, node: int) -> str:
        """The party's name as written."""
        party = self.parties[node]
        return "" if party is None else party.shown

    def party(self, node: int) -> PartySeen | None:
        """The party of a number, as it was first seen."""
        return self.parties[node]
