"""Flags and incompletes: a rule's outcome with its evidence, questions and sources."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from redflags.engine.judge import Judge
from redflags.engine.windows import WindowVerdict
from redflags.explain.evidence import Plain, Told, place_of, shorten, told_of
from redflags.explain.outcomes import Holding
from redflags.explain.windows import in_one_clause, window_evidence
from redflags.model.fields import field_table
from redflags.model.record import Record
from redflags.rulebook.changes import Change
from redflags.rulebook.tree import Rule
from redflags.values.text import display

_PLACEHOLDER = re.compile(r"\{([a-z_.]+)\}")


class Raised(NamedTuple):
    """A rule that came out true on a line, with what it comes to there and what its window said."""

    holding: Holding
    record: Record
    window: WindowVerdict | None = None


def flag_of(
    raised: Raised, share: int, lines: Sequence[Plain], fingerprint: str, judge: Judge
) -> Plain:
    """The flag of a rule, explained on the line where it weighs most, as a
    :class:`~redflags.model.results.Flag`."""
    holding, record, found = raised
    rule = holding.rule
    told = [told_of(asked, record, judge) for asked in holding.deciding]
    window = None if found is None else window_evidence(rule, record, found)
    return {
        "rule": rule.name,
        "title": rule.title,
        "kind": "stop" if rule.is_stop else "sign",
        "severity": rule.severity,
        "fact": rule.fact,
        "weight": rule.weight,
        "share": share,
        "sentence": in_one_sentence(told, window),
        "why": rule.why,
        "conditions": [one.evidence for one in told],
        "lowered": holding.lowered,
        "ask": [{"of": one.of, "text": fill(one.text, record)} for one in rule.ask],
        "source": _citations(rule),
        "lines": lines or [place_of(record)],
        "window": window,
        "shaped_by": shaped_by(rule),
        "fingerprint": fingerprint,
    }


def shaped_by(rule: Rule) -> Sequence[Plain]:
    """The local changes that shape a rule, each as a
    :class:`~redflags.model.results.LocalChange`."""
    return [local_change(one) for one in rule.shaped_by] if rule.shaped_by else ()


@lru_cache(maxsize=1_000)
def local_change(change: Change) -> Plain:
    """A local change as plain values, which nobody changes."""
    return {
        "overlay": change.overlay,
        "verb": change.verb,
        "of": change.of,
        "target": change.target,
        "change": change.what,
        "reason": change.reason,
        "author": change.author,
        "date": change.date,
        "place": str(change.place),
        "in_force": change.is_in_force,
        "has_effect": change.has_effect,
    }


def _citations(rule: Rule) -> Sequence[Plain]:
    """The sources of a rule as plain values, which nobody changes."""
    known = _CITED.get(id(rule))
    if known is None:
        if len(_CITED) >= MOST_CITED:
            _CITED.clear()
        told = [
            {"document": one.document, "title": one.title, "year": one.year, "flags": one.flags}
            for one in rule.sources
        ]
        known = _CITED[id(rule)] = rule, told
    return known[1]


MOST_CITED = 5_000
"""Rules whose sources are kept as plain values."""

_CITED: dict[int, tuple[Rule, Sequence[Plain]]] = {}
"""By the id of the rule, which is kept beside: so long as it is, nothing else has that id."""


def in_one_sentence(told: Sequence[Told], window: Plain | None = None) -> str:
    """What holds, in one sentence: the true conditions, one for each field, and what the window
    came to."""
    clauses: dict[str, str] = {}
    for one in told:
        if one.says_much:
            clauses.setdefault(one.evidence["field"], one.evidence["sentence"])
    if not clauses:
        holding = [one.evidence for one in told if one.evidence["verdict"] == "true"]
        clauses = {condition["field"]: condition["sentence"] for condition in holding}
    sentences = [*clauses.values(), *([] if window is None else [in_one_clause(window)])]
    sentence = "; ".join(dict.fromkeys(sentences))
    return sentence[:1].upper() + sentence[1:]


def fill(question: str, record: Record) -> str:
    """A question with the order's own values; a value that is not known becomes its label."""
    known = record.told
    pieces = list(_pieces(question))
    for place in range(1, len(pieces), 2):
        path = pieces[place]
        # Many questions of an order name the buyer.
        value: str | None = known.get(path)
        if value is None:
            value = known[path] = _shown(path, record)
        pieces[place] = value
    filled = "".join(pieces)
    return filled[:1].upper() + filled[1:]


@lru_cache(maxsize=10_000)
def _pieces(question: str) -> Sequence[str]:
    """Text and field names by turns."""
    return tuple(_PLACEHOLDER.split(question))


def _shown(path: str, record: Record) -> str:
    field = field_table()[path]
    understood = record[path]
    if understood.value is None or not understood.written.strip():
        return field.label.removesuffix("'s name")
    if field.kind.order:
        return field.kind.shown(understood)
    return shorten(display(understood.written.strip()))
