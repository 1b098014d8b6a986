"""What follows from what: whether conditions can hold together, and whether one implies another.

Everything here is sound and nothing is complete. That something can never hold is only said where
no order could make it hold; that one thing follows from another only where it always does.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from redflags.rulebook.tree import Condition, Group, LimitTable, Named, Test
from redflags.workshop.extents import Extent, Sizes, compared_fields, extent_of, sizes_of

MOST_BRANCHES = 96
"""Ways for a condition to hold that are looked at; beyond them alternatives count as anything."""

MOST_EFFORT = 1_000_000
"""Steps after which a reasoner gives up: from then on it is certain of nothing."""

MOST_TESTS = 200
"""Tests of a condition that is reasoned about, its named conditions written out."""

Because = Literal["values", "stated", "units", "fields"]


@dataclass(frozen=True, slots=True)
class Asserted:
    """That a test holds, or that it is false."""

    test: Test
    holds: bool


Spoken = tuple[Asserted, Extent]
"""A literal with the values that its test speaks of."""

Branch = tuple[Asserted, ...]
"""One way for a condition to hold: everything in it at once."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Literals that cannot be so together, and the reason: values that exclude each other, a field
    that is not stated and tested, units that cannot be compared, or fields against themselves."""

    because: Because
    literals: tuple[Asserted, ...]


def size_of(condition: Condition) -> int:
    """The tests of a condition, named ones written out; counted no further than is asked for."""
    count = 0
    waiting: list[Condition] = [condition]
    while waiting and count <= MOST_TESTS:
        one = waiting.pop()
        if isinstance(one, Test):
            count += 1
        else:
            waiting.extend((one.block,) if isinstance(one, Named) else one.parts)
    return count


class Reasoner:
    """Answers questions about conditions, and remembers what it worked out about their tests.

    The conditions must live as long as the reasoner does. ``effort`` counts its steps.
    """

    def __init__(self) -> None:
        self.effort = 0
        self._extents: dict[int, Extent | None] = {}
        self._sizes: dict[tuple[int, bool], Sizes | None] = {}
        self._implied: dict[tuple[int, bool, int, bool], bool] = {}
        self._branches: dict[tuple[int, bool], list[Branch]] = {}
        self._possible: dict[int, list[Branch]] = {}
        self._large: dict[int, bool] = {}

    @property
    def is_spent(self) -> bool:
        """Whether it has given up."""
        return self.effort > MOST_EFFORT

    def branches(self, condition: Condition, holds: bool = True) -> list[Branch]:
        """The ways in which a condition can hold (or be false). Where there are too many, some
        demand less than they should, so that every order for which it holds is in one of them."""
        key = (id(condition), holds)
        found = self._branches.get(key)
        if found is None:
            found = self._branches[key] = self._ways(condition, holds)
        return found

    def _ways(self, condition: Condition, holds: bool) -> list[Branch]:
        if isinstance(condition, Test):
            return [(Asserted(condition, holds),)]
        if isinstance(condition, Named):
            return self.branches(condition.block, holds)
        inner = holds if condition.kind != "none" else not holds
        together = holds if condition.kind != "any" else not holds
        ways = [self.branches(part, inner) for part in condition.parts]
        return joined(ways) if together else either(ways)

    def conflict(self, conditions: Sequence[tuple[Condition, bool]]) -> Conflict | None:
        """Why conditions cannot all be as said (True: holds, False: is false); None where it is
        not certain that they cannot."""
        if any(self._is_large(one) for one, _ in conditions):
            return None
        first: Conflict | None = None
        for branch in joined([self.branches(one, holds) for one, holds in conditions]):
            found = self.clash(branch)
            if found is None:
                return None
            # That units differ says least: an order can state either.
            if first is None or found.because == "units":
                first = found
        return first

    def clash(self, branch: Branch) -> Conflict | None:
        """Why the literals of one branch cannot be so together; None where that is not certain."""
        self.effort += 1 + len(branch)
        if self.is_spent:
            return None
        by_field: dict[str, list[Asserted]] = {}
        for literal in branch:
            if not isinstance(literal.test.operand, LimitTable):
                by_field.setdefault(literal.test.field, []).append(literal)
        known = _settled(branch)
        for literals in by_field.values():
            found = self._clash_of_field(literals, known)
            if found is not None:
                return found
        return None

    def _clash_of_field(
        self, literals: Sequence[Asserted], known: dict[str, Asserted]
    ) -> Conflict | None:
        for one in literals:
            if _says_blank(one) and one.test.field in known:
                return Conflict("stated", (one, known[one.test.field]))
        compared = [one for one in literals if one.test.operator in ("same_as", "differs_from")]
        for one, other in itertools.combinations(compared, 2):
            same, differs = (one, other) if _is_same(one) else (other, one)
            if (
                _is_same(same)
                and not _is_same(differs)
                and set(same.test.operand) <= set(differs.test.operand)
            ):
                return Conflict("fields", (same, differs))
        return self._clash_of_sizes(literals) or self._clash_of_values(literals)

    def _clash_of_sizes(self, literals: Sequence[Asserted]) -> Conflict | None:
        sized = [(one, self.sizes(one)) for one in literals]
        found = [(one, sizes) for one, sizes in sized if sizes is not None]
        for (one, sizes), (other, others) in itertools.combinations(found, 2):
            if sizes.is_apart(others):
                return Conflict("units", (one, other))
            if sizes.excludes(others):
                return Conflict("values", (one, other))
        return None

    def _clash_of_values(self, literals: Sequence[Asserted]) -> Conflict | None:
        found = [(one, self.extent(one.test)) for one in literals]
        for sort in ("values", "phrases"):
            told = [(one, ext) for one, ext in found if ext is not None and ext.sort == sort]
            wanted = [(one, ext) for one, ext in told if ext.is_positive == one.holds]
            refused = [(one, ext) for one, ext in told if ext.is_positive != one.holds]
            conflict = self._nothing_left(wanted, refused)
            if conflict is not None:
                return conflict
        return None

    def _nothing_left(self, wanted: Sequence[Spoken], refused: Sequence[Spoken]) -> Conflict | None:
        """Why no value is left between those that are wanted and those that are refused."""
        for one, extent in wanted:
            others = [] if extent.is_many else [pair for pair in wanted if pair[0] is not one]
            for value in extent.candidates(other for _, other in others):
                self.effort += 1 + len(others) + len(refused)
                if all(other.has(value) for _, other in others) and not any(
                    other.surely_has(value) for _, other in refused
                ):
                    break
            else:
                part = tuple(two for two, _ in (*others, *refused))
                return Conflict("values", (one, *part))
        every = refused[0][1].every if refused and not wanted else None
        if every is not None and all(
            any(other.surely_has(value) for _, other in refused) for value in every
        ):
            return Conflict("values", tuple(two for two, _ in refused))
        return None

    def extent(self, test: Test) -> Extent | None:
        """The values that a test speaks of; None where they are not a finite or prefixed set."""
        key = id(test)
        if key not in self._extents:
            self._extents[key] = extent_of(test)
        return self._extents[key]

    def sizes(self, literal: Asserted) -> Sizes | None:
        """The sizes or days that a literal allows; None where it is no comparison by size."""
        key = (id(literal.test), literal.holds)
        if key not in self._sizes:
            self._sizes[key] = sizes_of(literal.test, literal.holds)
        return self._sizes[key]

    def implies(self, narrow: Condition, wide: Condition) -> bool:
        """Whether ``wide`` certainly holds for every order for which ``narrow`` does."""
        if self.is_spent or self._is_large(narrow) or self._is_large(wide):
            return False
        self.effort += 1
        possible = self._possible.get(id(narrow))
        if possible is None:
            possible = [one for one in self.branches(narrow) if self.clash(one) is None]
            self._possible[id(narrow)] = possible
        return bool(possible) and all(self._follows(one, wide, True) for one in possible)

    def _is_large(self, condition: Condition) -> bool:
        found = self._large.get(id(condition))
        if found is None:
            found = self._large[id(condition)] = size_of(condition) > MOST_TESTS
        return found

    def _follows(self, branch: Branch, condition: Condition, holds: bool) -> bool:
        if isinstance(condition, Test):
            self.effort += len(branch)
            return any(self.literal_implies(one, Asserted(condition, holds)) for one in branch)
        if isinstance(condition, Named):
            return self._follows(branch, condition.block, holds)
        inner = holds if condition.kind != "none" else not holds
        together = holds if condition.kind != "any" else not holds
        follows = (self._follows(branch, part, inner) for part in condition.parts)
        return all(follows) if together else any(follows)

    def literal_implies(self, one: Asserted, other: Asserted) -> bool:
        """Whether a literal certainly follows from another of the same field."""
        if one.test.field != other.test.field:
            return False
        key = (id(one.test), one.holds, id(other.test), other.holds)
        found = self._implied.get(key)
        if found is None:
            found = self._implied[key] = self._literal_implies(one, other)
        return found

    def _literal_implies(self, one: Asserted, other: Asserted) -> bool:
        if _is_equal(one, other):
            return True
        if isinstance(one.test.operand, LimitTable) or isinstance(other.test.operand, LimitTable):
            return False
        if other.test.operator == "known":
            return _says_blank(one) == _says_blank(other)
        if one.test.operator == "known":
            return False
        if {one.test.operator, other.test.operator} <= {"same_as", "differs_from"}:
            if _is_same(one) and _is_same(other):
                return set(one.test.operand) <= set(other.test.operand)
            return _is_same(one) == _is_same(other) and set(one.test.operand) == set(
                other.test.operand
            )
        sizes, others = self.sizes(one), self.sizes(other)
        if sizes is not None and others is not None:
            return others.contains(sizes)
        extent, wide = self.extent(one.test), self.extent(other.test)
        if extent is None or wide is None:
            return False
        self.effort += len(extent.values) + len(wide.values)
        wants, wants_other = extent.is_positive == one.holds, wide.is_positive == other.holds
        if wants and wants_other:
            return wide.surely_covers(extent)
        if not wants and not wants_other:
            return extent.surely_covers(wide)
        if wants and not extent.is_many:
            return extent.is_disjoint(wide)
        return False


def joined(ways: Sequence[list[Branch]]) -> list[Branch]:
    """Every way for several things to hold together. What would make too many is left out, which
    only demands less."""
    found: list[Branch] = [()]
    for one in sorted(ways, key=len):
        if len(found) * len(one) > MOST_BRANCHES:
            continue
        found = [(*left, *right) for left in found for right in one]
    return found


def either(ways: Sequence[list[Branch]]) -> list[Branch]:
    """Every way for one of several things to hold; with too many, one that demands nothing."""
    found = [branch for one in ways for branch in one]
    return found if len(found) <= MOST_BRANCHES else [()]


def _says_blank(literal: Asserted) -> bool:
    """Whether a literal says that its field is not stated."""
    return literal.test.operator == "known" and literal.test.operand != literal.holds


def _is_same(literal: Asserted) -> bool:
    return (literal.test.operator == "same_as") == literal.holds


def _is_equal(one: Asserted, other: Asserted) -> bool:
    if one.test is other.test:
        return one.holds == other.holds
    return (
        one.test.operator == other.test.operator
        and one.holds == other.holds
        and one.test.operand == other.test.operand
    )


def _settled(branch: Branch) -> dict[str, Asserted]:
    """The fields that must have something in them for the branch, each with why."""
    found: dict[str, Asserted] = {}
    for literal in branch:
        test = literal.test
        if isinstance(test.operand, LimitTable) or _says_blank(literal):
            continue
        found.setdefault(test.field, literal)
        others = compared_fields(test)
        if len(others) == 1:
            found.setdefault(others[0], literal)
    return found


def group(kind: str, parts: Sequence[Condition], like: Group) -> Group:
    """A group of other parts at the place of one that exists."""
    return Group(kind, tuple(parts), like.place)
