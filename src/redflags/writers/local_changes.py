"""What overlays change, in words."""

from __future__ import annotations

from collections.abc import Iterator

from redflags.model.results import Assessment, LocalChange, OverlayUsed
from redflags.writers.page import counted, sentence

MOST_CHANGES = 50
"""Changes of one overlay that are listed for a person."""


def change_text(change: LocalChange, rule: str = "") -> str:
    """A local change as a clause and a sentence: which overlay changes what, why, by whom, and
    where it stands. ``rule`` is the rule that is spoken of, whose name need not be said again."""
    of = "" if change.target == rule else f"{change.of} {change.target} "
    by = ", ".join(part for part in (change.author, change.date) if part)
    where = f"{by}; {change.place}" if by else change.place
    said = f"by the overlay {change.overlay}: {of}{change.change}."
    return f"{said} {sentence(change.reason)} ({where})"


def changed_text(change: LocalChange, rule: str = "") -> str:
    """A local change of a rule as sentences."""
    return f"Changed here, {change_text(change, rule)}"


def shaped_text(assessment: Assessment) -> str:
    """Which overlays shape the flags of an order, and how many of them; empty for none."""
    shaped = [flag for flag in assessment.flags if flag.shaped_by]
    if not shaped:
        return ""
    names = sorted({change.overlay for flag in shaped for change in flag.shaped_by})
    verb = "shapes" if len(names) == 1 else "shape"
    of_all = f"{len(shaped)} of {counted(len(assessment.flags), 'flag')}"
    return f"{', '.join(names)} {verb} {of_all}"


def overlay_text(overlay: OverlayUsed) -> str:
    """An overlay in one line: its name, what it is for, and how many changes it makes."""
    title = f", {overlay.title}" if overlay.title else ""
    off = sum(one.verb == "disable" and one.in_force for one in overlay.changes)
    idle = sum(not one.in_force for one in overlay.changes)
    told = [counted(len(overlay.changes), "local change")]
    told += [f"{off} switched off"] if off else []
    told += [f"{idle} of packs that are not in force"] if idle else []
    return f"{overlay.id}{title} ({overlay.path}): {', '.join(told)}"


def change_lines(overlay: OverlayUsed) -> Iterator[str]:
    """Each change of an overlay in one line, and how many more there are."""
    for change in overlay.changes[:MOST_CHANGES]:
        by = ", ".join(part for part in (change.author, change.date) if part)
        signed = f" ({by})" if by else ""
        yield f"{change.of} {change.target}: {change.change}. {sentence(change.reason)}{signed}"
    if len(overlay.changes) > MOST_CHANGES:
        yield f"and {counted(len(overlay.changes) - MOST_CHANGES, 'more change')}"
