"""The neutral rule tree: what the loader makes of YAML and every engine compiles from."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from redflags.diagnostics import Place
from redflags.model.judgements import AS_SHIPPED, Judgements
from redflags.rulebook.changes import Change, Overlay


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list. ``value`` is typed by the list's kind; for codes it is a text that
    stands for itself and everything below it. It counts from ``since`` to ``until``, both days
    included; None is open. ``place`` is where an overlay added it, None for the list's own."""

    value: Any
    written: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    since: datetime.date | None = None
    until: datetime.date | None = None
    place: Place | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class RuleList:
    """A list of a pack, by its full name ``pack/name``."""

    name: str
    kind: str
    source: str
    vintage: str
    entries: tuple[Entry, ...]
    place: Place

    @property
    def is_dated(self) -> bool:
        """Whether any entry counts only for a time."""
        return any(entry.since is not None or entry.until is not None for entry in self.entries)


@dataclass(frozen=True, slots=True)
class ListReference:
    """A list as an operand; ``where`` keeps the entries whose attribute has one of the values."""

    list: RuleList
    where: tuple[tuple[str, frozenset[str]], ...] = ()


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table of limits: the values that must agree, and the limit."""

    match: tuple[tuple[str, Any], ...]
    limit: Any
    written: str


@dataclass(frozen=True, slots=True)
class LimitTable:
    """A table of limits of a pack. The row that names most fields of the order wins; where no row
    fits there is no limit, and nothing is above it. ``extends`` names the table whose rows these
    are added to, and replace where they name the same values."""

    name: str
    kind: str
    source: str
    rows: tuple[TableRow, ...]
    place: Place
    extends: str = ""
    _of_family: dict[Any, tuple[TableRow, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        of_family: dict[Any, tuple[TableRow, ...]] = {}
        for row in self.rows:
            family = dict(row.match).get("product.family")
            of_family[family] = (*of_family.get(family, ()), row)
        object.__setattr__(self, "_of_family", of_family)

    def rows_for(self, families: frozenset[str]) -> tuple[TableRow, ...]:
        """The rows that could agree with goods of these families: those that name one of them,
        and those that name none."""
        named = (self._of_family.get(family, ()) for family in sorted(families))
        return sum(named, self._of_family.get(None, ()))


@dataclass(frozen=True, slots=True)
class Test:
    """One test of one field.

    The operand's type follows from the operator: a value (``is``, ``is_not``, the comparisons);
    a frozenset of values (``in``, ``not_in``); :class:`ListReference` (``in_list``,
    ``not_in_list``); a pair (``between``); a date (``before``, ``after``); a tuple of code
    prefixes (``under``); a tuple of phrases (``mentions``); a tuple of field paths (``same_as``,
    ``differs_from``); a bool (``known``). A comparison may have a :class:`LimitTable` instead.
    """

    __test__ = False  # the test runner collects classes of this name otherwise

    field: str
    operator: str
    operand: Any
    written: str
    place: Place


@dataclass(frozen=True, slots=True)
class Group:
    """Several conditions: ``all`` must hold, ``any`` one of them, or ``none``."""

    kind: str
    parts: tuple[Condition, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Named:
    """A condition of the pack under its name, with the block that it stands for."""

    name: str
    block: Group
    place: Place


Condition = Test | Group | Named


@dataclass(frozen=True, slots=True)
class Same:
    """What the transactions of a window have in common with the one that is judged.

    ``kind`` is ``party`` (``path`` is a role), ``field`` (``path`` is a field of one value, or
    ``product.family``, of which the best supported counts) or ``linked``: buyers that are
    connected ``by`` some kinds of link; ``path`` is then the role ``buyer``."""

    kind: str
    path: str
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Having:
    """One thing that is asked of a window.

    ``measure`` is ``count``, ``sum``, ``max``, ``distinct``, ``baseline``, ``first`` or ``some``;
    ``field`` is what it is taken of: a field, for ``distinct`` also a role, empty for ``count``,
    ``first`` and ``some``. ``operator`` is a comparison, empty for ``first`` and ``some``. The
    operand is a value of the field's kind (``sum``, ``max``), a whole number (``count``,
    ``distinct``), a Fraction (``baseline``), a pair of these (``between``), a bool (``first``) or
    None (``some``, which has the ``block`` that another transaction must satisfy)."""

    measure: str
    field: str
    operator: str
    operand: Any
    block: Group | None
    written: str
    place: Place


@dataclass(frozen=True, slots=True)
class Across:
    """A condition over several transactions.

    The window of a transaction T holds those with the same ``same``, dated in ``(T.date - within,
    T.date]`` in days, that satisfy ``where``; without ``within`` it is one order. All of
    ``having`` must hold for it."""

    same: tuple[Same, ...]
    within: int | None
    where: Group | None
    having: tuple[Having, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Source:
    """A document that a rule rests on, with the ids of the documented red flags.

    ``document`` is an id of the pack's sources or the word ``judgement``; ``title`` and ``year``
    come from the pack."""

    document: str
    flags: tuple[str, ...] = ()
    title: str = ""
    year: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Lowering:
    """A fact that explains a flag in part. ``bits`` are whole thousandths of a bit."""

    when: Group
    bits: int
    by: str
    because: str


@dataclass(frozen=True, slots=True)
class Mitigation:
    """A lowering of every flag that speaks of one base fact, anywhere in the rule book."""

    name: str
    fact: str
    when: Group
    bits: int
    by: str
    because: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question to ask, and of whom: customer, sales, carrier, bank, records …"""

    of: str
    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """An order in a few fields and what the rule must say: flag, no flag or incomplete.

    ``orders`` are the other transactions that a rule across orders sees beside it."""

    name: str
    given: Mapping[str, str]
    expect: str
    place: Place
    orders: tuple[Mapping[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """One red flag. ``name`` is ``pack/id``; a stop has severity, fact and weight None.

    ``weight`` is the share of certainty w of the score formula, ``bits`` is −log2(1 − w) in whole
    thousandths. Of a rule with ``across``, ``when`` holds the parts of its `when` and of `where`:
    what one line alone can say. It holds where ``when`` holds and the window has what is asked
    of it. ``shaped_by`` are the local changes of it, or of what it refers to; they are no part of
    what it says."""

    name: str
    pack: str
    id: str
    title: str
    kind: str
    severity: str | None
    fact: str | None
    weight: float | None
    bits: int
    status: str
    why: str
    sources: tuple[Source, ...]
    when: Group
    lowers: tuple[Lowering, ...]
    ask: tuple[Question, ...]
    examples: tuple[Example, ...]
    notes: str
    place: Place
    across: Across | None = None
    shaped_by: tuple[Change, ...] = ()

    @property
    def is_stop(self) -> bool:
        """Whether the rule is a prohibition and not a sign."""
        return self.kind == "stop"


@dataclass(frozen=True, slots=True)
class PackSource:
    """A document of a pack: what it is, its year, what was read of it and how far verified."""

    id: str
    title: str
    year: str
    read: str
    verified: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """One pack. ``sha256`` is the hash of its canonical form."""

    id: str
    title: str
    version: str
    licence: str
    sources: tuple[PackSource, ...]
    rules: tuple[Rule, ...]
    lists: tuple[RuleList, ...]
    mitigations: tuple[Mitigation, ...]
    sha256: str
    origin: str
    judgements: Judgements = AS_SHIPPED


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All packs in force. ``sha256`` is the hash of the canonical form of the whole;
    ``judgements`` are those of all packs on fits and scales. ``overlays`` are the local changes
    that made it, by id."""

    packs: tuple[Pack, ...]
    profile: str | None
    sha256: str
    judgements: Judgements = AS_SHIPPED
    overlays: tuple[Overlay, ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every rule of every pack, ordered by full name."""
        return tuple(
            sorted((rule for pack in self.packs for rule in pack.rules), key=lambda rule: rule.name)
        )

    @property
    def across_rules(self) -> tuple[Rule, ...]:
        """The rules that look across orders, ordered by full name."""
        return tuple(rule for rule in self.rules if rule.across is not None)

    @property
    def mitigations(self) -> tuple[Mitigation, ...]:
        """Every mitigation of every pack, ordered by full name."""
        return tuple(sorted((m for pack in self.packs for m in pack.mitigations), key=_name))

    @property
    def lists(self) -> Mapping[str, RuleList]:
        """Every list by its full name."""
        return {item.name: item for pack in self.packs for item in pack.lists}

    def rule(self, name: str) -> Rule | None:
        """The rule of this full name, or of this id where only one pack has it."""
        found = [rule for rule in self.rules if name in (rule.name, rule.id)]
        exact = [rule for rule in found if rule.name == name]
        if exact:
            return exact[0]
        return found[0] if len(found) == 1 else None


def _name(mitigation: Mitigation) -> str:
    return mitigation.name
