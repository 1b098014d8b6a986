"""What order lines say of the windows of one rule across orders, line by line or many at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from redflags.across.groups import Groups, Link
from redflags.across.measures import NOTHING, Measure
from redflags.across.windows import NO_DAY, NO_KEY, Facts, Window
from redflags.engine.judge import Judge
from redflags.engine.line_texts import LineTexts, reads_of_field
from redflags.model import goods
from redflags.model.fields import field_table, roles
from redflags.model.record import COMPANION_COLUMNS, Record
from redflags.rulebook.operators import comparison_key
from redflags.rulebook.tree import Across, Having, Rule, Same
from redflags.values.understood import Understood

if TYPE_CHECKING:
    import polars as pl

HISTORY = "history"
"""What is needed where other orders would settle a rule: no field of this one does."""

MOST_LINKS = 50
"""Links of a window that its evidence names."""


class RuleWindow:
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
        self._key_reads = frozenset().union(*map(reads_of_field, fields))
        self._fixed: list[Hashable | None] | None = [] if fields else None
        self._missing: dict[int, tuple[str, ...]] = {}
        self.outside: set[int] = set()
        self._values: list[tuple[list[Any], Callable[[Record], Any]]] = []
        self._value_reads: list[Collection[str]] = []
        self._amounts: list[str | None] = []
        self.measures: list[Measure] = []
        for one in self.having:
            made = Measure(one.measure, one.operator or "is", _number_of(one))
            if one.measure == "distinct" and one.field in roles():
                made.party = (groups[frozenset()], ())
            elif one.measure not in ("count", "first"):
                values: list[Any] = []
                made.values = values
                self._values.append((values, _value_reader(one, judge)))
                self._value_reads.append(_reads_of_value(one, judge))
                is_amount = (
                    one.measure in ("sum", "max", "baseline") and one.field in COMPANION_COLUMNS
                )
                self._amounts.append(one.field if is_amount else None)
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

    def add_lines(
        self,
        start: int,
        texts: LineTexts,
        returned: Sequence[bool],
        places: Sequence[int],
        surely: Collection[int],
    ) -> list[int]:
        """Add some lines at once, of which the first has the number ``start``: only those at
        ``places`` can be of a window, and those that are ``surely`` so need no look. Which are or
        may be of one."""
        where, count = self._across.where, texts.height
        verdicts: list[bool | None] = [False] * count
        keys: list[Hashable | None] = [None] * count
        columns: list[list[Any]] = [[None] * count for _ in self._values]
        for place in places:
            verdicts[place] = True
        open_lines = [place for place in places if place not in surely]
        if where is not None and open_lines:
            told = texts.each(
                self._judge.reads_of(where), partial(self._judge.verdict, where), open_lines
            )
            for place, verdict in zip(open_lines, told, strict=True):
                verdicts[place] = verdict
        alive = [place for place in places if verdicts[place] is not False]
        if alive and self._fixed is not None:
            known = texts.each(self._key_reads, self._key_values, alive)
            for place, key in zip(alive, known, strict=True):
                keys[place] = self._whole(start + place, key)
                if NOTHING in key and None not in key:
                    self.outside.add(start + place)
        for place in places:
            if returned[place]:
                self.outside.add(start + place)
        alive = [place for place in alive if start + place not in self.outside]
        for column, (_, read), reads, path in zip(
            columns, self._values, self._value_reads, self._amounts, strict=True
        ):
            if path is None:
                told = texts.each(reads, read, alive)
            else:
                told = texts.each_amount(path, reads, read, alive)
            for place, value in zip(alive, told, strict=True):
                column[place] = value
        for place in places:
            if start + place in self.outside:
                verdicts[place] = False
        self._where += verdicts
        if self._fixed is not None:
            self._fixed += keys
        for (values, _), column in zip(self._values, columns, strict=True):
            values += column
        return alive

    def _key(self, line: int, record: Record) -> tuple[Any, ...] | None:
        """The fields that lines are kept together by; None where one is not known."""
        return self._whole(line, self._key_values(record))

    def _key_values(self, record: Record) -> tuple[Any, ...]:
        return tuple(read(record) for _, read in self._key_readers)

    def _whole(self, line: int, key: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """A key of a line; None, and noted, where a part of it is not known."""
        if None not in key:
            return key
        self._missing[line] = tuple(
            path for (path, _), value in zip(self._key_readers, key, strict=True) if value is None
        )
        return None

    def facts(
        self,
        days: Sequence[int | None],
        orders: Sequence[str | None],
        earliest: int | None,
        series: dict[int, tuple[object, pl.Series]],
    ) -> Facts:
        """All that was added, as the measuring of windows takes it. ``series`` is that of all
        rules."""
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
            series=series,
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
                return () if node < 0 else tuple(groups.connected(node, day, MOST_LINKS)[1])
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


def _reads_of_value(having: Having, judge: Judge) -> Collection[str]:
    """The columns that decide what a measure takes of one line."""
    if having.measure == "some":
        assert having.block is not None
        return judge.reads_of(having.block)
    return reads_of_field(having.field)


def _amount_in(path: str, unit: str, record: Record) -> int | None:
    """The amount in base units of a dimension or currency; None where it is not known in it."""
    value = record[path].value
    if value is None:
        return None
    if path == "quantity" and value.dimension != unit:
        value = goods.amount_in(record["product.family"], value, unit)
        return None if value is None else int(value.amount)
    if path != "quantity" and value.currency != unit:
        return None
    return int(value.amount)


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
