"""What became of one rule or lowering between two rule books."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from redflags.rulebook.tree import Lowering, Mitigation, Rule
from redflags.weights import SEVERITIES
from redflags.workshop.condition_changes import Detail, block_changes, condition_changes, paired
from redflags.workshop.narrower import MIRRORED, meaning, reads, relation, relation_of
from redflags.workshop.version_changes import BOTH, LESS, MORE, OF_RELATION, TEXT, Found, RuleChange


def rule_change(
    old: Rule | None, new: Rule | None, unsettled: Collection[str], *, is_renamed: bool
) -> RuleChange | None:
    """What became of a rule; None if nothing. None stands for a side without it."""
    if old is None:
        assert new is not None
        return RuleChange("added", new.name, None, new.title, grade(new), None, (), MORE)
    if new is None:
        return RuleChange("removed", old.name, old.name, old.title, grade(old), None, (), LESS)
    related = relation(old, new, unsettled)
    effects = set(OF_RELATION[related])
    details = condition_changes(old, new) if related != "same" else []
    if related == "neither" and (reads(old, unsettled) or reads(new, unsettled)):
        told = " and ".join(sorted(unsettled))
        details.append(Detail("judgement", f"reads {told}, which the site judges otherwise now"))
    for found, does in (*_strength(old, new), *_lowerings(old, new, unsettled), *_texts(old, new)):
        details.append(found)
        effects |= does
    if is_renamed:
        # Suppressions, baselines and overlays know a rule by its name.
        effects |= LESS
    elif not effects:
        return None
    return RuleChange(
        "renamed" if is_renamed else "changed",
        new.name,
        old.name,
        new.title,
        grade(new),
        related,
        tuple(dict.fromkeys(details)),
        frozenset(effects),
    )


def grade(rule: Rule) -> str:
    """``stop``, or the severity of a sign."""
    return "stop" if rule.is_stop else rule.severity or ""


def _strength(old: Rule, new: Rule) -> Iterator[Found]:
    if old.kind != new.kind:
        yield Detail("strength", f"was a {old.kind}, is a {new.kind}"), BOTH
        return
    if old.is_stop:
        return
    if old.fact != new.fact:
        yield Detail("strength", f"fact moved from {old.fact} to {new.fact}"), BOTH
    if old.severity != new.severity:
        grades = list(SEVERITIES)
        rises = grades.index(new.severity or "low") > grades.index(old.severity or "low")
        text = f"severity moved from {old.severity} to {new.severity}"
        yield Detail("strength", text), MORE if rises else LESS
    if old.bits != new.bits:
        text = f"adds {new.bits / 1000:.3f} bits instead of {old.bits / 1000:.3f}"
        yield Detail("strength", text), MORE if new.bits > old.bits else LESS


def _lowerings(old: Rule, new: Rule, unsettled: Collection[str]) -> Iterator[Found]:
    lost, gained = list(old.lowers), list(new.lowers)
    pairs = paired(lost, gained, lambda one: (meaning(one.when), one.bits))
    pairs += paired(lost, gained, lambda one: meaning(one.when))
    pairs += paired(lost, gained, lambda one: one.because)
    for one, other in pairs:
        yield from lowering_changes(one, other, unsettled)
    for one in lost:
        yield Detail("lowering", f"no longer lowered: {one.because}"), MORE
    for one in gained:
        yield Detail("lowering", f"now lowered by {one.by}: {one.because}"), LESS


def lowering_changes(
    old: Lowering | Mitigation, new: Lowering | Mitigation, unsettled: Collection[str]
) -> Iterator[Found]:
    """What changed of a lowering or a mitigation, with the effects."""
    if old.bits != new.bits:
        text = f"lowered by {new.by} instead of {old.by}: {new.because}"
        yield Detail("lowering", text), LESS if new.bits > old.bits else MORE
    related = relation_of(old.when, new.when, unsettled)
    if related != "same":
        # What lowers more seldom leaves more of the alerts as they are.
        does = OF_RELATION[MIRRORED[related]]
        said = [one.text for one in block_changes(old.when, new.when)]
        for text in said or ["what it reads is judged otherwise now"]:
            yield Detail("lowering", f"the lowering “{new.because}”: {text}"), does
    if old.because != new.because:
        yield Detail("text", f"other words for a lowering: {new.because}"), TEXT


def _texts(old: Rule, new: Rule) -> Iterator[Found]:
    if old.status != new.status:
        yield Detail("text", f"status {old.status} became {new.status}"), TEXT
    before, after = _said(old), _said(new)
    changed = [name for name in before if before[name] != after[name]]
    if changed:
        yield Detail("text", f"other text: {', '.join(changed)}"), TEXT


def _said(rule: Rule) -> dict[str, object]:
    return {
        "title": rule.title,
        "why": rule.why,
        "notes": rule.notes,
        "ask": sorted((one.of, one.text) for one in rule.ask),
        "source": sorted((one.document, sorted(one.flags), one.note) for one in rule.sources),
        "examples": sorted(
            repr((one.name, sorted(one.given.items()), one.expect))
            + repr(sorted(sorted(other.items()) for other in one.orders))
            for one in rule.examples
        ),
    }
