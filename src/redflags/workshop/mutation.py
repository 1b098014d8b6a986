"""Whether the examples of rules notice small changes of them: a bound moved, an operator turned, a
condition left out, a window made longer or shorter. A change that no example notices is a gap among
the examples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from redflags.workshop.changes import Change, Part
from redflags.workshop.mutants import DROPPED, KINDS, Changed, Mutant, block_mutants
from redflags.workshop.trials import Bench, Unit
from redflags.workshop.window_mutants import is_repeated, window_mutants


@dataclass(frozen=True, slots=True)
class PackMutation:
    """The changes of one pack: of each kind how many were noticed and how many there were, and
    those that no example noticed."""

    pack: str
    noticed: dict[str, tuple[int, int]]
    survivors: tuple[Mutant, ...]


def mutation(bench: Bench) -> tuple[PackMutation, ...]:
    """Change the conditions of the packs under trial one by one, and ask the examples.

    A rule's own conditions are judged on its own examples; a named condition on those of all rules
    that hold it.
    """
    rows: dict[str, list[tuple[Mutant, bool]]] = {pack.id: [] for pack in bench.packs}
    for unit in bench.units():
        for mutant, part, change in mutants(unit):
            rows[unit.pack].append((mutant, is_noticed(bench, unit, part, change)))
    return tuple(_counted(pack, found) for pack, found in rows.items())


def is_noticed(bench: Bench, unit: Unit, part: Part, change: Change) -> bool:
    """Whether some example of a unit comes out otherwise with one part changed."""
    return any(bench.verdict(trial, part, change) is not trial.verdict for trial in unit.trials)


def _counted(pack: str, rows: list[tuple[Mutant, bool]]) -> PackMutation:
    noticed = {}
    for kind in KINDS:
        of = [was_noticed for mutant, was_noticed in rows if mutant.kind == kind]
        noticed[kind] = (sum(of), len(of))
    survivors = tuple(mutant for mutant, was_noticed in rows if not was_noticed)
    return PackMutation(pack, noticed, survivors)


def mutants(unit: Unit) -> Iterator[Changed]:
    """Every change of a unit."""
    for mutant, part, change in block_mutants(unit, unit.block):
        if not (mutant.kind == DROPPED and is_repeated(unit, part)):
            yield mutant, part, change
    yield from window_mutants(unit)
