"""The judge: a rule book as closures over one record, three-valued, candidate rules first.

It is the reference for every other engine, and every explanation asks it.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from redflags.engine.candidates import Candidates
from redflags.engine.leaves import Closure, Verdict, compile_test
from redflags.engine.left_open import LeftOpen
from redflags.engine.reads import GOODS, GOODS_COLUMNS, cost, read_by, tests_of
from redflags.model.record import Record, TextRecord
from redflags.rulebook.tree import (
    Condition,
    LimitTable,
    ListReference,
    Lowering,
    Mitigation,
    Named,
    Rule,
    RuleBook,
    Test,
)
from redflags.values.exchange import Rates, no_rates


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The rules that came out true, and those that came out unknown, for one record.

    ``wanting`` has, by the name of a rule that is unknown, the tests that leave it so where an
    engine has found them already; explanations need not look for them then."""

    true: tuple[Rule, ...]
    unknown: tuple[Rule, ...]
    wanting: Mapping[str, tuple[Test, ...]] = dataclasses.field(default_factory=dict, compare=False)

    def __bool__(self) -> bool:
        return bool(self.true or self.unknown)


NOTHING_SAID = Verdicts((), ())
"""Every rule is false."""


class Standing(NamedTuple):
    """What is known of the rules before a record is judged, by their numbers in the rule book:
    those that are true, those that are unknown, with the tests that leave each of them so, and
    those to be asked; all others are false. ``member_of`` are the rules across orders of whose
    windows the line may be, numbered among these; of those that are ``sure_of`` too it is known
    that all holds that one line can say."""

    true: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()
    open: tuple[int, ...] = ()
    wanting: tuple[tuple[Test, ...], ...] = ()
    member_of: tuple[int, ...] = ()
    sure_of: tuple[int, ...] = ()


class Asked:
    """A test as all rules that ask the same have it in common: one of them, the stated fields
    whose texts decide it, in a fixed order, and the keys under which a record remembers what was
    said of it; this itself is that of the verdict."""

    __slots__ = ("needs", "reads", "test", "told")

    def __init__(self, test: Test, reads: tuple[str, ...]) -> None:
        self.test = test
        self.reads = reads
        self.told, self.needs = object(), object()


class Judge:
    """A rule book made ready to judge one record at a time. Safe from several threads.

    Of a rule with `across` it says what one line alone can say: false, or still to be judged by
    its window (see :mod:`redflags.engine.windows`).
    """

    def __init__(
        self,
        book: RuleBook,
        lists_as_of: datetime.date | None = None,
        rates: Rates = no_rates,
    ) -> None:
        self.book = book
        self._lists_as_of = lists_as_of
        self._rates = rates
        self._judgements = book.judgements
        self._compiled: dict[int, Closure] = {}
        self._shared: dict[object, Closure] = {}
        self._kept: list[Condition] = []  # keeps the ids of compiled conditions from reuse
        self._reads: dict[int, tuple[str, ...]] = {}
        self._asked: dict[int, Asked] = {}
        self._asked_alike: dict[object, Asked] = {}
        self._columns: dict[tuple[str, ...], tuple[str, ...]] = {}
        self.forms: dict[int, Any] = {}  # what explanations know of conditions, by their ids
        self.explained: dict[object, Any] = {}  # what else they remember, by keys of their own
        mitigations = book.mitigations
        self._lowerings: dict[str, tuple[Lowering | Mitigation, ...]] = {
            rule.name: (*rule.lowers, *(one for one in mitigations if one.fact == rule.fact))
            for rule in book.rules
            if not rule.is_stop
        }
        self._rules = [(rule, self._compile(rule.when)) for rule in book.rules]
        whens = [rule.when for rule in book.rules]
        self._candidates = Candidates(whens, self._compile)
        self._left_open = LeftOpen(whens, self._compile, self.prepare, _sameness)

    def verdicts(self, record: Record, standing: Standing | None = None) -> Verdicts:
        """Every rule that is true or unknown for the record; the others are false. Where it is
        known how rules stand, only those that are open are asked."""
        record.judge_by(self._judgements, self._rates)
        if standing is None:
            # Texts that are read when they are asked for are best asked for one by one.
            few = self._candidates if isinstance(record, TextRecord) else self._left_open
            standing = Standing(open=tuple(few.of(record)))
            if not standing.open:
                return NOTHING_SAID
        true, unknown = list(standing.true), list(standing.unknown)
        for number in standing.open:
            verdict = self._rules[number][1](record)
            if verdict is None:
                unknown.append(number)
            elif verdict:
                true.append(number)
        wanting = {
            self._rules[number][0].name: tests
            for number, tests in zip(standing.unknown, standing.wanting, strict=False)
        }
        return Verdicts(self._numbered(true), self._numbered(unknown), wanting)

    def prepare(self, record: Record) -> None:
        """Let the judgements and rates of this judge decide what a record says."""
        record.judge_by(self._judgements, self._rates)

    def _numbered(self, numbers: list[int]) -> tuple[Rule, ...]:
        numbers.sort()
        return tuple([self._rules[number][0] for number in numbers])

    @property
    def has_rates(self) -> bool:
        """Whether sums in other currencies can be compared."""
        return self._rates is not no_rates

    def verdict(self, condition: Condition, record: Record) -> Verdict:
        """The verdict of one condition."""
        record.judge_by(self._judgements, self._rates)
        return self._compile(condition)(record)

    def asker(self, conditions: Sequence[Condition]) -> Callable[[Record], tuple[Verdict, ...]]:
        """The verdicts of some conditions, as one function of a record. Conditions that are the
        same test of the same field are asked once."""
        places: dict[object, int] = {}
        closures: list[Closure] = []
        order: list[int] = []
        for condition in conditions:
            closure = self._compile(condition)
            key = _sameness(condition)
            if key not in places:
                places[key] = len(closures)
                closures.append(closure)
            order.append(places[key])
        judgements, rates = self._judgements, self._rates

        def ask(record: Record) -> tuple[Verdict, ...]:
            record.judge_by(judgements, rates)
            found = [closure(record) for closure in closures]
            return tuple([found[place] for place in order])

        return ask

    def alike(self, tests: Iterable[Test]) -> list[list[Test]]:
        """Tests together with those that ask the same, in the order of the first of each."""
        found: dict[object, list[Test]] = {}
        for test in tests:
            found.setdefault(_sameness(test), []).append(test)
        return list(found.values())

    def lowerings(self, rule: Rule) -> tuple[Lowering | Mitigation, ...]:
        """What can lower a sign: its own lowerings, then the mitigations of its fact."""
        return self._lowerings.get(rule.name, ())

    def reads(self, test: Test) -> tuple[str, ...]:
        """The stated fields whose texts decide a test, in a fixed order."""
        found = self._reads.get(id(test))
        if found is None:
            self._kept.append(test)
            fields = read_by(test)
            if GOODS in fields:
                fields = fields.union(GOODS_COLUMNS)
            columns = tuple(sorted(fields))
            # Tests that read the same have one tuple: a record remembers by it.
            found = self._reads[id(test)] = self._columns.setdefault(columns, columns)
        return found

    def asked(self, test: Test) -> Asked:
        """What a test has in common with those that ask the same, in the same words."""
        found = self._asked.get(id(test))
        if found is None:
            reads = self.reads(test)  # and so the test's id is not used again
            alike = _sameness(test), test.written
            found = self._asked_alike.setdefault(alike, Asked(test, reads))
            self._asked[id(test)] = found
        return found

    def reads_of(self, condition: Condition) -> tuple[str, ...]:
        """The stated fields whose texts decide a condition, in a fixed order."""
        found = self._reads.get(id(condition))
        if found is None:
            self._kept.append(condition)
            fields = {path for test in tests_of(condition) for path in self.reads(test)}
            columns = tuple(sorted(fields))
            found = self._reads[id(condition)] = self._columns.setdefault(columns, columns)
        return found

    def _compile(self, condition: Condition) -> Closure:
        closure = self._compiled.get(id(condition))
        if closure is None:
            closure = self._build(condition)
            self._kept.append(condition)
            self._compiled[id(condition)] = closure
        return closure

    def _build_test(self, test: Test) -> Closure:
        """The closure of a test; what is dear is asked once for all rules that ask the same."""
        if not _is_dear(test):
            return compile_test(test, self._lists_as_of)
        key = _sameness(test)
        closure = self._shared.get(key)
        if closure is None:
            closure = self._shared[key] = _asked_once(compile_test(test, self._lists_as_of))
        return closure

    def _build(self, condition: Condition) -> Closure:
        if isinstance(condition, Test):
            return self._build_test(condition)
        if isinstance(condition, Named):
            return _asked_once(self._compile(condition.block))
        # What reads least is asked first: most lines are settled by their goods alone.
        parts = tuple(self._compile(part) for part in sorted(condition.parts, key=cost))
        if condition.kind == "all":
            return parts[0] if len(parts) == 1 else _all_of(parts)
        if condition.kind == "any":
            return parts[0] if len(parts) == 1 else _any_of(parts)
        return _none_of(parts)


def _sameness(condition: Condition) -> object:
    """A key that is equal for tests that ask the same."""
    if not isinstance(condition, Test):
        return id(condition)
    operand = condition.operand
    if isinstance(operand, ListReference):
        return condition.field, condition.operator, id(operand.list), operand.where
    if isinstance(operand, LimitTable):
        return condition.field, condition.operator, id(operand)
    return condition.field, condition.operator, type(operand), operand


def _asked_once(closure: Closure) -> Closure:
    """The closure of a condition that many rules hold: asked once for each record."""
    key = object()

    def run(record: Record) -> Verdict:
        known = record.known
        if key in known:
            return known[key]
        verdict = known[key] = closure(record)
        return verdict

    return run


DEAR = frozenset({"same_as", "differs_from", "mentions", "between", "at_least", "more_than"}) | {
    "at_most",
    "less_than",
}
"""Operators that take longer than to look up what they said."""


def _is_dear(test: Test) -> bool:
    operand = test.operand
    return test.operator in DEAR or (isinstance(operand, ListReference) and operand.list.is_dated)


def _all_of(parts: Sequence[Closure]) -> Closure:
    def run(record: Record) -> Verdict:
        verdict: Verdict = True
        for part in parts:
            one = part(record)
            if one is False:
                return False
            if one is None:
                verdict = None
        return verdict

    return run


def _any_of(parts: Sequence[Closure]) -> Closure:
    def run(record: Record) -> Verdict:
        verdict: Verdict = False
        for part in parts:
            one = part(record)
            if one is True:
                return True
            if one is None:
                verdict = None
        return verdict

    return run


def _none_of(parts: Sequence[Closure]) -> Closure:
    some = _any_of(parts)

    def run(record: Record) -> Verdict:
        verdict = some(record)
        return None if verdict is None else not verdict

    return run
