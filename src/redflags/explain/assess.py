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
    needs_of,
    place_of,
    settling_fields,
    wanting,
)
from redflags.explain.fingerprints import (
    alert_fingerprint,
    flag_fingerprint,
    number_for_fingerprint,
)
from redflags.explain.flags import Raised, bits_left, flag_of, raise_flag
from redflags.model.fields import field_table
from redflags.model.record import Record
from redflags.policy import Policy
from redflags.rulebook.tree import Rule
from redflags.scoring import Evidence, Sign, band_of, score_of, weigh
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
    raised = _raised(lines, judge)
    signs = [
        _sign(strongest.rule, strongest.bits)
        for strongest, _ in raised.values()
        if not strongest.rule.is_stop
    ]
    evidence = weigh(signs)
    stop = any(strongest.rule.is_stop for strongest, _ in raised.values())
    band = band_of(evidence.bits, flagged=bool(raised), stop=stop)
    order = [line.record for line in lines]
    number = number_for_fingerprint(order[0])
    flags = [
        {
            **flag_of(
                strongest, evidence.shares.get(name, 0), [place_of(one) for one in where], judge
            ),
            "fingerprint": flag_fingerprint(number, strongest.rule, where, judge),
        }
        for name, (strongest, where) in raised.items()
    ]
    flags.sort(key=_rank)
    return {
        "order_id": order_id,
        "lines": places,
        "score": score_of(evidence.bits),
        "bits": evidence.bits,
        "band": band,
        "action": policy.action(band, stop=stop),
        "stop": stop,
        "flags": flags,
        "incomplete": _incompletes(lines, frozenset(raised), signs, evidence, band, judge),
        "parties": describe.parties(order[0]),
        "goods": describe.goods(_first_flagged(order, raised), len(places)),
        **(describe.setting(_first_flagged(order, raised)) if raised else describe.NO_SETTING),
        "fingerprint": alert_fingerprint(number, (flag["fingerprint"] for flag in flags)),
        "what_if": None,
    }


def _rank(flag: Plain) -> tuple[bool, int, float, str]:
    return (flag["kind"] != "stop", -flag["share"], -(flag["weight"] or 0), flag["rule"])


def _first_flagged(
    order: list[Record], raised: dict[str, tuple[Raised, list[Record]]]
) -> list[Record]:
    """The records with those that a flag speaks of first."""
    flagged = {id(strongest.record) for strongest, _ in raised.values()}
    return sorted(order, key=lambda record: id(record) not in flagged)


def _raised(lines: Iterable[Line], judge: Judge) -> dict[str, tuple[Raised, list[Record]]]:
    """For each rule that is true on some line: where it weighs most, and all its lines."""
    found: dict[str, tuple[Raised, list[Record]]] = {}
    for line in lines:
        for rule in line.verdicts.true:
            here = raise_flag(rule, line.record, judge, line.windows.get(rule.name))
            if rule.name not in found:
                found[rule.name] = (here, [line.record])
                continue
            strongest, where = found[rule.name]
            where.append(line.record)
            if here.bits > strongest.bits:
                found[rule.name] = (here, where)
    return found


def _sign(rule: Rule, bits: int) -> Sign:
    return Sign(rule.name, rule.fact or "", rule.severity or "", bits)


def _incompletes(
    lines: Sequence[Line],
    flagged: frozenset[str],
    signs: Sequence[Sign],
    evidence: Evidence,
    band: str,
    judge: Judge,
) -> list[Plain]:
    """The rules that are unknown on some line and true on none; on the line that needs least."""
    best: dict[str, tuple[tuple[Need, ...], Rule, Record]] = {}
    for line in lines:
        for rule in line.verdicts.unknown:
            if rule.name in flagged:
                continue
            tests = line.verdicts.wanting.get(rule.name)
            if tests is None:
                tests = wanting(rule.when, line.record, judge)
            needs = each_once(
                needs_of(tests, line.record, judge),
                window_needs(rule, line.record, line.windows),
            )
            if rule.name not in best or len(needs) < len(best[rule.name][0]):
                best[rule.name] = (needs, rule, line.record)
    first = next(iter(best.values()), None)
    if first is None:
        return []
    known: dict[object, Plain] = first[2].remembered(("incomplete", tuple(signs), band), (), dict)
    if len(known) > MOST_TOLD:
        known.clear()
    found = []
    for needs, rule, record in best.values():
        bits = None if rule.is_stop else bits_left(rule, record, judge)
        absent = tuple([need.field for need in needs if record[need.field] is ABSENT])
        # Nothing else decides what is told, so for the lines of a file it is told once.
        key = rule.name, needs, bits, absent
        told = known.get(key)
        if told is None:
            sign = None if bits is None else _sign(rule, bits)
            told = known[key] = _incomplete(rule, needs, absent, sign, signs, evidence, band)
        found.append(told)
    found.sort(
        key=lambda one: (
            not one["would_lift"],
            -one["would_add"],
            len(one["needs"]),
            one["rule"],
        )
    )
    return found


MOST_TOLD = 2_000
"""Incompletes that are remembered beside the same signs."""


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


def _incomplete(
    rule: Rule,
    needs: tuple[Need, ...],
    absent: tuple[str, ...],
    sign: Sign | None,
    signs: Sequence[Sign],
    evidence: Evidence,
    band: str,
) -> Plain:
    after = evidence if sign is None else weigh([*signs, sign])
    lifted = band_of(after.bits, flagged=True, stop=rule.is_stop or band == "critical")
    return {
        "rule": rule.name,
        "title": rule.title,
        "needs": [need.field for need in needs],
        "because": [need.because for need in needs],
        "not_in_input": list(absent),
        "would_add": after.bits - evidence.bits,
        "would_lift": lifted != band,
    }
