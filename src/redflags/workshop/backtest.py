"""What rules would have caught: precision, recall and alert load on orders with labels.

Only labelled orders count as of concern or honest; an order without a label is neither, and is
never taken for honest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from redflags.model.report import Report
from redflags.rulebook.tree import RuleBook
from redflags.scoring import Sign, band_of, is_at_least, weigh
from redflags.weights import BANDS, bits_of_weight
from redflags.workshop.labels import Labels
from redflags.workshop.shares import Share

SCORES = range(101)
"""The scores at which a line is tried."""

ENOUGH = 50
"""Labelled orders of each class from which a line may be proposed (judgement): with so many the
interval of a share is at most 27 points wide."""

NARROW_ENOUGH = 0.2
"""The widest intervals of recall and of false alarms with which a line is proposed (judgement)."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many orders of concern, honest ones, and ones without a label."""

    concern: int = 0
    honest: int = 0
    unlabelled: int = 0

    @property
    def all(self) -> int:
        """All of them."""
        return self.concern + self.honest + self.unlabelled

    @property
    def precision(self) -> Share:
        """The share of the labelled ones that are of concern."""
        return Share(self.concern, self.concern + self.honest)


@dataclass(frozen=True, slots=True)
class Caught:
    """What is flagged by something, out of ``whole``, all orders of the data."""

    flagged: Counts
    whole: Counts

    @property
    def precision(self) -> Share:
        """Of the labelled orders flagged, the share that is of concern."""
        return self.flagged.precision

    @property
    def recall(self) -> Share:
        """Of the orders of concern, the share that is flagged."""
        return Share(self.flagged.concern, self.whole.concern)

    @property
    def false_alarms(self) -> Share:
        """Of the honest orders, the share that is flagged."""
        return Share(self.flagged.honest, self.whole.honest)

    @property
    def load(self) -> Share:
        """Of all orders, labelled or not, the share that is flagged."""
        return Share(self.flagged.all, self.whole.all)


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What one rule catches. ``alone`` are the orders that no other rule flags; ``needed`` those
    at or above the line that would be below it without this rule."""

    rule: str
    title: str
    grade: str
    caught: Caught
    alone: Counts
    needed: Counts


@dataclass(frozen=True, slots=True)
class Proposal:
    """A line that would have done better on these orders: as many of concern, fewer honest."""

    score: int
    caught: Caught


@dataclass(frozen=True, slots=True)
class Backtest:
    """What came of rules on labelled orders. ``at_line`` has what is caught in each band or a
    higher one, ``in_band`` the orders in it; ``at_score`` what a line at each of :data:`SCORES`
    would catch. ``absent`` are the labelled orders that are not in the data."""

    files: tuple[str, ...]
    labels: str
    undecided: int
    whole: Counts
    absent: tuple[str, ...]
    line: str
    at_line: Mapping[str, Caught]
    in_band: Mapping[str, Counts]
    at_score: tuple[Caught, ...]
    rules: tuple[RuleResult, ...]
    silent: tuple[str, ...]
    proposal: Proposal | None
    is_enough: bool


@dataclass(slots=True)
class _Tally:
    """Counts that grow, of orders by their label."""

    counted: Counter[bool | None] = field(default_factory=Counter)

    def add(self, label: bool | None) -> None:
        self.counted[label] += 1

    @property
    def counts(self) -> Counts:
        return Counts(self.counted[True], self.counted[False], self.counted[None])


def backtest(
    report: Report, book: RuleBook, labels: Labels, present: Collection[str], line: str
) -> Backtest:
    """What came of a run on labelled orders. ``present`` are the numbers of all orders of the
    data; ``line`` is the band from which an order counts as caught where one line is asked for.
    The report must hold all alerts."""
    known = {number: label for number, label in labels.by_order.items() if number in present}
    whole = Counts(
        sum(known.values()),
        len(known) - sum(known.values()),
        report.summary.orders - len(known),
    )
    rules: dict[str, _Tally] = {}
    alone: dict[str, _Tally] = {}
    needed: dict[str, _Tally] = {}
    bands: dict[str, _Tally] = {band: _Tally() for band, _ in BANDS}
    scores = [_Tally() for _ in SCORES]
    for plain in report.assessments.plain():
        flags = plain["flags"]
        if not flags:
            continue
        label = known.get(plain["order_id"])
        bands[plain["band"]].add(label)
        scores[_last_line(plain)].add(label)
        for flag in flags:
            rules.setdefault(flag["rule"], _Tally()).add(label)
        if len(flags) == 1:
            alone.setdefault(flags[0]["rule"], _Tally()).add(label)
        if is_at_least(plain["band"], line):
            for name in _needed(flags, line):
                needed.setdefault(name, _Tally()).add(label)
    at_score = _above(scores, whole)
    at_line = _at_lines(bands, whole)
    is_enough = _is_enough(at_line[line])
    return Backtest(
        files=tuple(one.path for one in report.run.inputs),
        labels=labels.source,
        undecided=labels.undecided,
        whole=whole,
        absent=tuple(number for number in labels.by_order if number not in present),
        line=line,
        at_line=at_line,
        in_band={band: tally.counts for band, tally in bands.items()},
        at_score=at_score,
        rules=_rules(book, rules, alone, needed, whole),
        silent=tuple(rule.name for rule in book.rules if rule.name not in rules),
        proposal=_proposal(at_score, at_line[line]) if is_enough else None,
        is_enough=is_enough,
    )


def _last_line(plain: Mapping[str, Any]) -> int:
    """The highest score of a line that the order still reaches; a stop reaches all."""
    if plain["stop"]:
        return SCORES[-1]
    exact = 100 * (1 - 2 ** (-plain["bits"] / 1000))
    return min(SCORES[-1], int(exact))


def _needed(flags: Iterable[Mapping[str, Any]], line: str) -> list[str]:
    """The rules without which an order would be below the line."""
    flags = list(flags)
    signs = [
        Sign(
            flag["rule"],
            flag["fact"],
            flag["severity"],
            bits_of_weight(flag["weight"]) - sum(one["by"] for one in flag["lowered"]),
        )
        for flag in flags
        if flag["kind"] != "stop"
    ]
    stops = [flag["rule"] for flag in flags if flag["kind"] == "stop"]
    found = []
    for flag in flags:
        name = flag["rule"]
        bits = weigh(sign for sign in signs if sign.rule != name).bits
        stop = any(rule != name for rule in stops)
        if not is_at_least(band_of(bits, flagged=len(flags) > 1, stop=stop), line):
            found.append(name)
    return found


def _above(scores: list[_Tally], whole: Counts) -> tuple[Caught, ...]:
    counted: Counter[bool | None] = Counter()
    found = []
    for tally in reversed(scores):
        counted += tally.counted
        found.append(Caught(Counts(counted[True], counted[False], counted[None]), whole))
    return tuple(reversed(found))


def _at_lines(bands: Mapping[str, _Tally], whole: Counts) -> dict[str, Caught]:
    found: dict[str, Caught] = {}
    counted: Counter[bool | None] = Counter()
    for band, _ in reversed(BANDS):
        counted += bands[band].counted
        found[band] = Caught(Counts(counted[True], counted[False], counted[None]), whole)
    return found


def _rules(
    book: RuleBook,
    rules: Mapping[str, _Tally],
    alone: Mapping[str, _Tally],
    needed: Mapping[str, _Tally],
    whole: Counts,
) -> tuple[RuleResult, ...]:
    none = _Tally()
    found = [
        RuleResult(
            rule.name,
            rule.title,
            "stop" if rule.is_stop else rule.severity or "",
            Caught(rules[rule.name].counts, whole),
            alone.get(rule.name, none).counts,
            needed.get(rule.name, none).counts,
        )
        for rule in book.rules
        if rule.name in rules
    ]
    return tuple(sorted(found, key=_rank))


def _rank(one: RuleResult) -> tuple[int, int, str]:
    return -one.caught.flagged.concern, one.caught.flagged.honest, one.rule


def _is_enough(caught: Caught) -> bool:
    return (
        min(caught.whole.concern, caught.whole.honest) >= ENOUGH
        and max(caught.recall.width, caught.false_alarms.width) <= NARROW_ENOUGH
    )


def _proposal(at_score: tuple[Caught, ...], now: Caught) -> Proposal | None:
    """The highest line that loses no order of concern, if it flags fewer honest ones."""
    for score in reversed(SCORES):
        caught = at_score[score]
        if caught.flagged.concern >= now.flagged.concern:
            is_better = caught.flagged.honest < now.flagged.honest
            return Proposal(score, caught) if is_better else None
    return None
