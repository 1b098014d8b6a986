"""From the verdicts on an order's lines to its assessment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from redflags.engine.judge import Judge, Verdicts
from redflags.engine.windows import WindowVerdict
from redflags.explain import describe
from redflags.explain.evidence import (
    Need,
    Plain,
    each_once,
    label_of,
    needs_of_test,
    place_of,
    settling_fields,
    told_of,
)
from redflags.explain.fingerprints import (
    alert_fingerprint,
    facts_of_line,
    flag_fingerprint,
    number_for_fingerprint,
)
from redflags.explain.flags import Raised, flag_of
from redflags.explain.outcomes import Holding, Open, Outcome, Outcomes, outcomes_of
from redflags.model.fields import field_table
from redflags.model.record import Record
from redflags.policy import Policy
from redflags.rulebook.tree import Rule
from redflags.scoring import Sign, band_of, best_of_facts, bits_of, score_of, weigh
from redflags.values.understood import ABSENT

Windows = Mapping[str, WindowVerdict]
"""What the windows of one line say, by the rule's name."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an order with the rules that are true or unknown on it, and what the windows of
    those that look across orders said, by the rule's name."""

    record: Record
    verdicts: Verdicts
    windows: Windows = field(default_factory=dict)


def assess(
    order_id: str,
    lines: Sequence[Line],
    places: Sequence[Plain],
    judge: Judge,
    policy: Policy,
) -> Plain:
    """The assessment of an order from its lines, as an
    :class:`~redflags.model.results.Assessment`; lines on which every rule is false may be left
    out of ``lines`` but not of ``places``.

    Plain values and no models: of many thousand orders most of the time would go into those.
    """
    lines = [line for line in lines if line.verdicts] or lines[:1]
    known = outcomes_of(judge)
    outcomes = [known.of(line.verdicts, line.record, judge) for line in lines]
    raised = _raised(lines, outcomes)
    weight = _weight_of(outcomes, raised)
    order = [line.record for line in lines]
    flagged = _first_flagged(order, raised)
    number = number_for_fingerprint(order[0])
    flags = [
        flag_of(
            _strongest(raised[name]),
            weight.evidence.shares.get(name, 0),
            [place_of(one.record) for one in raised[name]],
            flag_fingerprint(number, name, [_facts_of(one, judge) for one in raised[name]]),
            judge,
        )
        for name in weight.ranked
    ]
    bits = weight.evidence.bits
    return {
        "order_id": order_id,
        "lines": places,
        "score": score_of(bits),
        "bits": bits,
        "band": weight.band,
        "action": policy.action(weight.band, stop=weight.is_stop),
        "stop": weight.is_stop,
        "flags": flags,
        "incomplete": _incompletes(lines, outcomes, frozenset(raised), weight, known),
        "parties": describe.parties(order[0]),
        "goods": describe.goods(flagged, len(places)),
        **(describe.setting(flagged) if raised else describe.NO_SETTING),
        "fingerprint": alert_fingerprint(number, (flag["fingerprint"] for flag in flags)),
        "what_if": None,
    }


def _first_flagged(order: list[Record], raised: Mapping[str, Sequence[Raised]]) -> list[Record]:
    """The records with those that a flag speaks of first."""
    if len(order) == 1:
        return order
    flagged = {id(_strongest(where).record) for where in raised.values()}
    return sorted(order, key=lambda record: id(record) not in flagged)


def _raised(lines: Sequence[Line], outcomes: Sequence[Outcome]) -> dict[str, list[Raised]]:
    """For each rule that is true on some line all its lines."""
    found: dict[str, list[Raised]] = {}
    for line, said in zip(lines, outcomes, strict=True):
        for holding in said.holding:
            name = holding.rule.name
            here = Raised(holding, line.record, line.windows.get(name))
            found.setdefault(name, []).append(here)
    return found


def _strongest(where: Sequence[Raised]) -> Raised:
    """The line on which a rule weighs most, the first of them."""
    return where[0] if len(where) == 1 else max(where, key=lambda one: one.holding.bits)


def _facts_of(raised: Raised, judge: Judge) -> str:
    holding, record, _ = raised
    told = [told_of(asked, record, judge).facts for asked in holding.facts]
    return facts_of_line(holding.rule, told, record)


class Weight:
    """What the flags of an order come to together: the evidence of its signs, whether one is a
    stop, the band, and the names of their rules, the weightiest first."""

    __slots__ = ("_added", "_strong", "_weak", "band", "evidence", "is_stop", "ranked")

    def __init__(self, raised: Iterable[Holding]) -> None:
        raised = list(raised)
        signs = [
            Sign(rule.name, rule.fact or "", rule.severity or "", bits)
            for rule, bits, *_ in raised
            if not rule.is_stop
        ]
        self._strong, self._weak = best_of_facts(signs)
        self._added: dict[object, tuple[int, bool]] = {}
        self.evidence = weigh(signs)
        self.is_stop = any(one.rule.is_stop for one in raised)
        self.band = band_of(self.evidence.bits, flagged=bool(raised), stop=self.is_stop)
        shares = self.evidence.shares
        ranks = sorted(
            (not rule.is_stop, -shares.get(rule.name, 0), -(rule.weight or 0), rule.name)
            for rule, *_ in raised
        )
        self.ranked = [name for *_, name in ranks]

    def with_rule(self, rule: Rule, bits: int | None) -> tuple[int, bool]:
        """What a further rule would add (None for its bits: a stop), and whether the band would
        rise."""
        key = bits if bits is None else (bits, rule.fact, rule.severity)
        found = self._added.get(key)
        if found is None:
            before = after = self.evidence.bits
            if bits is not None:
                kept = self._weak if rule.severity == "low" else self._strong
                fact = rule.fact or ""
                more = {**kept, fact: max(bits, kept.get(fact, 0))}
                strong, weak = (more, self._weak) if kept is self._strong else (self._strong, more)
                after = bits_of(strong, weak)
            is_stop = rule.is_stop or self.band == "critical"
            band = band_of(after, flagged=True, stop=is_stop)
            found = self._added[key] = after - before, band != self.band
        return found


def _weight_of(outcomes: Sequence[Outcome], raised: Mapping[str, Sequence[Raised]]) -> Weight:
    """The weight of an order's flags; that of an order of one line follows from its outcome."""
    if len(outcomes) > 1:
        return Weight(_strongest(where).holding for where in raised.values())
    (alone,) = outcomes
    if alone.weight is None:
        alone.weight = Weight(alone.holding)
    found: Weight = alone.weight
    return found


def _incompletes(
    lines: Sequence[Line],
    outcomes: Sequence[Outcome],
    flagged: frozenset[str],
    weight: Weight,
    known: Outcomes,
) -> list[Plain]:
    """The rules that are unknown on some line and true on none; on the line that needs least."""
    if len(lines) == 1:
        return _incompletes_of_line(lines[0], outcomes[0], weight, known)
    best: dict[str, tuple[tuple[Need, ...], Open, Record]] = {}
    for line, said in zip(lines, outcomes, strict=True):
        for one in said.open:
            name = one.rule.name
            if name in flagged:
                continue
            needs = each_once(
                *(needs_of_test(asked, line.record) for asked in one.wanting),
                window_needs(one.rule, line.record, line.windows),
            )
            if name not in best or len(needs) < len(best[name][0]):
                best[name] = (needs, one, line.record)
    return _ranked(
        _incomplete(
            one,
            needs,
            frozenset([need.field for need in needs if record[need.field] is ABSENT]),
            weight,
            known,
        )
        for needs, one, record in best.values()
    )


def _incompletes_of_line(line: Line, said: Outcome, weight: Weight, known: Outcomes) -> list[Plain]:
    """The incompletes of an order of one line: told once for all that leave the same rules open for
    the same reasons."""
    record = line.record
    by_test = tuple([needs_of_test(asked, record) for asked in said.wanting])
    by_window = tuple([window_needs(rule, record, line.windows) for rule in said.across])
    fields = {need.field for needs in (*by_test, *by_window) for need in needs}
    absent = frozenset([field for field in fields if record[field] is ABSENT])
    key = by_test, by_window, absent
    told: list[Plain] | None = said.listed.get(key)
    if told is None:
        known.count_one()
        of_test = dict(zip(said.wanting, by_test, strict=True))
        of_window = dict(zip(map(id, said.across), by_window, strict=True))
        told = said.listed[key] = _ranked(
            _incomplete(
                one,
                each_once(
                    *(of_test[asked] for asked in one.wanting), of_window.get(id(one.rule), ())
                ),
                absent,
                weight,
                known,
            )
            for one in said.open
        )
    return told


def _ranked(incompletes: Iterable[Plain]) -> list[Plain]:
    return sorted(
        incompletes,
        key=lambda one: (
            not one["would_lift"],
            -one["would_add"],
            len(one["needs"]),
            one["rule"],
        ),
    )


def _incomplete(
    one: Open, needs: tuple[Need, ...], absent: frozenset[str], weight: Weight, known: Outcomes
) -> Plain:
    """A rule that is unknown, with what would settle it; of ``absent`` fields the input has no
    column."""
    rule = one.rule
    missing = tuple([need.field for need in needs if need.field in absent])
    would_add, would_lift = weight.with_rule(rule, one.bits)
    key = rule.name, needs, missing, would_add, would_lift
    told = known.told.get(key)
    if told is None:
        known.count_one()
        told = known.told[key] = {
            "rule": rule.name,
            "title": rule.title,
            "needs": [need.field for need in needs],
            "because": [need.because for need in needs],
            "not_in_input": list(missing),
            "would_add": would_add,
            "would_lift": would_lift,
        }
    return told


def window_needs(rule: Rule, record: Record, windows: Windows) -> tuple[Need, ...]:
    """What would settle the window of a rule across orders: fields of the order, or the history."""
    window = windows.get(rule.name)
    if window is None or window.verdict is not None:
        return ()
    needs: dict[str, Need] = {}
    for asked, why in window.needs:
        is_field = asked in field_table()
        for path in settling_fields(asked, record) if is_field else (asked,):
            needs.setdefault(path, Need(path, f"{label_of(path)}: {why}"))
    return tuple(needs.values())
