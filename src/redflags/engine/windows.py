"""Rules across orders: what each line says of every window, and the verdicts that follow.

Lines are added one by one in any order, those of the history too; of each only what some window
asks for is kept. Then the lines on which a rule with `across` still stands are judged.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from redflags.across.groups import Groups, Link
from redflags.across.identity import parties_of
from redflags.across.measures import NOTHING, Measure, Measured
from redflags.across.windows import NO_DAY, NO_KEY, Facts, Window, measure
from redflags.engine.judge import Judge, Verdicts
from redflags.model import goods
from redflags.model.fields import field_table, roles
from redflags.model.record import Record
from redflags.rulebook.operators import comparison_key
from redflags.rulebook.tree import Across, Having, Rule, Same
from redflags.values.understood import Understood

if TYPE_CHECKING:
    from redflags.across.mentions import Mentions

HISTORY = "history"
"""What is needed where other orders would settle a rule: no field of this one does."""

MOST_NAMED = 50
"""Orders and links of a window that its evidence names."""


@dataclass(frozen=True, slots=True)
class WindowVerdict:
    """What the window of one line says for one rule.

    ``measured`` has what was measured for each thing that the rule asks, in its order. ``orders``
    are the numbers of the latest orders of the window in order of time, at most fifty;
    ``order_count`` and ``line_count`` count all. ``first`` and ``last`` are the days of its first
    and last line; ``first`` is None for a window of more than fifty lines. ``links`` say how the
    buyers are linked, where the rule asks for that. ``needs`` are the fields of this order that
    would settle an unknown verdict, or :data:`HISTORY`, each with the reason.
    """

    verdict: bool | None
    measured: tuple[tuple[Having, Measured], ...] = ()
    orders: tuple[str, ...] = ()
    order_count: int = 0
    line_count: int = 0
    first: date | None = None
    last: date | None = None
    links: tuple[Link, ...] = ()
    needs: tuple[tuple[str, str], ...] = ()


OUTSIDE = WindowVerdict(False)
"""What a line says that is of no window: a return, which is no purchase, and goods of no family
where windows are kept together by that."""


def judge_windows(
    lines: Sequence[Record], asked: Sequence[int], judge: Judge
) -> list[dict[str, WindowVerdict]]:
    """For each of the lines asked for, by their place in ``lines``, what the window says for every
    rule with `across` that the line alone leaves true or unknown, by the rule's name.

    Lines of one order have the same order number; one without a number is an order of its own.
    """
    sheet = WindowSheet(judge)
    for record in lines:
        number = record["order_id"].value
        sheet.add(record, None if number is None else str(number))
    open_rules = {place: across_rules(judge.verdicts(lines[place])) for place in asked}
    found = sheet.judge(open_rules)
    return [found.get(place, {}) for place in asked]


def rule_verdict(rule: Rule, record: Record, others: Sequence[Record], judge: Judge) -> bool | None:
    """The verdict of one rule of the judge's book on one line, with other lines beside it: those
    of an example, say."""
    alone = judge.verdict(rule.when, record)
    if rule.across is None or alone is False:
        return alone
    sheet = WindowSheet(judge, (rule,))
    for one in (record, *others):
        number = one["order_id"].value
        sheet.add(one, None if number is None else str(number))
    window = sheet.judge({0: (rule,)})[0][rule.name].verdict
    return False if window is False else None if None in (alone, window) else True


def across_rules(verdicts: Verdicts) -> tuple[Rule, ...]:
    """The rules across orders that one line alone leaves true or unknown."""
    return tuple(rule for rule in (*verdicts.true, *verdicts.unknown) if rule.across is not None)


def settled(verdicts: Verdicts, windows: Mapping[str, WindowVerdict]) -> Verdicts:
    """The verdicts of a line with what its windows say: Kleene's `and` of the two."""
    true = [rule for rule in verdicts.true if _verdict(rule, windows) is True]
    unknown = [rule for rule in verdicts.true if _verdict(rule, windows) is None]
    unknown += [rule for rule in verdicts.unknown if _verdict(rule, windows) is not False]
    unknown.sort(key=lambda rule: rule.name)
    return replace(verdicts, true=tuple(true), unknown=tuple(unknown))


def _verdict(rule: Rule, windows: Mapping[str, WindowVerdict]) -> bool | None:
    return True if rule.across is None else windows[rule.name].verdict


class WindowSheet:
    """The lines of a run, as far as the windows of its rules look at them.

    The numbers that :meth:`add` gives are those that :meth:`judge` is asked with.
    """

    def __init__(self, judge: Judge, rules: Sequence[Rule] | None = None) -> None:
        """A sheet for these rules, or for all of the judge's book."""
        rules = judge.book.across_rules if rules is None else rules
        self._days: list[int | None] = []
        self._orders: list[str | None] = []
        self._kept: dict[str, str] = {}  # one text for each order number
        self._groups: dict[frozenset[str], Groups] = {}
        self._earliest: int | None = None
        self._are_members = bytearray()
        self._is_settled = False
        for rule in rules:
            for by in _groups_of(rule):
                self._groups.setdefault(by, Groups(by))
        self._windows = {rule.name: _WindowOfRule(rule, judge, self._groups) for rule in rules}

    def add(self, record: Record, order: str | None, rules: Collection[str] | None = None) -> int:
        """Keep what the windows ask of a line of the order of this number; the line's own number.
        None is a line that is an order of its own and has no number to be named by. ``rules`` are
        the names of the rules of whose windows the line may be, where that is known."""
        line = len(self._days)
        found: date | None = record["date"].value
        day = None if found is None else found.toordinal()
        if order is not None:
            order = self._kept.setdefault(order, order)
        self.note_day(day)
        self._days.append(day)
        self._orders.append(order)
        if self._groups:
            parties = parties_of(record)
            for groups in self._groups.values():
                groups.add(day, order, parties)
        returned = is_return(record)
        is_member = False
        for name, window in self._windows.items():
            if window.add(line, record, returned, rules is None or name in rules):
                is_member = True
        self._are_members.append(is_member)
        return line

    def is_of_some_window(self, line: int) -> bool:
        """Whether a line is or may be of some window."""
        return bool(self._are_members[line])

    def note_day(self, day: int | None) -> None:
        """Note that there is an order of a day, from however long ago."""
        if day is not None and (self._earliest is None or day < self._earliest):
            self._earliest = day

    def stand_by(self, mentions: Mentions) -> None:
        """Note the parties of lines that are of no window: whom they know links others."""
        known = next(iter(self._groups.values()), None)
        if known is not None:
            kin = mentions.kin(known)
            for groups in self._groups.values():
                kin.tell(groups)

    @property
    def link_kinds(self) -> frozenset[str]:
        """What links parties for some window."""
        return frozenset().union(*(groups.kinds for groups in self._groups.values()))

    @property
    def looks_at_parties(self) -> bool:
        """Whether some window looks at who a party is or whom it is linked with."""
        return bool(self._groups)

    def days_of(self, orders: Collection[str]) -> dict[str, date]:
        """The first day of each of these orders that has one."""
        found: dict[str, int] = {}
        for order, day in zip(self._orders, self._days, strict=True):
            if order in orders and order is not None and day is not None:
                found[order] = min(day, found.get(order, day))
        return {order: date.fromordinal(day) for order, day in found.items()}

    def judge(self, asked: Mapping[int, Sequence[Rule]]) -> dict[int, dict[str, WindowVerdict]]:
        """What the windows of these lines say for these rules. No line is added after this."""
        if not self._is_settled:
            self._is_settled = True
            for groups in self._groups.values():
                groups.settle()
        by_rule: dict[str, list[int]] = {}
        found: dict[int, dict[str, WindowVerdict]] = {line: {} for line in asked}
        for line, rules in asked.items():
            for rule in rules:
                if line in self._windows[rule.name].outside:
                    found[line][rule.name] = OUTSIDE
                else:
                    by_rule.setdefault(rule.name, []).append(line)
        for name, lines in by_rule.items():
            window = self._windows[name]
            facts = window.facts(self._days, self._orders, self._earliest)
            for line, one in zip(lines, measure(facts, window.measures, lines), strict=True):
                found[line][name] = self._told(window, facts, line, one)
        return found

    def _told(self, window: _WindowOfRule, facts: Facts, line: int, found: Window) -> WindowVerdict:
        verdict = found.verdict
        measured = tuple(zip(window.having, found.measured, strict=True))
        if verdict is False:
            return WindowVerdict(False, measured)
        members = [one for one in found.members if window.is_sure(facts, one)]
        orders = dict.fromkeys(order for one in members if (order := self._orders[one]) is not None)
        days = [day for one in members if (day := self._days[one]) is not None]
        are_all = len(members) == found.lines
        return WindowVerdict(
            verdict,
            measured,
            orders=tuple(orders)[-MOST_NAMED:],
            order_count=found.orders,
            line_count=found.lines,
            first=date.fromordinal(min(days)) if days and are_all else None,
            last=date.fromordinal(max(days)) if days else None,
            links=window.links(line, self._days[line]),
            needs=() if verdict else tuple(window.needs(facts, line, found).items()),
        )


def _groups_of(rule: Rule) -> list[frozenset[str]]:
    """The kinds of link by which a rule's window groups parties; without any, by identity."""
    assert rule.across is not None
    found = [frozenset(one.by) for one in rule.across.same if one.kind != "field"]
    if any(one.measure == "distinct" and one.field in roles() for one in rule.across.having):
        found.append(frozenset())
    return found


def is_return(record: Record) -> bool:
    """Whether the line says that goods or money came back."""
    for path in ("quantity", "value"):
        value = record[path].value
        if value is not None and value.amount < 0:
            return True
    return False


class _WindowOfRule:
    """What the lines say of the window of one rule, line by line."""

    def __init__(self, rule: Rule, judge: Judge, groups: Mapping[frozenset[str], Groups]) -> None:
        assert rule.across is not None
        self._across: Across = rule.across
        self.having = rule.across.having
        self._judge = judge
        self._groups = groups
        self._where: list[bool | None] = []
        fields = [one.path for one in rule.across.same if one.kind == "field"]
        self._key_readers = [(path, _member_reader(path)) for path in fields]
        self._fixed: list[Hashable | None] | None = [] if fields else None
        self._missing: dict[int, tuple[str, ...]] = {}
        self.outside: set[int] = set()
        self._values: list[tuple[list[Any], Callable[[Record], Any]]] = []
        self.measures: list[Measure] = []
        for one in self.having:
            made = Measure(one.measure, one.operator or "is", _number_of(one))
            if one.measure == "distinct" and one.field in roles():
                made.party = (groups[frozenset()], ())
            elif one.measure not in ("count", "first"):
                values: list[Any] = []
                made.values = values
                self._values.append((values, _value_reader(one, judge)))
            self.measures.append(made)

    def add(self, line: int, record: Record, returned: bool, is_possible: bool = True) -> bool:
        """Add a line; one that is known not to be of any window is not looked at. Whether it is or
        may be of one."""
        where = self._across.where
        verdict: bool | None = False
        if is_possible:
            verdict = True if where is None else self._judge.verdict(where, record)
        key = self._key(line, record) if verdict is not False else None
        if returned or (key is not None and NOTHING in key):
            self.outside.add(line)
            verdict = False
        self._where.append(verdict)
        if self._fixed is not None:
            self._fixed.append(key)
        for values, read in self._values:
            values.append(None if verdict is False else read(record))
        return verdict is not False

    def _key(self, line: int, record: Record) -> tuple[Any, ...] | None:
        """The fields that lines are kept together by; None where one is not known."""
        key = tuple(read(record) for _, read in self._key_readers)
        if None not in key:
            return key
        self._missing[line] = tuple(
            path for (path, _), value in zip(self._key_readers, key, strict=True) if value is None
        )
        return None

    def facts(
        self, days: Sequence[int | None], orders: Sequence[str | None], earliest: int | None
    ) -> Facts:
        """All that was added, as the measuring of windows takes it."""
        for one, made in zip(self.having, self.measures, strict=True):
            if made.party is not None:
                made.party = (made.party[0], made.party[0].nodes(one.field))
        within = self._across.within
        return Facts(
            days=days,
            # Within one order another transaction is another line of it.
            orders=orders if within is not None else range(len(orders)),
            where=self._where,
            fixed=self._fixed,
            parties=[
                (self._groups[frozenset(one.by)], self._nodes(one))
                for one in self._across.same
                if one.kind != "field"
            ],
            within=within,
            earliest=earliest,
        )

    def is_sure(self, facts: Facts, line: int) -> bool:
        """Whether a line is surely of its window and not only perhaps."""
        is_dated = facts.within is None or facts.days[line] is not None
        return is_dated and self._where[line] is True

    def links(self, line: int, day: int | None) -> tuple[Link, ...]:
        """How the buyers of the window are linked, as known on the day of the line."""
        for one in self._across.same:
            if one.kind == "linked":
                groups = self._groups[frozenset(one.by)]
                node = self._nodes(one)[line]
                return () if node < 0 else tuple(groups.connected(node, day, MOST_NAMED)[1])
        return ()

    def needs(self, facts: Facts, line: int, found: Window) -> dict[str, str]:
        """What would settle a window that says neither yes nor no, with the reason for each."""
        needs: dict[str, str] = dict.fromkeys(self._missing.get(line, ()), NO_KEY)
        for same in self._across.same:
            if same.kind != "field" and self._nodes(same)[line] < 0:
                needs.setdefault(f"{same.path}.name", NO_KEY)
        if needs:
            return needs
        if facts.within is not None and facts.days[line] is None:
            return {"date": NO_DAY}
        for having, made, measured in zip(self.having, self.measures, found.measured, strict=True):
            if measured.verdict is not None:
                continue
            if _is_open(made, line):
                path = f"{having.field}.name" if made.party is not None else having.field
                needs.setdefault(path, measured.why)
            elif found.history_before is not None and having.measure in ("first", "baseline"):
                first = date.fromordinal(found.history_before).isoformat()
                needs[HISTORY] = f"the orders before {first} are not in the input"
            else:
                needs.setdefault(HISTORY, measured.why)
        return needs

    def _nodes(self, same: Same) -> Sequence[int]:
        return self._groups[frozenset(same.by)].nodes(same.path)


def _is_open(made: Measure, line: int) -> bool:
    """Whether the line's own value is what is not known."""
    if made.party is not None:
        return made.party[1][line] < 0
    return bool(made.values) and made.kind != "some" and made.values[line] is None


def _number_of(having: Having) -> Any:
    """The operand as a number of base units."""
    if having.measure == "some":
        return True
    if having.measure not in ("sum", "max"):
        return having.operand
    if isinstance(having.operand, tuple):
        return tuple(one.amount for one in having.operand)
    return having.operand.amount


def _value_reader(having: Having, judge: Judge) -> Callable[[Record], Any]:
    """What a measure takes of one line."""
    if having.measure == "some":
        block = having.block
        assert block is not None
        return lambda record: judge.verdict(block, record)
    if having.measure == "distinct":
        return _member_reader(having.field)
    path = having.field
    if having.measure == "baseline":
        return lambda record: _amount_with_unit(path, record)
    operand = having.operand[0] if isinstance(having.operand, tuple) else having.operand
    unit = operand.dimension if path == "quantity" else operand.currency
    return lambda record: _amount_in(path, unit, record)


def _amount_in(path: str, unit: str, record: Record) -> int | None:
    """The amount in base units of a dimension or currency; None where it is not known in it."""
    value = record[path].value
    if value is None:
        return None
    if path == "quantity":
        value = goods.amount_in(record["product.family"], value, unit)
        return None if value is None else int(value.amount)
    return int(value.amount) if value.currency == unit else None


def _amount_with_unit(path: str, record: Record) -> tuple[str, int] | None:
    """The amount with the dimension or currency it is of; a volume of goods whose density is known
    as mass, so that both can be compared."""
    value = record[path].value
    if value is None:
        return None
    if path != "quantity":
        return value.currency, value.amount
    if value.dimension == "volume":
        as_mass = _amount_in(path, "mass", record)
        if as_mass is not None:
            return "mass", as_mass
    return value.dimension, value.amount


def _member_reader(path: str) -> Callable[[Record], Any]:
    """The value of a field as it is compared; of a set the member that is best supported."""
    kind = field_table()[path].kind
    key = comparison_key(kind)
    if not kind.is_set:
        return lambda record: None if record[path].value is None else key(record[path].value)
    return lambda record: _best_supported(record[path])


def _best_supported(families: Understood) -> Any:
    if families.value is None:
        return None
    if not families.value:
        return None if families.partial else NOTHING
    return goods.evidence(families)[0].family
