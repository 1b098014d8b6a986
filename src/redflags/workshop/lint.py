"""Lint: every check on the rules of some files, with all that the loader refuses."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from redflags.diagnostics import Diagnostic, Place
from redflags.model.survey import FileSurvey
from redflags.rulebook.loader import Reading, read_rules, read_rules_text
from redflags.rulebook.overlays import is_overlay_file, is_overlay_text
from redflags.rulebook.packs import PACK_FILE
from redflags.workshop.allowances import allowances
from redflags.workshop.checks import ERROR, Check, Finding, Raised, all_checks
from redflags.workshop.subject import Stated, Subject

MOST_OF_ONE_CODE = 200
"""Findings of one code that are kept; more of them say nothing new."""

LAST = ("RL110", "RL001", "RL002")
"""Checks of what the others left over."""


@dataclass(frozen=True, slots=True)
class LintReport:
    """What a lint found, by place. ``allowed`` are the findings that a comment allows, each with
    the reason; ``packs`` the ids of the packs under lint; ``rules`` how many rules they have;
    ``overlays`` the names of the overlays under lint."""

    findings: tuple[Finding, ...]
    allowed: tuple[tuple[Finding, str], ...]
    packs: tuple[str, ...]
    rules: int
    overlays: tuple[str, ...] = ()

    @property
    def errors(self) -> int:
        """How many findings are errors, those of the loader among them."""
        return sum(one.level == ERROR for one in self.findings)

    @property
    def advice(self) -> int:
        """How many findings are advice."""
        return len(self.findings) - self.errors

    @property
    def cannot_be_loaded(self) -> bool:
        """Whether the loader refuses the files."""
        return any(one.diagnostic.code.startswith("RF") for one in self.findings)


def lint_paths(
    paths: Sequence[str | os.PathLike[str]],
    *,
    as_of: datetime.date,
    stated: Mapping[str, Stated] | None = None,
    shipped: bool = True,
) -> LintReport:
    """Lint rule files, folders of packs and overlays; a folder of packs stands for all of them.

    The shipped packs are there to be referred to and compared with unless ``shipped`` is False.
    With no path they are themselves under lint. ``as_of`` judges vintages; ``stated`` says how
    often a file of orders states each field (see :func:`stated_in`).
    """
    given_paths = expanded(paths)
    overlays = [one for one in given_paths if is_overlay_file(one)]
    written = [one for one in given_paths if one not in overlays]
    reading = read_rules(
        written,
        profile=None,
        shipped=shipped or not given_paths,
        instead=True,
        overlays=overlays,
    )
    origins = frozenset(given_paths) if given_paths else frozenset({"shipped"})
    drafts = reading.library.packs.values()
    given = frozenset(draft.id for draft in drafts if draft.origin in origins)
    texts = {
        file: text
        for file, text in reading.findings.texts.items()
        if not given_paths or any(_is_in(file, one) for one in given_paths)
    }
    return _lint(reading, given, texts, as_of, stated)


def lint_text(
    text: str,
    name: str = "rules.yaml",
    *,
    as_of: datetime.date,
    stated: Mapping[str, Stated] | None = None,
) -> LintReport:
    """Lint one text as a rule file by itself, or as an overlay of the shipped packs."""
    if is_overlay_text(text):
        reading = read_rules(profile=None, overlay_texts={name: text})
        return _lint(reading, frozenset(), {name: text}, as_of, stated)
    reading = read_rules_text(text, name)
    given = frozenset(reading.library.packs)
    return _lint(reading, given, reading.findings.texts, as_of, stated)


def expanded(paths: Iterable[str | os.PathLike[str]]) -> list[str]:
    """The paths of packs, each once. A folder that holds packs and is none stands for them; a file
    of a pack for the pack, since its lists and conditions may stand in another file."""
    found: list[str] = []
    for path in paths:
        written = os.fspath(path)
        found += _inner_packs(written) or [_pack_of(written)]
    return list(dict.fromkeys(found))


def _pack_of(written: str) -> str:
    folder, name = os.path.split(written)
    try:
        is_part = Path(written).is_file() and (Path(folder) / PACK_FILE).is_file()
    except (OSError, ValueError):
        return written
    return folder or "." if is_part and name.endswith((".yaml", ".yml")) else written


def _inner_packs(written: str) -> list[str]:
    try:
        folder = Path(written)
        if not folder.is_dir() or (folder / PACK_FILE).is_file():
            return []
        inner = [one for one in folder.iterdir() if (one / PACK_FILE).is_file()]
    except (OSError, ValueError):
        return []
    return [os.path.join(written, one.name) for one in sorted(inner)]


def _is_in(file: str, written: str) -> bool:
    return file == written or file.startswith(written.rstrip("/\\") + "/")


def _lint(
    reading: Reading,
    given: frozenset[str],
    texts: Mapping[str, str],
    as_of: datetime.date,
    stated: Mapping[str, Stated] | None,
) -> LintReport:
    subject = Subject(reading, given, as_of, stated, tuple(allowances(texts)))
    findings = [Finding(ERROR, one) for one in reading.findings.sorted()]
    is_whole = not findings
    allowed: list[tuple[Finding, str]] = []
    checks = [one for one in all_checks() if is_whole or not one.is_whole]
    for one in sorted(checks, key=lambda check: check.code in LAST and LAST.index(check.code) + 1):
        for raised in _raised(one, subject):
            finding = _finding(one, raised, reading)
            reason = _allowed_by(finding, subject)
            if reason is None:
                findings.append(finding)
            else:
                allowed.append((finding, reason))
    rules = sum(len(pack.rules) for pack in subject.packs)
    return LintReport(
        tuple(sorted(findings, key=_order)),
        tuple(sorted(allowed, key=lambda pair: _order(pair[0]))),
        tuple(sorted(given)),
        rules,
        tuple(one.id for one in subject.overlays),
    )


def _raised(check: Check, subject: Subject) -> list[Raised]:
    found: dict[tuple[Place, str], Raised] = {}
    for raised in check.run(subject):
        found.setdefault((raised.place, raised.message), raised)
        if len(found) > MOST_OF_ONE_CODE:
            break
    return list(found.values())[:MOST_OF_ONE_CODE]


def _finding(check: Check, raised: Raised, reading: Reading) -> Finding:
    line = reading.findings.line_at(raised.place)
    width = max(1, min(raised.width, len(line) - raised.place.column + 1)) if line else 1
    remedy = raised.remedy or check.page.remedy
    diagnostic = Diagnostic(check.code, raised.message, raised.place, remedy, line, width)
    return Finding(check.level, diagnostic, raised.about)


def _allowed_by(finding: Finding, subject: Subject) -> str | None:
    """The reason for which a comment allows a finding, None where none does."""
    code, place = finding.diagnostic.code, finding.diagnostic.place
    covering = [one for one in subject.allowances if one.covers(code, place)]
    subject.allowed.update((one.place, code) for one in covering)
    return covering[0].reason if covering else None


def _order(finding: Finding) -> tuple[bool, Place, str, str]:
    one = finding.diagnostic
    return (one.place is None, one.place or Place("", 0, 0), one.code, one.message)


def stated_in(surveys: Iterable[FileSurvey]) -> dict[str, Stated]:
    """How often files state each field, from their surveys (``redflags columns``)."""
    found: dict[str, Stated] = {}
    rows = 0
    for survey in surveys:
        rows += survey.rows - survey.set_aside
        for column in survey.columns:
            if column.field is not None:
                before = found.get(column.field, Stated(0, 0)).given
                found[column.field] = Stated(before + column.given, 0)
        for path in survey.constants:
            before = found.get(path, Stated(0, 0)).given
            found[path] = Stated(before + survey.rows - survey.set_aside, 0)
    return {path: Stated(one.given, rows) for path, one in found.items()}
