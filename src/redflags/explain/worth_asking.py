"""Which missing fact is worth asking for: what it could add to the evidence, or take from it.

The rules that could not be judged say what a fact could add, what would lower a flag and is not
known says what it could take away. Both are bounds: the answer may do neither. Facts that settle
something only together stand together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from redflags.engine.judge import Judge, Verdicts
from redflags.explain.assess import Windows, window_needs
from redflags.explain.evidence import needs_of, wanting
from redflags.explain.outcomes import bits_left
from redflags.model.fields import field_table
from redflags.model.record import Record
from redflags.model.results import Band, WorthAsking
from redflags.rulebook.tree import Lowering, Mitigation, Rule
from redflags.scoring import Sign, band_of, weigh
from redflags.values.understood import ABSENT

MOST_LISTED = 5
"""Facts that are listed."""

MOST_TOGETHER = 4
"""Facts that are asked for together, where fewer would settle anything at all: nobody puts twelve
questions to settle one rule."""

MOST_GROUPS = 200
"""Groups of facts that are weighed for one order."""

Fields = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Lower:
    """Something that is not known and would lower a flag."""

    needs: Fields
    rule: Rule
    by: int


@dataclass(slots=True)
class _Open:
    """What is known of an order, and what is not."""

    signs: dict[str, Sign] = field(default_factory=dict)
    raised: set[str] = field(default_factory=set)
    could_raise: dict[str, tuple[Fields, Sign | None]] = field(default_factory=dict)
    could_lower: list[_Lower] = field(default_factory=list)
    absent: set[str] = field(default_factory=set)
    stop: bool = False

    @property
    def groups(self) -> list[Fields]:
        """The sets of fields that would settle something, the smallest first."""
        found = {needs for needs, _ in self.could_raise.values()}
        found |= {one.needs for one in self.could_lower}
        return sorted((one for one in found if one), key=lambda one: (len(one), sorted(one)))


def worth_asking(
    lines: Sequence[Record],
    judge: Judge,
    verdicts: Sequence[Verdicts],
    windows: Sequence[Windows] | None = None,
) -> tuple[WorthAsking, ...]:
    """The missing facts that could change the evidence of an order most, the most first; none that
    another one of fewer facts outdoes. ``verdicts`` are those on each line, ``windows`` what
    led to those of rules across orders."""
    windows = [{} for _ in lines] if windows is None else windows
    known = _open(lines, judge, verdicts, windows)
    bits = weigh(known.signs.values()).bits
    found: list[tuple[Fields, WorthAsking]] = []
    for fields in known.groups[:MOST_GROUPS]:
        one = _weighed(fields, known, bits)
        if one is None or any(
            smaller < fields
            and other.could_add >= one.could_add
            and other.could_remove >= one.could_remove
            and other.could_stop >= one.could_stop
            for smaller, other in found
        ):
            continue
        found.append((fields, one))
    found = [pair for pair in found if len(pair[0]) <= MOST_TOGETHER] or found
    found.sort(key=lambda pair: _rank(pair[1]))
    return tuple(one for _, one in found[:MOST_LISTED])


def _rank(one: WorthAsking) -> tuple[bool, int, int, tuple[str, ...]]:
    return not one.could_stop, -max(one.could_add, one.could_remove), len(one.fields), one.fields


def _open(
    lines: Sequence[Record],
    judge: Judge,
    verdicts: Sequence[Verdicts],
    windows: Sequence[Windows],
) -> _Open:
    known = _Open()
    judged = list(zip(lines, verdicts, windows, strict=True))
    strongest: dict[str, tuple[Rule, Record]] = {}
    for record, one, _ in judged:
        for rule in one.true:
            known.raised.add(rule.name)
            known.stop = known.stop or rule.is_stop
            bits = bits_left(rule, record, judge)
            if not rule.is_stop and (
                rule.name not in known.signs or bits > known.signs[rule.name].bits
            ):
                known.signs[rule.name] = _sign(rule, bits)
                strongest[rule.name] = rule, record
    for record, one, told in judged:
        for rule in one.unknown:
            if rule.name not in known.raised:
                _note(rule, record, told, judge, known)
    for rule, record in strongest.values():
        for lowering in judge.lowerings(rule):
            if judge.verdict(lowering.when, record) is None:
                needs = _needs(lowering, record, judge, known)
                known.could_lower.append(_Lower(needs, rule, lowering.bits))
    return known


def _note(rule: Rule, record: Record, windows: Windows, judge: Judge, known: _Open) -> None:
    """Note a rule that could not be judged, on the line where least is missing."""
    asked = needs_of(wanting(rule.when, record, judge), record, judge)
    needs = frozenset(need.field for need in (*asked, *window_needs(rule, record, windows)))
    if not needs <= field_table().keys():
        return  # only other orders would settle it
    before = known.could_raise.get(rule.name)
    if before is not None and len(before[0]) <= len(needs):
        return
    known.absent |= {path for path in needs if record[path] is ABSENT}
    sign = None if rule.is_stop else _sign(rule, bits_left(rule, record, judge))
    known.could_raise[rule.name] = needs, sign


def _needs(lowering: Lowering | Mitigation, record: Record, judge: Judge, known: _Open) -> Fields:
    needs = frozenset(
        need.field for need in needs_of(wanting(lowering.when, record, judge), record, judge)
    )
    known.absent |= {path for path in needs if record[path] is ABSENT}
    return needs


def _sign(rule: Rule, bits: int) -> Sign:
    return Sign(rule.name, rule.fact or "", rule.severity or "", bits)


def _weighed(fields: Fields, known: _Open, bits: int) -> WorthAsking | None:
    """What a group of facts could do; None if nothing."""
    could = [sign for needs, sign in known.could_raise.values() if needs <= fields]
    raised = [sign for sign in could if sign is not None]
    stops = len(raised) < len(could) and not known.stop
    most = weigh([*known.signs.values(), *raised]).bits
    least = weigh(_lowered(known.signs, fields, known.could_lower)).bits
    if most == bits and least == bits and not stops and not (raised and not known.raised):
        return None
    paths = sorted(fields)
    labels = [field_table()[path].label for path in paths]
    return WorthAsking(
        fields=tuple(paths),
        columns=tuple(field_table()[path].column for path in paths),
        not_in_input=tuple(path for path in paths if path in known.absent),
        could_add=most - bits,
        could_remove=bits - least,
        could_stop=stops,
        highest=_band(most, bool(known.raised or could), stop=known.stop or stops),
        lowest=_band(least, bool(known.raised), stop=known.stop),
        sentence=_sentence(labels, most - bits, bits - least, stops),
    )


def _lowered(signs: Mapping[str, Sign], fields: Fields, lowers: Iterable[_Lower]) -> list[Sign]:
    left = {name: sign.bits for name, sign in signs.items()}
    for one in lowers:
        if one.needs <= fields:
            left[one.rule.name] = max(0, left[one.rule.name] - one.by)
    return [Sign(sign.rule, sign.fact, sign.severity, left[name]) for name, sign in signs.items()]


def _band(bits: int, flagged: bool, *, stop: bool) -> Band:
    return cast("Band", band_of(bits, flagged=flagged, stop=stop))


def _sentence(labels: Sequence[str], add: int, remove: int, stop: bool) -> str:
    several = len(labels) > 1
    told = ", ".join(labels[:-1]) + " and " + labels[-1] if several else labels[0]
    could = []
    if stop:
        could.append("show that the order is prohibited")
    if add:
        could.append(f"add up to {add / 1000:.3f} bits")
    if remove:
        could.append(f"take away up to {remove / 1000:.3f} bits")
    could = could or ["raise a flag"]
    return f"{told[:1].upper()}{told[1:]} could {', or '.join(could)}"
