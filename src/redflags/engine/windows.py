"""Rules across orders: what each line says of every window, and the verdicts that follow.

Lines are added one by one in any order, those of the history too; of each only what some window
asks for is kept. Then the lines on which a rule with `across` still stands are judged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from redflags.across.groups import Groups, Link
from redflags.across.identity import PARTY_PATHS, parties_of
from redflags.across.known import without_collector
from redflags.across.measures import Measured
from redflags.across.windows import Facts, Window, measure
from redflags.engine.judge import Judge, Verdicts
from redflags.engine.line_texts import LineTexts
from redflags.engine.reads import behind
from redflags.engine.rule_window import HISTORY as HISTORY
from redflags.engine.rule_window import RuleWindow
from redflags.model.fields import roles
from redflags.model.record import Record
from redflags.rulebook.tree import Having, Rule

if TYPE_CHECKING:
    import polars as pl

    from redflags.across.kin import Kin
    from redflags.across.mentions import Mentions

MOST_NAMED = 50
"""Orders of a window that its evidence names."""


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
    found = rule_window(rule, record, others, judge)
    alone = judge.verdict(rule.when, record)
    if found is None:
        return alone
    return False if found.verdict is False else None if None in (alone, found.verdict) else True


def rule_window(
    rule: Rule, record: Record, others: Sequence[Record], judge: Judge
) -> WindowVerdict | None:
    """What the window of one line says for one rule, with other lines beside it; None where the
    line alone decides it."""
    if rule.across is None or judge.verdict(rule.when, record) is False:
        return None
    sheet = WindowSheet(judge, (rule,))
    for one in (record, *others):
        number = one["order_id"].value
        sheet.add(one, None if number is None else str(number))
    return sheet.judge({0: (rule,)})[0][rule.name]


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
        self._roles: set[str] = set()
        self._laid: list[tuple[int, pl.DataFrame]] = []
        self._placed: tuple[Mapping[str, pl.Series], int] | None = None
        self._told_of: dict[frozenset[str], pl.DataFrame] = {}
        for rule in rules:
            for by, role in _parties_of(rule):
                self._groups.setdefault(by, Groups(by))
                self._roles.add(role)
        self._windows = {rule.name: RuleWindow(rule, judge, self._groups) for rule in rules}

    def add(self, record: Record, order: str | None, rules: Collection[str] | None = None) -> int:
        """Keep what the windows ask of a line of the order of this number; the line's own number.
        None is a line that is an order of its own and has no number to be named by. ``rules`` are
        the names of the rules of whose windows the line may be, where that is known."""
        line = len(self._days)
        day = _day_of(record)
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

    def add_lines(
        self,
        texts: LineTexts,
        orders: Sequence[str],
        possible: Sequence[Collection[str]],
        sure: Sequence[Collection[str]],
    ) -> range:
        """Keep what the windows ask of some lines at once; their own numbers. For each line
        ``orders`` has the number of its order, ``possible`` the names of the rules of whose
        windows it may be, and ``sure`` of which of these it surely fulfils the `where`. Who their
        parties are is worked out with those of all lines, by :meth:`stand_by`."""
        start = len(self._days)
        days = texts.stated("date", date.toordinal)
        for day in set(days):
            self.note_day(day)
        self._days += days
        own = [self._kept.setdefault(order, order) for order in orders]
        self._orders += own
        if self._groups:
            self._laid.append((start, self._party_texts(texts.frame)))
            for groups in self._groups.values():
                groups.leave_room(texts.height)
        returned = _returned(texts)
        are_members = bytearray(texts.height)
        lines_of: dict[tuple[int, int], list[int]] = {}
        rules_of: dict[tuple[int, int], tuple[Collection[str], Collection[str]]] = {}
        for place, one in enumerate(zip(possible, sure, strict=True)):
            key = (id(one[0]), id(one[1]))
            lines_of.setdefault(key, []).append(place)
            rules_of[key] = one
        for name, window in self._windows.items():
            places: list[int] = []
            surely: set[int] = set()
            for key, (may, does) in rules_of.items():
                if name in may:
                    places += lines_of[key]
                    if name in does:
                        surely.update(lines_of[key])
            places.sort()
            for place in window.add_lines(start, texts, returned, places, surely):
                are_members[place] = True
        self._are_members += are_members
        return range(start, start + texts.height)

    def is_of_some_window(self, line: int) -> bool:
        """Whether a line is or may be of some window."""
        return bool(self._are_members[line])

    def note_day(self, day: int | None) -> None:
        """Note that there is an order of a day, from however long ago."""
        if day is not None and (self._earliest is None or day < self._earliest):
            self._earliest = day

    def _party_texts(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The texts by which those parties are known that windows look at."""
        paths = [path for role in sorted(self._roles) for path in PARTY_PATHS[role][:_KNOWN_BY]]
        return frame.select([path for path in paths if path in frame.columns])

    def stand_by(self, mentions: Mentions) -> None:
        """Note the parties of all lines that were added at once, and those of lines that are of no
        window: whom they know links others."""
        known = next(iter(self._groups.values()), None)
        if known is None:
            return
        kin = mentions.kin(known)
        laid = self._laid_parties(kin)
        self._placed = laid, kin.count
        asked = _different(laid.values())
        for by, groups in self._groups.items():
            self._told_of[by] = kin.tell(groups, asked)

    def _laid_parties(self, kin: Kin) -> dict[str, pl.Series]:
        """For each role the numbers of the parties of all lines on the sheet; null for lines that
        were added one by one."""
        import polars as pl

        places = [pl.int_range(start, start + one.height, eager=True) for start, one in self._laid]
        frames = [one for _, one in self._laid]
        self._laid = []
        if not frames:
            return {}
        # A column that one input has and another has not is blank there.
        texts = pl.concat(frames, how="diagonal").with_columns(pl.all().fill_null(""))
        place = pl.concat(places)
        found = {}
        for role in sorted(self._roles):
            parts = {path.partition(".")[2]: path for path in PARTY_PATHS[role][:_KNOWN_BY]}
            if parts["name"] not in texts.columns and parts["registration"] not in texts.columns:
                continue
            own = texts.select(
                (pl.col(path) if path in texts.columns else pl.lit("")).alias(part)
                for part, path in parts.items()
            )
            column = pl.repeat(None, len(self._days), dtype=pl.UInt32, eager=True)
            found[role] = column.scatter(place, kin.numbers_of(role, own))
        return found

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
        """What the windows of these lines say for these rules; to be called once, after the last
        line. But for the days of orders all is forgotten then."""
        for by, groups in self._groups.items():
            groups.settle()
            if self._placed is not None:
                laid, count = self._placed
                groups.place(laid, self._told_of.pop(by), count)
        self._placed = None
        with without_collector():
            found = self._judged(asked)
        self._windows.clear()
        self._groups.clear()
        self._kept.clear()
        return found

    def _judged(self, asked: Mapping[int, Sequence[Rule]]) -> dict[int, dict[str, WindowVerdict]]:
        by_rule: dict[str, list[int]] = {}
        found: dict[int, dict[str, WindowVerdict]] = {line: {} for line in asked}
        for line, rules in asked.items():
            for rule in rules:
                if line in self._windows[rule.name].outside:
                    found[line][rule.name] = OUTSIDE
                else:
                    by_rule.setdefault(rule.name, []).append(line)
        series: dict[int, tuple[object, pl.Series]] = {}
        for name, lines in by_rule.items():
            window = self._windows[name]
            facts = window.facts(self._days, self._orders, self._earliest, series)
            told = measure(facts, window.measures, lines)
            false: dict[int, WindowVerdict] = {}  # of most lines one window that is false
            for line, one in zip(lines, told, strict=True):
                known = false.get(id(one))
                if known is None:
                    known = self._told(window, facts, line, one)
                    if known.verdict is False:
                        false[id(one)] = known
                found[line][name] = known
        return found

    def _told(self, window: RuleWindow, facts: Facts, line: int, found: Window) -> WindowVerdict:
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


def _parties_of(rule: Rule) -> list[tuple[frozenset[str], str]]:
    """The kinds of link by which a rule's window groups parties, without any by identity, each
    with the role of these parties."""
    across = rule.across
    assert across is not None
    found = [(frozenset(one.by), one.path) for one in across.same if one.kind != "field"]
    counted = [one.field for one in across.having if one.measure == "distinct"]
    return [*found, *((frozenset[str](), field) for field in counted if field in roles())]


def _day_of(record: Record) -> int | None:
    found: date | None = record["date"].value
    return None if found is None else found.toordinal()


_KNOWN_BY = 3
"""The first paths of a role are those by which a party is known: name, registration, country."""


def _different(columns: Iterable[pl.Series]) -> pl.Series:
    import polars as pl

    return pl.concat([pl.Series([], dtype=pl.UInt32), *columns]).drop_nulls().unique()


_RETURN_READS = behind("quantity") | behind("value")
_AMOUNTS = ("quantity", "unit", "value", "currency")

_WITHOUT_SIGN = r"^[0-9A-Za-z .,%/]*$"
"""Texts of amounts without a sign or brackets: none of them is below zero."""


def _returned(texts: LineTexts) -> list[bool]:
    """Of each line whether it is a return, as :func:`is_return` says. Only amounts of which some
    text has more in it than letters and figures are read."""
    import polars as pl

    columns = [one for one in _AMOUNTS if one in texts.frame.columns]
    if not columns:
        return [False] * texts.height
    odd = texts.frame.select(
        pl.any_horizontal(~pl.col(columns).str.contains(_WITHOUT_SIGN).fill_null(True))
    )
    places = odd.to_series().arg_true().to_list()
    found = [False] * texts.height
    if not places:
        return found
    for place, told in zip(places, texts.each(_RETURN_READS, is_return, places), strict=True):
        found[place] = told
    return found


def is_return(record: Record) -> bool:
    """Whether the line says that goods or money came back."""
    for path in ("quantity", "value"):
        value = record[path].value
        if value is not None and value.amount < 0:
            return True
    return False
