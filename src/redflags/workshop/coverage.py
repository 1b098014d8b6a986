"""What the examples of rules try: the conditions, list entries and lowerings that one of them made
decisive, and those that none did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from redflags.diagnostics import Place
from redflags.model.fields import field_table
from redflags.rulebook.operators import is_entry
from redflags.rulebook.tree import Entry, ListReference, Test
from redflags.workshop.changes import ALWAYS, ASKED_ALWAYS, ASKED_NEVER, NEVER, Change, Part
from redflags.workshop.subject import own_tests, written_entries
from redflags.workshop.trials import Bench, Trial, Unit
from redflags.workshop.window_run import asked_of


@dataclass(frozen=True, slots=True)
class Untried:
    """Something that no example made decisive: a condition, an entry of a list, a lowering.
    ``about`` is the full name of the rule, condition, list or mitigation."""

    what: str
    about: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class PackCoverage:
    """What the examples try of one pack: of each sort how many, and how many there are."""

    pack: str
    conditions: tuple[int, int]
    entries: tuple[int, int]
    lowerings: tuple[int, int]
    untried: tuple[Untried, ...]


def coverage(bench: Bench) -> tuple[PackCoverage, ...]:
    """What the examples of the packs under trial try, pack by pack.

    A condition is decisive in an example if the rule would say something else, were the condition
    to come out otherwise. An entry of a list is tried where its value stood in such a condition; a
    lowering where it lowered an order that is flagged.
    """
    tried: dict[str, list[tuple[str, bool, Untried]]] = {pack.id: [] for pack in bench.packs}
    matched: set[int] = set()
    for unit in bench.units():
        for test in (one for block in unit.blocks for one in own_tests(block)):
            deciding = [one for one in unit.trials if is_decisive(bench, one, test)]
            about = Untried("condition", unit.name, written(test), test.place)
            tried[unit.pack].append(("condition", bool(deciding), about))
            for trial in deciding:
                matched.update(id(entry) for entry in _entries_met(test, trial))
        tried[unit.pack] += _measures(bench, unit)
    for pack in bench.packs:
        rows = tried[pack.id]
        rows += _lowerings(bench, pack.id)
        places = _entry_places(bench, pack.id)
        for listed in pack.lists:
            for entry, place in zip(listed.entries, places.get(listed.name, ()), strict=False):
                about = Untried("entry", listed.name, entry.written, place)
                rows.append(("entry", id(entry) in matched, about))
    return tuple(_counted(pack.id, tried[pack.id]) for pack in bench.packs)


def _counted(pack: str, rows: list[tuple[str, bool, Untried]]) -> PackCoverage:
    def count(what: str) -> tuple[int, int]:
        of = [is_tried for one, is_tried, _ in rows if one == what]
        return sum(of), len(of)

    return PackCoverage(
        pack,
        count("condition"),
        count("entry"),
        count("lowering"),
        tuple(about for _, is_tried, about in rows if not is_tried),
    )


def written(test: Test) -> str:
    """A test as its author wrote it."""
    return f"{test.field}: {{{test.operator}: {test.written}}}"


def is_decisive(bench: Bench, trial: Trial, test: Test) -> bool:
    """Whether a trial would come out otherwise if the test did."""
    return _decides(bench, trial, test, (ALWAYS, NEVER))


def _decides(bench: Bench, trial: Trial, part: Part, changes: tuple[Change, ...]) -> bool:
    return any(bench.verdict(trial, part, one) is not trial.verdict for one in changes)


def _measures(bench: Bench, unit: Unit) -> Iterator[tuple[str, bool, Untried]]:
    """What a rule across orders asks of its window, each a condition of its own."""
    for having in () if unit.across is None else unit.across.having:
        is_tried = any(
            _decides(bench, one, having, (ASKED_ALWAYS, ASKED_NEVER)) for one in unit.trials
        )
        about = Untried("condition", unit.name, asked_of(having), having.place)
        yield "condition", is_tried, about


def _entries_met(test: Test, trial: Trial) -> Iterator[Entry]:
    """The entries of a list that a value in a trial is one of."""
    if not isinstance(test.operand, ListReference):
        return
    kind = field_table()[test.field].kind
    for record in (trial.record, *trial.others):
        value = record[test.field].value
        values = value if isinstance(value, frozenset) else () if value is None else (value,)
        for entry in test.operand.list.entries:
            if any(is_entry(one, entry, kind) for one in values):
                yield entry


def _lowerings(bench: Bench, pack: str) -> Iterator[tuple[str, bool, Untried]]:
    flagged: dict[str, list[Trial]] = {}
    for rule in bench.rules:
        holding = [trial for trial in bench.trials(rule) if trial.verdict is True]
        flagged.setdefault(rule.fact or "", []).extend(holding)
        if rule.pack != pack:
            continue
        for lowering in rule.lowers:
            lowers = any(
                bench.judge.verdict(lowering.when, trial.record) is True for trial in holding
            )
            yield (
                "lowering",
                lowers,
                Untried("lowering", rule.name, lowering.because, lowering.when.place),
            )
    for mitigation in next(one for one in bench.packs if one.id == pack).mitigations:
        lowers = any(
            bench.judge.verdict(mitigation.when, trial.record) is True
            for trial in flagged.get(mitigation.fact, ())
        )
        yield (
            "lowering",
            lowers,
            Untried("lowering", mitigation.name, mitigation.because, mitigation.when.place),
        )


def _entry_places(bench: Bench, pack: str) -> dict[str, list[Place]]:
    """The places of the entries of every list of a pack that has entries of its own."""
    draft = bench.reading.library.packs[pack]
    return {f"{pack}/{name}": written_entries(node) for name, (_, node) in draft.lists.items()}
