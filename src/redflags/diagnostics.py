"""A finding about a rule file: a stable code, a place, one sentence of fact, one of remedy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import DamerauLevenshtein


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: the file as the user named it, line and column counted from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding. ``code`` never changes its meaning; ``remedy`` says what to do about it."""

    code: str
    message: str
    place: Place | None = None
    remedy: str = ""
    source_line: str = ""
    width: int = 1


@dataclass(slots=True)
class Collector:
    """Gathers findings, so that all mistakes of all files are reported at once."""

    found: list[Diagnostic] = field(default_factory=list)

    def add(self, diagnostic: Diagnostic) -> None:
        self.found.append(diagnostic)

    def sorted(self) -> list[Diagnostic]:
        """The findings in the order of file, line and column; those without a place last."""
        return sorted(
            self.found,
            key=lambda d: (d.place is None, d.place or Place("", 0, 0), d.code, d.message),
        )


def nearest(word: str, legal: Iterable[str]) -> str | None:
    """The legal word that ``word`` was probably meant to be, or None if none is close enough.

    At most one edit for each three letters, and never more than three.
    """
    allowed = min(3, max(1, len(word) // 3))
    best: tuple[int, str] | None = None
    for candidate in sorted(legal):
        distance = DamerauLevenshtein.distance(
            word.lower(), candidate.lower(), score_cutoff=allowed
        )
        if distance <= allowed and (best is None or distance < best[0]):
            best = (distance, candidate)
    return best[1] if best else None


def render(diagnostics: Sequence[Diagnostic]) -> str:
    """The findings as text for a terminal: place, code, sentence, the line with a caret, remedy."""
    return "\n\n".join(_render_one(diagnostic) for diagnostic in diagnostics)


def _render_one(diagnostic: Diagnostic) -> str:
    head = f"{diagnostic.code}: {diagnostic.message}"
    if diagnostic.place is None:
        lines = [head]
    else:
        lines = [f"{diagnostic.place}: {head}"]
        if diagnostic.source_line:
            gutter = f"{diagnostic.place.line} | "
            caret = " " * (diagnostic.place.column - 1) + "^" * max(1, diagnostic.width)
            lines += [gutter + diagnostic.source_line, " " * (len(gutter) - 2) + "| " + caret]
    if diagnostic.remedy:
        lines.append(f"  help: {diagnostic.remedy}")
    return "\n".join(lines)
