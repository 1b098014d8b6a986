"""Changes of rules and packs, what they can do to alerts, and the step of a version they deserve.

Every change has effects: ``more`` (alerts may appear or become more urgent), ``less`` (alerts may
vanish or become less urgent, or somebody's reference to a rule or list leads nowhere) and ``text``
(what is shown or recorded is not what it was). The step follows from all effects together: *major*
where something may be lost, *minor* where something can only be added, *patch* where only texts
changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from redflags.workshop.condition_changes import Detail
from redflags.workshop.narrower import Relation

Step = Literal["none", "patch", "minor", "major"]

STEPS: tuple[Step, ...] = ("none", "patch", "minor", "major")
"""The steps of a version, from the smallest."""

MORE = frozenset({"more"})
LESS = frozenset({"less"})
BOTH = MORE | LESS
TEXT = frozenset({"text"})
NOTHING: frozenset[str] = frozenset()

OF_RELATION: dict[Relation, frozenset[str]] = {
    "same": NOTHING, "narrower": LESS, "wider": MORE, "neither": BOTH,
}  # fmt: skip
"""What a rule that flags other orders than before can do."""

Found = tuple[Detail, frozenset[str]]
"""One thing that changed, with its effects."""


@dataclass(frozen=True, slots=True)
class RuleChange:
    """What became of one rule. ``name`` is its full name now, of one that was removed the one
    then; ``name_before`` that of then, None for an added rule. ``relation`` says how the orders
    that it flags now stand to those of then; None where only one side has the rule."""

    kind: Literal["added", "removed", "renamed", "changed"]
    name: str
    name_before: str | None
    title: str
    grade: str
    relation: Relation | None
    details: tuple[Detail, ...]
    effects: frozenset[str]


@dataclass(frozen=True, slots=True)
class OtherChange:
    """What became of a list, a mitigation, the judgements or what a pack says of itself."""

    what: Literal["list", "mitigation", "judgements", "pack"]
    kind: Literal["added", "removed", "changed"]
    name: str
    details: tuple[Detail, ...]
    effects: frozenset[str]


@dataclass(frozen=True, slots=True)
class PackStep:
    """A pack that both sides or one of them has, its versions, and the step that it deserves.
    None stands for a side without it, an empty version for a pack without a pack file."""

    name: str
    name_before: str | None
    version: str | None
    version_before: str | None
    step: Step
    is_too_small: bool
    """Whether the versions that it states make a smaller step than it deserves."""


def step_of(effects: Iterable[frozenset[str]]) -> Step:
    """The step of a version that some changes deserve."""
    every = NOTHING.union(*effects)
    if every & LESS:
        return "major"
    if every & MORE:
        return "minor"
    return "patch" if every else "none"


def step_between(old: str, new: str) -> Step | None:
    """The step from one version to another by semantic versioning (semver.org, 2.0.0); before 1.0
    a step of the second number counts as major, of the third as minor. None where either is no
    such version or the step goes back."""
    before, after = _numbers(old), _numbers(new)
    if before is None or after is None or after < before:
        return None
    if before == after:
        return "none"
    steps: tuple[Step, ...] = (
        ("major", "minor", "patch") if after[0] else ("major", "major", "minor")
    )
    place = next(place for place in range(3) if before[place] != after[place])
    return steps[place]


def _numbers(version: str) -> tuple[int, ...] | None:
    parts = version.partition("+")[0].split(".")
    if len(parts) > 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    if any(len(part) > 9 for part in parts):
        return None
    numbers = tuple(int(part) for part in parts)
    return numbers + (0,) * (3 - len(numbers))
