"""A rule book as conjunctions of comparisons, in levels: the form in which durable-rules is exact.

Negations are pushed down to the tests. Alternatives are multiplied out while they are few; an inner
block with many is worked out first, by patterns of its own, and enters the next level as a
property. So no pattern has an ``$or``, whose branches durable-rules follows one by one (ten
alternatives in each of six blocks would be a million paths).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from redflags.engine.durable_native import NativeTest, native_test
from redflags.engine.durable_rules import MOST_PATTERNS, MOST_PROPERTIES, EngineError
from redflags.rulebook.tree import Condition, LimitTable, ListReference, Named, Rule, Test

MOST_ALTERNATIVES = 16
"""Alternatives that a block inside a rule is multiplied out to."""

LONGEST_PATTERN = 100
"""Comparisons in one pattern; the rest of a longer one is worked out a level below."""

DEEPEST = 100
"""Blocks inside each other, those of named conditions included."""

FALSE, UNKNOWN, TRUE = 0, 1, 2
"""How the outcome of a test enters as a property."""

Atom = tuple[int, str, int | str]
"""A comparison: the number of a property, an operator of durable-rules, and a constant."""

Pattern = frozenset[Atom]
Target = tuple[str, int]
"""What a match says: ``true`` or ``possible`` with the position of a rule, or ``property`` with
the number of the property that it sets to 1."""


@dataclass(slots=True)
class Plan:
    """What durable-rules is given.

    ``tests`` are the tests decided outside, by the number of their property, and ``native`` those
    whose value goes in; ``levels`` holds for each level its sets of patterns with their targets.
    ``always`` are targets that hold for every order. ``needs_false`` are the properties that some
    pattern asks to be false or not true.
    """

    tests: dict[int, Test] = field(default_factory=dict)
    native: dict[int, NativeTest] = field(default_factory=dict)
    levels: list[list[list[tuple[Pattern, list[Target]]]]] = field(default_factory=list)
    always: list[Target] = field(default_factory=list)
    needs_false: set[int] = field(default_factory=set)
    property_count: int = 0


def plan(rules: Sequence[Rule]) -> Plan:
    """The patterns of every rule: when it holds, and when it could hold.

    Raises :class:`EngineError` for a rule nested deeper than :data:`DEEPEST`.
    """
    return _Planner().plan(rules)


@dataclass(frozen=True, slots=True)
class _Leaf:
    test: int
    positive: bool


@dataclass(frozen=True, slots=True)
class _Block:
    """``all`` or ``any`` of some nodes, by number."""

    kind: str
    parts: tuple[int, ...]


_ALWAYS, _NEVER = _Block("all", ()), _Block("any", ())


class _Planner:
    def __init__(self) -> None:
        self._plan = Plan()
        self._nodes: list[_Leaf | _Block] = []
        self._numbers: dict[_Leaf | _Block, int] = {}
        self._normal: dict[tuple[int, bool], int] = {}
        self._tests: list[Test] = []
        self._test_numbers: dict[Any, int] = {}
        self._properties: dict[Any, int] = {}
        self._level: list[int] = []  # of each property: the first level that may read it
        self._narrow: dict[tuple[int, bool], list[Pattern]] = {}
        self._patterns: dict[Pattern, list[Target]] = {}

    def plan(self, rules: Sequence[Rule]) -> Plan:
        for position, rule in enumerate(rules):
            node = self._node_of(rule.when, True, rule, 0)
            for target, certain in (("true", True), ("possible", False)):
                for pattern in self._spread(node, certain):
                    self._add(pattern, (target, position))
        self._plan.property_count = len(self._level)
        self._plan.levels = self._sets()
        return self._plan

    # Negation normal form

    def _node_of(self, condition: Condition, positive: bool, rule: Rule, depth: int) -> int:
        known = self._normal.get((id(condition), positive))
        if known is not None:
            return known
        if depth > DEEPEST:
            raise EngineError(
                f"the rule {rule.name} has blocks more than {DEEPEST} deep, and the durable "
                "engine takes no deeper ones; use the engine judge, or write the rule flatter"
            )
        if isinstance(condition, Test):
            node = self._number(_Leaf(self._test_number(condition), positive))
        elif isinstance(condition, Named):
            node = self._node_of(condition.block, positive, rule, depth)
        else:
            inner = positive != (condition.kind == "none")
            is_all = (condition.kind == "all") == positive
            if condition.kind == "none":
                is_all = positive
            parts = [self._node_of(part, inner, rule, depth + 1) for part in condition.parts]
            node = self._join("all" if is_all else "any", parts)
        self._normal[id(condition), positive] = node
        return node

    def _join(self, kind: str, parts: Sequence[int]) -> int:
        """A block without blocks of its own kind, repetitions and constants."""
        kept: dict[int, None] = {}
        neutral, deciding = (_ALWAYS, _NEVER) if kind == "all" else (_NEVER, _ALWAYS)
        for part in parts:
            node = self._nodes[part]
            if node == deciding:
                return part
            if isinstance(node, _Block) and node.kind == kind:
                kept.update(dict.fromkeys(node.parts))
            elif node != neutral:
                kept[part] = None
        if len(kept) == 1:
            return next(iter(kept))
        return self._number(_Block(kind, tuple(kept)))

    def _number(self, node: _Leaf | _Block) -> int:
        number = self._numbers.get(node)
        if number is None:
            number = self._numbers[node] = len(self._nodes)
            self._nodes.append(node)
        return number

    def _test_number(self, test: Test) -> int:
        """Equal tests are one, wherever they stand."""
        operand: Any = test.operand
        if isinstance(operand, ListReference):
            operand = (id(operand.list), operand.where)
        elif isinstance(operand, LimitTable):
            operand = id(operand)
        key = (test.field, test.operator, type(operand), operand)
        number = self._test_numbers.get(key)
        if number is None:
            number = self._test_numbers[key] = len(self._tests)
            self._tests.append(test)
        return number

    # Patterns

    def _spread(self, number: int, certain: bool) -> list[Pattern]:
        """The node as patterns of which one must match. An empty pattern always matches."""
        node = self._nodes[number]
        if isinstance(node, _Leaf):
            return self._of_leaf(node, certain)
        if node.kind == "any":
            found = [one for part in node.parts for one in self._few(part, certain)]
            return list(dict.fromkeys(found))
        parts = [(part, self._few(part, certain)) for part in node.parts]
        # The part with most alternatives is worked out first, until the product is small.
        while _product(len(patterns) for _, patterns in parts) > MOST_ALTERNATIVES:
            widest = max(range(len(parts)), key=lambda index: len(parts[index][1]))
            part, patterns = parts[widest]
            parts[widest] = part, [self._worked_out(("node", part, certain), patterns)]
        product: list[Pattern] = [frozenset()]
        for _, patterns in parts:
            product = [one | other for one in product for other in patterns]
        return [self._shortened(one) for one in dict.fromkeys(product)]

    def _few(self, number: int, certain: bool) -> list[Pattern]:
        """The node as few patterns."""
        known = self._narrow.get((number, certain))
        if known is None:
            known = self._spread(number, certain)
            if len(known) > MOST_ALTERNATIVES:
                known = [self._worked_out(("node", number, certain), known)]
            self._narrow[number, certain] = known
        return known

    def _worked_out(self, key: Any, patterns: Sequence[Pattern]) -> Pattern:
        """A property of a later level that is 1 where one of the patterns matches."""
        number = self._properties.get(key)
        if number is None:
            level = 1 + max(self._level_of(pattern) for pattern in patterns)
            number = self._property(key, level)
            for pattern in patterns:
                self._add(pattern, ("property", number))
        return frozenset({(number, "", 1)})

    def _shortened(self, pattern: Pattern) -> Pattern:
        while len(pattern) > LONGEST_PATTERN:
            atoms = sorted(pattern, key=lambda atom: (self._level[atom[0]], *map(str, atom)))
            first = frozenset(atoms[:LONGEST_PATTERN])
            pattern = (pattern - first) | self._worked_out(("atoms", first), [first])
        return pattern

    def _of_leaf(self, leaf: _Leaf, certain: bool) -> list[Pattern]:
        test = self._tests[leaf.test]
        native = native_test(test) if certain else None
        if native is not None:
            number = self._property(("native", *native.key), 0)
            self._plan.native[number] = native
            rows = native.when_true if leaf.positive else native.when_false
            return [frozenset((number, *comparison) for comparison in row) for row in rows]
        number = self._property(("test", leaf.test), 0)
        self._plan.tests[number] = test
        if not leaf.positive:
            self._plan.needs_false.add(number)
        if certain:
            return [frozenset({(number, "", TRUE if leaf.positive else FALSE)})]
        operator = "$gte" if leaf.positive else "$lte"
        return [frozenset({(number, operator, UNKNOWN)})]

    def _property(self, key: Any, level: int) -> int:
        number = self._properties.get(key)
        if number is None:
            number = self._properties[key] = len(self._level)
            self._level.append(level)
        return number

    def _level_of(self, pattern: Pattern) -> int:
        return max((self._level[atom[0]] for atom in pattern), default=0)

    def _add(self, pattern: Pattern, target: Target) -> None:
        if not pattern:
            self._plan.always.append(target)
            return
        targets = self._patterns.setdefault(pattern, [])
        if target not in targets:
            targets.append(target)

    def _sets(self) -> list[list[list[tuple[Pattern, list[Target]]]]]:
        """The patterns by level, in sets that durable-rules can take."""
        depth = max((self._level_of(pattern) for pattern in self._patterns), default=-1)
        levels: list[list[list[tuple[Pattern, list[Target]]]]] = [[] for _ in range(depth + 1)]
        room: list[set[int]] = [set() for _ in range(depth + 1)]
        for pattern, targets in self._patterns.items():
            level = self._level_of(pattern)
            sets, read = levels[level], room[level]
            more = {atom[0] for atom in pattern}
            if not sets or len(sets[-1]) == MOST_PATTERNS or len(read | more) > MOST_PROPERTIES:
                sets.append([])
                read.clear()
            read |= more
            sets[-1].append((pattern, targets))
        return levels


def _product(counts: Any) -> int:
    result = 1
    for count in counts:
        result *= count
    return result
