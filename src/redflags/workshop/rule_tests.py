"""Running the examples of rule files: what failed and why, what they try, what they notice."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from redflags.rulebook.loader import read_rules
from redflags.rulebook.overlays import is_overlay_file
from redflags.workshop.coverage import PackCoverage, coverage
from redflags.workshop.example_run import Ran, run_example
from redflags.workshop.lint import expanded
from redflags.workshop.mutation import PackMutation, mutation
from redflags.workshop.subject import example_records
from redflags.workshop.suggestion import Suggestion, suggestions
from redflags.workshop.trials import Bench


@dataclass(frozen=True, slots=True)
class RulesTested:
    """What came of the examples of some packs. ``rules`` and ``examples`` count what was run,
    ``without`` names rules that have no example."""

    packs: tuple[str, ...]
    rules: int
    examples: int
    failed: tuple[Ran, ...]
    without: tuple[str, ...]
    coverage: tuple[PackCoverage, ...] | None = None
    mutation: tuple[PackMutation, ...] | None = None
    suggestions: tuple[Suggestion, ...] | None = None


def rules_tested(
    paths: Sequence[str | os.PathLike[str]],
    *,
    with_coverage: bool = False,
    with_mutation: bool = False,
    with_suggestions: bool = False,
    shipped: bool = True,
    overlays: Sequence[str | os.PathLike[str]] = (),
) -> RulesTested:
    """Run the examples of rule files and folders of packs; with no path those of the shipped packs.

    The shipped packs are there to be referred to unless ``shipped`` is False. ``overlays``, and
    overlays among the paths, change the rules before their examples are run. Raises
    :class:`~redflags.errors.RuleBookError` for files that cannot be loaded.
    """
    every = expanded(paths)
    given = [one for one in every if not is_overlay_file(one)]
    local = [*(os.fspath(one) for one in overlays), *(one for one in every if one not in given)]
    reading = read_rules(
        given, profile=None, shipped=shipped or not given, instead=True, overlays=local
    )
    reading.rule_book()
    origins = frozenset(given) if given else frozenset({"shipped"})
    packs = (one for one in reading.library.packs.values() if one.origin in origins)
    bench = Bench(reading, frozenset(one.id for one in packs))
    ran = [
        run_example(rule, example, example_records(example), bench.judge)
        for rule in bench.rules
        for example in rule.examples
    ]
    return RulesTested(
        packs=tuple(pack.id for pack in bench.packs),
        rules=len(bench.rules),
        examples=len(ran),
        failed=tuple(one for one in ran if not one.passed),
        without=tuple(rule.name for rule in bench.rules if not rule.examples),
        coverage=coverage(bench) if with_coverage else None,
        mutation=mutation(bench) if with_mutation else None,
        suggestions=tuple(suggestions(bench)) if with_suggestions else None,
    )
