"""What the rules of a load can refer to by name: lists, tables and conditions of all packs."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from redflags import reference
from redflags.diagnostics import nearest
from redflags.model.fields import Field, field_table
from redflags.model.judgements import SiteFit, SiteScale
from redflags.model.kind import Kind
from redflags.model.kinds import AGE, DATE, FAMILY, KINDS, TARIFF_CODE
from redflags.rulebook.findings import Findings, or_list, quoted
from redflags.rulebook.meant import (
    meant_family,
    meant_field,
    meant_field_beside,
    meant_kind,
    several_values,
)
from redflags.rulebook.schema import Shapes
from redflags.rulebook.tree import LimitTable, Named, PackSource, RuleList
from redflags.rulebook.yaml_text import Node, RefusedNode, SequenceNode, TextNode
from redflags.values.understood import NOT_STATED, Understood, unknown

Resolved = TypeVar("Resolved")


@dataclass(slots=True)
class PackDraft:
    """A pack whose files are read and whose parts are still nodes.

    ``is_partial`` is set when a file of it could not be read: what is missing may be there.
    """

    id: str
    origin: str
    title: str = ""
    version: str = "0"
    licence: str = ""
    sources: dict[str, PackSource] = field(default_factory=dict)
    is_partial: bool = False
    lists: dict[str, tuple[TextNode, Node]] = field(default_factory=dict)
    tables: dict[str, tuple[TextNode, Node]] = field(default_factory=dict)
    conditions: dict[str, tuple[TextNode, Node]] = field(default_factory=dict)
    mitigations: list[tuple[TextNode | None, Node]] = field(default_factory=list)
    rules: list[Node] = field(default_factory=list)


LONGEST_OPERAND = 500
"""Characters that a value in a rule file may have."""


_LONGEST_UNIT = 40
_SHORTEST_TO_MEND = 3
_MOST_NAMES = 6


class Library:
    """Everything that has a name, by its full name ``pack/name``. None stands for a thing that is
    there and has mistakes, which are reported where it stands and not where it is used."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.shapes = Shapes(findings)
        self.packs: dict[str, PackDraft] = {}
        self.lists: dict[str, RuleList | None] = {}
        self.tables: dict[str, LimitTable | None] = {}
        self.fits: dict[tuple[str, str], SiteFit] = {}
        self.scales: dict[str, SiteScale] = {}
        self.conditions: dict[str, Named | None] = {}
        self.sizes: dict[str, tuple[int, int]] = {}
        self._values: dict[tuple[str, str], Understood] = {}

    def find(
        self,
        things: Mapping[str, Resolved | None],
        code: str,
        what: str,
        name: TextNode,
        pack: str,
        kind: str = "",
    ) -> Resolved | None:
        """The thing of this name, own ones without their pack; an unknown name is reported.

        ``kind`` is the kind of the entries that a list is wanted for."""
        full = name.value if "/" in name.value else f"{pack}/{name.value}"
        if full in things:
            return things[full]
        owner_id = full.partition("/")[0]
        owner = self.packs.get(owner_id)
        place = name.place
        if (owner is None or not owner.is_partial) and not self.findings.is_full(place):
            own = f"{pack}/"
            legal = [key.removeprefix(own) if key.startswith(own) else key for key in things]
            self.findings.unknown_word(
                code,
                f"there is no {what} {quoted(name.value)}",
                name.value,
                legal,
                place,
                name.width,
                _definition(name.value, kind)
                if owner_id == pack
                else self._elsewhere(things, owner_id, what),
            )
        return None

    def _elsewhere(self, things: Collection[str], owner_id: str, what: str) -> str:
        """What to do about a name of another pack that is not there."""
        if owner_id not in self.packs:
            close = nearest(owner_id, self.packs)
            return (
                f"no pack {quoted(owner_id)} is in force"
                + (f" (did you mean {quoted(close)}?)" if close is not None else "")
                + f": add it with --rules (a shipped one is there unless --only-rules or --alone "
                f"leaves it out), or use a {what} of your own"
            )
        names = sorted(name for name in things if name.startswith(f"{owner_id}/"))
        if not names:
            return f"the pack {quoted(owner_id)} has none; use a {what} of your own"
        shown = [*map(quoted, names[:_MOST_NAMES])]
        if len(names) > _MOST_NAMES:
            shown.append(f"one of {len(names) - _MOST_NAMES} more")
        return f"use {or_list(shown)}"

    def field(self, path: TextNode, beside: str = "") -> Field | None:
        """The field of this path; an unknown one is reported. ``beside`` is the field that it is
        compared with."""
        found = field_table().get(path.value)
        if found is None:
            self.findings.unknown_word(
                "RF301",
                f"there is no field {quoted(path.value)}",
                path.value,
                field_table(),
                path.place,
                path.width,
                meant=meant_field_beside(path.value, beside) or meant_field(path.value),
            )
        return found

    def kind(self, name: TextNode, what: str) -> Kind | None:
        """The kind of this name, of one member for a set; an unknown one is reported."""
        found = KINDS.get(name.value)
        if found is None:
            message = f"the kind of {what} cannot be {quoted(name.value)}"
            self.findings.unknown_word(
                "RF401",
                message,
                name.value,
                KINDS,
                name.place,
                name.width,
                meant=meant_kind(name.value),
            )
            return None
        return found.member

    def value(self, kind: Kind, node: Node, what: str, code: str = "RF305") -> Any:
        """The typed value of a text, of one member for a set; None if it was reported."""
        text = self.shapes.text(node, what) if isinstance(node, TextNode) else None
        if text is None:
            if not isinstance(node, TextNode):
                self.shapes.wrong_shape(node, f"{what} is one text", "RF304")
            return None
        understood = self.understood(kind, text.value)
        several = several_values(kind.member, text.value)
        if several and (understood.value is None or kind.member.is_code):
            # Of "8806, 8807" only the first code would count.
            message = f"{what} names several values: {quoted(text.value)}"
            remedy = f"write a list: [{', '.join(several)}]"
            self.findings.report(code, message, text.place, text.width, remedy)
            return None
        if understood.value is None:
            self._report_value(kind.member, text, understood, what, code)
        return understood.value

    def understood(self, kind: Kind, text: str) -> Understood:
        """The text read as an operand of a kind; read once for each text."""
        key = (kind.member.name, text)
        found = self._values.get(key)
        if found is None:
            is_short = len(text) <= LONGEST_OPERAND
            found = kind.operand(text) if is_short else unknown(text, "the text is too long")
            if found.value is None and kind.member.is_code:
                found = _code_prefix(kind.member, text, found)
            self._values[key] = found
        return found

    def _report_value(
        self, kind: Kind, text: TextNode, understood: Understood, what: str, code: str
    ) -> None:
        message = f"{what} cannot be understood: {understood.why[:160]}"
        word = re.sub(r"^[\s\d.,'+-]+", "", text.value)
        if "unit" in understood.needs and len(word) < _SHORTEST_TO_MEND:
            # A unit of two letters is one letter away from many others.
            number = text.value.strip().removesuffix(word).strip()[:20] or "100"
            remedy = (
                f"write a unit of goods after the number, such as {number} kg or {number} pieces"
            )
            self.findings.report("RF306", message, text.place, text.width, remedy)
            return
        if "unit" in understood.needs:
            spellings = reference.units().spellings
            symbols = {unit.symbol for unit in spellings.values()}
            legal = symbols if nearest(word[:_LONGEST_UNIT], symbols) else spellings
            self.findings.unknown_word("RF306", message, word, legal, text.place, text.width)
            return
        if "currency" in understood.needs:
            self.findings.unknown_word(
                "RF306", message, word, reference.currencies().codes, text.place, text.width,
                "write the currency's code, such as 5000 EUR",
            )  # fmt: skip
            return
        if (
            kind is TARIFF_CODE
            and len(text.value.strip()) == 1
            and text.value.strip() in "123456789"
        ):
            self.findings.report(
                code, message, text.place, text.width, f'did you mean "0{text.value.strip()}"?'
            )
            return
        legal_words = kind.vocabulary() if kind.vocabulary is not None else ()
        self.findings.unknown_word(
            code, message, text.value, legal_words, text.place, text.width,
            _remedy(kind, text.value.strip(), understood),
            meant_family(text.value) if kind is FAMILY else None,
        )  # fmt: skip


def _definition(name: str, kind: str) -> str:
    """How a list of a kind is written under a name that none has; empty where no kind is wanted."""
    if not kind:
        return ""
    own = name.rpartition("/")[2][:60]
    return f"define it under `lists`: {own}: {{kind: {kind}, source: judgement, entries: […]}}"


_YEAR = re.compile(r"(?:1[6-9]|20)[0-9]{2}(?:\s?years?)?", re.ASCII)


def _remedy(kind: Kind, text: str, understood: Understood) -> str:
    """What to write instead of a value that cannot be understood."""
    if understood.why == NOT_STATED:
        return "write {known: no} for a field that is not stated"
    if kind is AGE and _YEAR.fullmatch(text):
        day = f"{text[:4]}-01-01"
        return (
            f"an age is a length of time; for the day write `buyer.incorporated: {{after: {day}}}`"
        )
    if kind is AGE and text.isdecimal():
        return f"write its unit, such as {text[:20]} months or {text[:20]} years"
    if kind is AGE:
        return "write a whole number with its unit, such as 18 months or 2 years"
    if kind is DATE:
        return "write it as 2024-02-23"
    if " can be " in understood.why and kind.order:
        return "write the number without a mark for thousands, and decimals with a point: 1000.5"
    return f"write {kind.title}"


_PREFIX = re.compile(r"[0-9A-Z][0-9A-Z.]{0,15}", re.ASCII)


def _code_prefix(kind: Kind, text: str, refused: Understood) -> Understood:
    """A code that is too short to stand by itself, but has others below it. Of a tariff code one
    digit is not: who writes 8 means chapter 08."""
    plain = "".join(text.upper().split())
    if kind is TARIFF_CODE and len(plain) < 2:
        return refused
    return Understood(text, plain) if _PREFIX.fullmatch(plain) and plain.isdigit() else refused


def texts_of(node: Node) -> list[Node]:
    """One text or the members of a list, for operands that may be either."""
    if isinstance(node, SequenceNode):
        return list(node.items)
    return [] if isinstance(node, RefusedNode) else [node]
