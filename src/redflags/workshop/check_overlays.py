"""Checks of overlays: local changes that say nothing, or that nobody answers for."""

from __future__ import annotations

from collections.abc import Iterator

from redflags.rulebook.changes import Change
from redflags.rulebook.findings import quoted
from redflags.rulebook.schema import SETTABLE
from redflags.rulebook.tree import Rule
from redflags.weights import SEVERITIES
from redflags.workshop.checks import ADVICE, ERROR, Raised, check
from redflags.workshop.example_run import run_example
from redflags.workshop.subject import Subject


def _changes(subject: Subject) -> Iterator[Change]:
    for overlay in subject.overlays:
        yield from overlay.changes


@check("RL901", "a change that changes nothing", ADVICE, is_whole=True)
def idle_change(subject: Subject) -> Iterator[Raised]:
    """The pack has this value already. An update may have brought it; whoever reads the overlay
    will think that the house does something of its own.

    To do: delete the change.

    Bad:

        overlay: house
        author: Export control
        date: 2026-11-02
        set:
          - rule: car-2020/phone-retailer-bulk-aluminium
            change: {severity: critical}
            reason: Our auditor asked for it.

    Good:

        overlay: house
        author: Export control
        date: 2026-11-02
        set:
          - rule: car-2020/phone-retailer-bulk-aluminium
            change: {severity: {to: high, was: critical}}
            reason: Our shops sell paint too.
    """
    for change in _changes(subject):
        if change.verb == "set" and change.is_in_force and not change.has_effect:
            yield Raised(f"the pack says so already: {change.what}", change.place, change.target)


@check("RL902", "an overlay that changes nothing", ADVICE, is_whole=True)
def idle_overlay(subject: Subject) -> Iterator[Raised]:
    """The overlay has no change, or none that makes the packs say anything else. Every alert would
    still be recorded as judged with it.

    To do: delete the file, or write the change that it was made for.

    Bad:

        overlay: house
        author: Export control
        date: 2026-11-02
        set: []

    Good:

        overlay: house
        author: Export control
        date: 2026-11-02
        disable:
          - rule: car-2020/phone-retailer-bulk-aluminium
            reason: A rule of our own asks for this.
    """
    for overlay in subject.overlays:
        if not any(change.is_in_force and change.has_effect for change in overlay.changes):
            message = f"the overlay `{overlay.id}` makes no rule say anything else"
            yield Raised(message, overlay.place, overlay.id)


@check("RL903", "an entry that the list has already", ADVICE, is_whole=True)
def idle_entry(subject: Subject) -> Iterator[Raised]:
    """An overlay adds an entry that the list has, or adds it twice: upper and lower case, accents
    and other spellings of it are the same once they are read.

    To do: delete the entry.

    Bad:

        overlay: house
        author: Export control
        date: 2026-11-02
        add:
          - list: car-2020/telecoms-retail
            entries: [Mobile Phone Shop, pharmacy]
            reason: We sell to both.

    Good:

        overlay: house
        author: Export control
        date: 2026-11-02
        add:
          - list: car-2020/telecoms-retail
            entries: [pharmacy]
            reason: We sell to pharmacies.
    """
    for one in subject.reading.repeated:
        where = f"it stands in {one.first}" if one.first is not None else "the pack has it"
        yield Raised(f"the entry `{one.text}` changes nothing: {where}", one.place, one.target)


@check("RL904", "a stop that is switched off", ADVICE, is_whole=True)
def stop_switched_off(subject: Subject) -> Iterator[Raised]:
    """A stop stands for a prohibition by law or list, and nothing else lowers it. Where it is
    switched off, such orders raise no alert at all.

    To do: have it confirmed that the prohibition does not bind this house, and allow the finding
    with a comment that says who did.

    Bad:

        overlay: house
        author: Export control
        date: 2026-11-02
        disable:
          - rule: routing-and-destination/weapons-go-under-arms-embargo
            reason: It comes up too often.

    Good:

        overlay: house
        author: Export control
        date: 2026-11-02
        disable:
          - rule: car-2020/phone-retailer-bulk-aluminium
            reason: A rule of our own asks for this.
    """
    for change in _changes(subject):
        if change.stops:
            many = f"{change.stops} stops are" if change.stops > 1 else "a stop is"
            yield Raised(f"{many} switched off: {change.target}", change.place, change.target)


@check("RL905", "a change that nobody answers for", ADVICE, is_whole=True)
def unsigned_change(subject: Subject) -> Iterator[Raised]:
    """Neither the change nor its overlay says who decided it and when. An auditor will ask.

    To do: write `author` and `date` at the head of the overlay, or beside the change.

    Bad:

        overlay: house
        disable:
          - rule: car-2020/phone-retailer-bulk-aluminium
            reason: A rule of our own asks for this.

    Good:

        overlay: house
        author: Export control
        date: 2026-11-02
        disable:
          - rule: car-2020/phone-retailer-bulk-aluminium
            reason: A rule of our own asks for this.
    """
    for change in _changes(subject):
        missing = [
            name for name, said in (("author", change.author), ("date", change.date)) if not said
        ]
        if missing:
            message = f"the change has no {' and no '.join(f'`{name}`' for name in missing)}"
            yield Raised(message, change.place, change.target)


@check("RL906", "a severity that changes no score", ERROR, is_whole=True)
def severity_beside_weight(subject: Subject) -> Iterator[Raised]:
    """The rule has a weight of its own, and the weight counts. The alerts will be called by the new
    severity and will stand where they stood.

    To do: set `weight` as well, or instead.

    Bad:

        overlay: house
        author: Export control
        date: 2026-11-02
        set:
          - rule: car-2020/phone-retailer-bulk-aluminium
            change: {severity: low, weight: 0.85}
            reason: Our shops sell paint too.

    Good:

        overlay: house
        author: Export control
        date: 2026-11-02
        set:
          - rule: car-2020/phone-retailer-bulk-aluminium
            change: {severity: high}
            reason: Our shops sell paint too.
    """
    for change in _changes(subject):
        if change.of != "rule" or not change.what.startswith("severity is "):
            continue
        rule = subject.reading.book.rule(change.target)
        if rule is None or rule.severity is None or rule.weight == SEVERITIES[rule.severity]:
            continue
        message = f"{rule.name} weighs {rule.weight}, whatever its severity"
        yield Raised(message, change.place, rule.name)


def _to_blame(rule: Rule) -> Change:
    """The first change of a rule that can turn its verdict, not its wording or weight alone."""
    wording = {key for key, is_text in SETTABLE["rule"].items() if is_text}
    turning = [one for one in rule.shaped_by if one.what.partition(" ")[0] not in wording]
    return (turning or rule.shaped_by)[0]


@check("RL907", "a documented case that is flagged no more", ADVICE, is_whole=True)
def case_no_longer_flagged(subject: Subject) -> Iterator[Raised]:
    """A rule has an example that it flags, often the case in the report that it rests on. With the
    local changes it does not. That may be what the house wants; it should be known.

    To do: change less, or allow the finding with a comment that says who accepted it.

    Bad:

        overlay: house
        author: Export control
        date: 2026-11-02
        set:
          - rule: car-2020/phone-retailer-bulk-aluminium
            change:
              when.quantity.at_least: {to: 9 t, was: 100 kg}
            reason: We sell in lots of ten tonnes.

    Good:

        overlay: house
        author: Export control
        date: 2026-11-02
        set:
          - rule: car-2020/phone-retailer-bulk-aluminium
            change:
              when.quantity.at_least: {to: 250 kg, was: 100 kg}
            reason: Our smallest drum holds 200 kg.
    """
    for rule in subject.all_rules:
        if not rule.shaped_by:
            continue
        for example in rule.examples:
            if example.expect != "flag":
                continue
            ran = run_example(rule, example, subject.records(example), subject.judge)
            if not ran.passed:
                message = f"{rule.name} no longer flags its example {quoted(example.name)}: "
                message += "; ".join(one.sentence for one in ran.decided[:2]) or ran.outcome
                yield Raised(message, _to_blame(rule).place, rule.name)
