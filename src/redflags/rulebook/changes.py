"""What an overlay changes of the packs in force, as everything after the loader sees it."""

from __future__ import annotations

from dataclasses import dataclass

from redflags.diagnostics import Place


@dataclass(frozen=True, slots=True)
class Change:
    """One local change of a pack.

    ``verb`` is ``set``, ``add``, ``remove`` or ``disable``; ``of`` says what ``target`` is the full
    name of: a rule, list, condition, table, mitigation or pack. ``what`` is the change as a clause;
    ``author`` and ``date`` are those of the change, else of its overlay, and may be empty.
    ``is_in_force`` is False for a change of a shipped pack that the profile leaves out;
    ``has_effect`` is False where the pack says the same without it; ``stops`` counts the stops that
    it switches off.
    """

    overlay: str
    verb: str
    of: str
    target: str
    what: str
    reason: str
    author: str
    date: str
    place: Place
    is_in_force: bool = True
    has_effect: bool = True
    stops: int = 0


@dataclass(frozen=True, slots=True)
class Overlay:
    """A file of local changes. ``origin`` is the file as it was named; ``sha256`` the hash of what
    it says, whatever its layout; ``place`` is where its name stands."""

    id: str
    title: str
    origin: str
    sha256: str
    changes: tuple[Change, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Repeated:
    """An entry that an overlay adds to a list that has it: since the ``first`` that was added, or
    (None) as the pack has it."""

    target: str
    text: str
    place: Place
    first: Place | None
