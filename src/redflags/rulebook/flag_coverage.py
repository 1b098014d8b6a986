"""Which documented red flags a rule book answers: by a rule, by a question, or not and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from redflags import reference
from redflags.model.derived import DERIVATIONS
from redflags.reference import RedFlag
from redflags.rulebook.tree import Condition, Named, RuleBook, Test


@dataclass(frozen=True, slots=True)
class FlagCoverage:
    """One documented red flag with what answers it.

    ``rules`` cite the flag in their source; ``observations`` ask for it and are read by some rule;
    ``reason`` says why no rule on single orders answers it, or not alone. ``gap`` is what the flag
    still lacks, empty if it is accounted for.
    """

    flag: RedFlag
    rules: tuple[str, ...]
    observations: tuple[str, ...]
    reason: str
    gap: str


def flag_coverage(book: RuleBook) -> tuple[FlagCoverage, ...]:
    """Every documented red flag, in the order of the catalogue.

    A flag that a tool may decide from the order or its papers needs a rule, or the reason why it
    is left to screening or to the rules across orders; one that may only be asked needs an
    observation or a reason; one that no tool may decide needs a reason.
    """
    citing: dict[str, list[str]] = {}
    for rule in book.rules:
        for flag in dict.fromkeys(flag for source in rule.sources for flag in source.flags):
            citing.setdefault(flag, []).append(rule.name)
    read = {path for rule in book.rules for path in _stated_fields(rule.when)}
    asked: dict[str, list[str]] = {}
    for one in reference.observations().values():
        if f"observations.{one.id}" in read:
            for flag in one.flags:
                asked.setdefault(flag, []).append(one.id)
    return tuple(
        _covered(flag, tuple(citing.get(name, ())), tuple(asked.get(name, ())))
        for name, flag in reference.red_flag_catalogue().items()
    )


def _covered(flag: RedFlag, rules: tuple[str, ...], observations: tuple[str, ...]) -> FlagCoverage:
    reason = reference.flag_reasons().get(flag.id)
    gap = ""
    if flag.automate == "yes" and not rules and reason is None:
        gap = "no rule cites it"
    elif flag.automate == "ask" and not observations and reason is None:
        gap = "no rule reads an observation that asks for it"
    elif flag.automate == "never" and reason is None:
        gap = "no reason is given"
    return FlagCoverage(flag, rules, observations, "" if reason is None else reason.reason, gap)


def _stated_fields(condition: Condition) -> Iterator[str]:
    if isinstance(condition, Test):
        derivation = DERIVATIONS.get(condition.field)
        yield from (condition.field,) if derivation is None else derivation.reads
    elif isinstance(condition, Named):
        yield from _stated_fields(condition.block)
    else:
        for part in condition.parts:
            yield from _stated_fields(part)
