"""Comments in rule files that allow a finding, with the reason.

``# redflags: allow RL301, because …`` on a line by itself allows the finding in the block that
follows; behind a line, on that line alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from redflags.diagnostics import Place
from redflags.rulebook.findings import line_breaks

MOST_OF_A_FILE = 1_000
"""Comments of one file that are looked at; a file with more is not one that a person wrote."""

_COMMENT = re.compile(r"#[ \t]*redflags:[ \t]*allow\b(?P<rest>.*)\Z")
_CODE = re.compile(r"[ \t]*(?:,|and\b)?[ \t]*(?P<code>RL[0-9]{3})\b", re.ASCII)
_REASON = re.compile(r"[ \t]*[,:;–—-]?[ \t]*(?:because\b)?[ \t]*:?[ \t]*(?P<reason>.*)\Z")


@dataclass(frozen=True, slots=True)
class Allowance:
    """A comment that allows findings of some codes from one line to another, both included."""

    codes: tuple[str, ...]
    reason: str
    place: Place
    first: int
    last: int

    def covers(self, code: str, place: Place | None) -> bool:
        """Whether it allows a finding of a code at a place."""
        return (
            place is not None
            and code in self.codes
            and place.file == self.place.file
            and self.first <= place.line <= self.last
        )


def allowances(texts: Mapping[str, str]) -> Iterator[Allowance]:
    """Every such comment of some files, by file and line."""
    for file in sorted(texts):
        if "redflags:" not in texts[file]:
            continue
        lines = line_breaks().split(texts[file])
        ends: dict[int, int] | None = None
        count = 0
        for number, line in enumerate(lines, start=1):
            found = _COMMENT.search(line) if "redflags:" in line else None
            if found is None or count >= MOST_OF_A_FILE:
                continue
            count += 1
            place = Place(file, number, found.start() + 1)
            codes, reason = _parts(found["rest"])
            if line[: found.start()].strip():
                yield Allowance(codes, reason, place, number, number)
                continue
            ends = _ends(lines) if ends is None else ends
            yield Allowance(codes, reason, place, number, ends.get(number, number))


def _parts(rest: str) -> tuple[tuple[str, ...], str]:
    codes: list[str] = []
    position = 0
    while (found := _CODE.match(rest, position)) is not None:
        codes.append(found["code"])
        position = found.end()
    reason = _REASON.match(rest, position)
    return tuple(codes), reason["reason"].strip() if reason is not None else ""


def _ends(lines: list[str]) -> dict[int, int]:
    """The last line of the block that follows each comment line: to where the margin comes back."""
    ends: dict[int, int] = {}
    open_blocks: list[tuple[int, int]] = []  # margin and number of a line that begins a block
    begins: dict[int, int] = {}
    waiting: list[int] = []
    last = 0
    for number, line in enumerate(lines, start=1):
        body = line.lstrip(" ")
        if not body.strip() or body.startswith("#"):
            if body.startswith("#"):
                waiting.append(number)
            continue
        margin = len(line) - len(body)
        while open_blocks and open_blocks[-1][0] >= margin:
            begins[open_blocks.pop()[1]] = last
        open_blocks.append((margin, number))
        for comment in waiting:
            ends[comment] = number
        waiting = []
        last = number
    for _, start in open_blocks:
        begins[start] = last
    return {comment: begins[start] for comment, start in ends.items()}
