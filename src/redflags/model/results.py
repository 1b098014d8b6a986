"""What comes out: flags, incompletes, assessments, and the run that they belong to.

These models are the JSON output. The schema may gain keys and never changes one.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Verdict = Literal["true", "false", "unknown"]
Band = Literal["none", "low", "medium", "high", "critical"]
Severity = Literal["low", "medium", "high", "critical"]


class Result(BaseModel):
    """What every result is: fixed once made, and with no other fields than its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class LinePlace(Result):
    """Where an order line stands: ``row`` as in the spreadsheet (the header is row 1), ``line``
    the line of the text file. All None for an order that came from no file."""

    file: str | None = None
    row: int | None = None
    line: int | None = None


class ConditionEvidence(Result):
    """One test of a rule against one value of the order."""

    field: str = Field(description="Dotted path of the field")
    operator: str
    operand: str = Field(description="The operand as the rule file has it")
    written: str | None = Field(description="The value as the order has it; null: not given")
    understood: str | None = Field(description="The value as understood; null: unknown")
    how: str = Field(default="", description="How the text was understood, where not obvious")
    assumed: str = Field(default="", description="What was taken for granted")
    place: LinePlace
    column: str = Field(description="The column that the value comes from")
    verdict: Verdict
    sentence: str


class Lowered(Result):
    """A fact that explains a flag in part and took thousandths of a bit from it."""

    by: int
    because: str


class Ask(Result):
    """A question to put, and to whom (asking a customer can tip him off)."""

    of: str
    text: str


class Citation(Result):
    """The document behind a rule, with ids of the documented red flags."""

    document: str
    title: str = ""
    year: str = ""
    flags: tuple[str, ...] = ()


class WindowLink(Result):
    """What two linked parties share, with the text as the order of the first has it."""

    one: str
    other: str
    by: str = Field(description="Kind of link: address, phone, email, …")
    written: str


class WindowEvidence(Result):
    """The orders of the window over which a rule across orders came out true."""

    key: str = Field(description="What the orders have in common")
    orders: tuple[str, ...] = Field(
        description="Numbers of the latest of them in order of time, at most 50"
    )
    count: int = Field(description="How many orders the window holds")
    lines: int = Field(description="How many of their lines")
    first: str | None = Field(
        description="Day of its first line; null: without dates, or of more than fifty lines"
    )
    last: str | None = Field(description="Day of its last line")
    sentences: tuple[str, ...] = Field(description="What was measured, and what the rule asks for")
    links: tuple[WindowLink, ...] = ()


class LocalChange(Result):
    """One change of an overlay: what it changes of the packs, why, and who answers for it."""

    overlay: str = Field(description="Name of the overlay")
    verb: Literal["set", "add", "remove", "disable"]
    of: str = Field(description="What is changed: rule, list, condition, table, mitigation, pack")
    target: str = Field(description="Its full name, pack/name")
    change: str = Field(description="The change as a clause")
    reason: str
    author: str = ""
    date: str = ""
    place: str = Field(description="Where it stands: file:line:column")
    in_force: bool = Field(default=True, description="Whether the pack that it changes is in force")
    has_effect: bool = Field(default=True, description="False: the pack says so already")


class Flag(Result):
    """A rule that came out true, with its evidence. A stop has no severity, fact and weight."""

    rule: str = Field(description="Full name, pack/id")
    title: str
    kind: Literal["sign", "stop"]
    severity: Severity | None
    fact: str | None
    weight: float | None = Field(description="Weight of the sign, between 0 and 1")
    share: int = Field(description="What it adds to the order's bits, in whole thousandths")
    sentence: str = Field(description="The deciding facts in one sentence")
    why: str = Field(description="Why this is a red flag")
    conditions: tuple[ConditionEvidence, ...]
    lowered: tuple[Lowered, ...]
    ask: tuple[Ask, ...]
    source: tuple[Citation, ...]
    lines: tuple[LinePlace, ...] = Field(description="Every line of the order that it speaks of")
    window: WindowEvidence | None = Field(
        default=None, description="The orders of the window; null: the rule looks at one order"
    )
    fingerprint: str = Field(
        default="",
        description="The same for the same rule on the same facts of the same order, in every run",
    )
    shaped_by: tuple[LocalChange, ...] = Field(
        default=(), description="Local changes of the rule, or of what it refers to"
    )


class Incomplete(Result):
    """A rule that came out unknown: what could be judged holds, and ``needs`` would settle it."""

    rule: str
    title: str
    needs: tuple[str, ...] = Field(
        description="Fields that would settle it; `history` stands for other orders"
    )
    because: tuple[str, ...] = Field(default=(), description="Why each of them is unknown")
    not_in_input: tuple[str, ...] = Field(
        default=(), description="Those of them for which the input has no column"
    )
    would_add: int = Field(description="Thousandths of a bit it would add if it came out true")
    would_lift: bool = Field(description="Whether the order's band would rise")


class Change(Result):
    """One fact of an order put otherwise: the sentence, and what to write in which columns to try
    it. ``field`` is the fact's own; the others of ``cells`` belong to it, as a unit does."""

    field: str = Field(description="Dotted path of the field")
    column: str
    stated: str | None = Field(description="The value as the order has it; null: not given")
    instead: str = Field(description="Another value, as a person reads it")
    cells: dict[str, str] = Field(description="Texts by column that say so, on every line")
    can_be_checked: bool = Field(
        description="Whether an enquiry can show it; else it is a term of the order"
    )
    sentence: str = Field(description="The fact as a clause that completes “if …”")


class Counterfactual(Result):
    """A smallest set of facts that would bring the order below the line: verified by judging the
    order with them, and no smaller part of the set does so."""

    changes: tuple[Change, ...]
    can_be_checked: bool = Field(description="Whether every one of its facts can be checked")
    score: float = Field(description="The score with these facts")
    bits: int
    band: Band
    sentence: str


class WorthAsking(Result):
    """Missing facts that together would settle something, and how much evidence they could add or
    take away, in whole thousandths of a bit."""

    fields: tuple[str, ...]
    columns: tuple[str, ...]
    not_in_input: tuple[str, ...] = Field(
        default=(), description="Those of the fields for which the input has no column"
    )
    could_add: int
    could_remove: int
    could_stop: bool = Field(default=False, description="Whether a stop could come of it")
    highest: Band = Field(description="The band, if all that could be added were")
    lowest: Band = Field(description="The band, if all that could be taken away were")
    sentence: str


class WhatIf(Result):
    """What would change an assessment: the facts that would bring it below the line, and those
    worth asking for."""

    line: Band = Field(description="The band from which an order is at or above the line")
    counterfactuals: tuple[Counterfactual, ...] = Field(
        default=(), description="Those that can be checked come first; none below the line"
    )
    is_complete: bool = Field(
        default=True, description="False where more sets could exist than were tried"
    )
    worth_asking: tuple[WorthAsking, ...] = ()


class Participant(Result):
    """A party of an order in its role, as far as the order states it."""

    role: str
    name: str = ""
    business: str = Field(default="", description="Its trade as the order has it")
    city: str = ""
    country: str = Field(
        default="", description="ISO code as understood; else the text as the order has it"
    )


class Assessment(Result):
    """What the rules say of one order, all its lines together."""

    order_id: str
    lines: tuple[LinePlace, ...]
    score: float = Field(description="100 · (1 − 2^−bits), one decimal; urgency, no probability")
    bits: int = Field(description="Evidence in whole thousandths of a bit")
    band: Band
    action: tuple[str, ...]
    stop: bool
    flags: tuple[Flag, ...]
    incomplete: tuple[Incomplete, ...]
    parties: str = Field(default="", description="The parties in one line")
    goods: str = Field(default="", description="The goods in one line")
    date: str = Field(default="", description="Day of the order, ISO; of an alert, where known")
    destination: str = Field(
        default="", description="ISO code of the last country the goods go to; of an alert"
    )
    families: tuple[str, ...] = Field(default=(), description="Families of the goods of an alert")
    participants: tuple[Participant, ...] = Field(
        default=(), description="The parties of an alert, in the order of the goods, then the payer"
    )
    fingerprint: str = Field(
        default="",
        description="The same for the same order with the same flags on the same facts; empty "
        "without a flag",
    )
    what_if: WhatIf | None = Field(
        default=None, description="What would change it; null: not worked out"
    )

    @property
    def is_alert(self) -> bool:
        """Whether there is at least one flag."""
        return bool(self.flags)


class ListUsed(Result):
    """A list of a pack as it was used. ``entries`` has a short hash for each value, so that one
    that changed can be named."""

    name: str
    sha256: str
    entries: dict[str, str] = Field(default_factory=dict)


class PackUsed(Result):
    """A rule pack as it was used. The hashes of its parts leave out what they refer to: a changed
    list changes its own and no rule's."""

    id: str
    title: str
    version: str
    sha256: str
    rules: int
    rule_hashes: dict[str, str] = Field(
        default_factory=dict, description="By the rule's id, the hash of what it says"
    )
    lists: tuple[ListUsed, ...] = ()
    other_hashes: dict[str, str] = Field(
        default_factory=dict, description="Of mitigations, tables and judgements, by their names"
    )


class InputRead(Result):
    """An input as it was read: ``rows`` are data rows, header and blank lines not counted."""

    path: str
    sha256: str
    rows: int
    encoding: str = "utf-8"
    delimiter: str = ","
    unused_columns: tuple[str, ...] = ()
    ambiguous_columns: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="Columns whose name has several meanings, with the fields they could be",
    )
    notes: tuple[str, ...] = Field(
        default=(), description="What was decided about the layout and the notation of the input"
    )


class Settings(Result):
    """The settings that shaped the run."""

    profile: str | None
    engine: str
    fail_on: Band
    min_score: float
    policy: dict[str, tuple[str, ...]]
    decimal: str | None = None
    day_first: bool | None = None
    rates: str | None = Field(default=None, description="The user's table of exchange rates")
    rules: tuple[str, ...] = Field(default=(), description="Rule files and folders that were added")
    only_rules: bool = False
    show_all: bool = False
    encoding: str | None = None
    delimiter: str | None = None
    input_format: str | None = None
    sheet: str | None = None
    table: str | None = None
    query: str | None = None
    header_row: int | Literal["none"] | None = None


class FileUsed(Result):
    """A file beside the orders that shaped the run, such as a mapping or answers."""

    path: str
    sha256: str = Field(description="Hash of what it says, whatever its layout")


class OverlayUsed(Result):
    """A file of local changes that shaped the rules of the run."""

    id: str
    title: str = ""
    path: str
    sha256: str = Field(description="Hash of what it says, whatever its layout")
    changes: tuple[LocalChange, ...] = ()


class Digests(Result):
    """Where the digest of each order stands: in a file, or here."""

    orders: int = Field(description="How many orders have a digest")
    file: str | None = Field(default=None, description="The file, as it was named")
    sha256: str | None = Field(default=None, description="The hash of that file")
    of_orders: dict[str, str] | None = Field(
        default=None, description="The digests themselves, by order number, where they are few"
    )
    unnumbered: tuple[str, ...] = Field(
        default=(), description="Those of orders without a number, sorted, where they are few"
    )


class Run(Result):
    """What was run on what, so that it can be run again."""

    version: str
    as_of: str
    lists_as_of: str | None
    packs: tuple[PackUsed, ...]
    rules_sha256: str
    inputs: tuple[InputRead, ...]
    settings: Settings
    history: tuple[InputRead, ...] = Field(
        default=(), description="Inputs of earlier orders, into which windows reach"
    )
    overlays: tuple[OverlayUsed, ...] = Field(
        default=(), description="Local changes to the packs, by the name of their overlay"
    )
    history_digests: Digests | None = Field(
        default=None, description="Digests of the earlier orders, free of the order of rows"
    )
    rates: FileUsed | None = Field(
        default=None, description="The exchange rates; “shipped” are those of the program"
    )
    mapping: FileUsed | None = None
    answers: FileUsed | None = None
    digests: Digests | None = Field(
        default=None, description="Digests of the orders, free of the order of rows"
    )


class SetAside(Result):
    """A row that could not be split into its cells."""

    file: str
    row: int
    line: int
    reason: str
    text: str = Field(default="", description="The row as written, where that was kept")


class Misread(Result):
    """A cell whose text was not understood; its value is unknown."""

    file: str
    row: int
    column: str
    written: str
    why: str


class MisreadColumn(Result):
    """A column with cells that are given but were not understood."""

    column: str
    cells: int
    examples: tuple[str, ...] = Field(description="The commonest texts, the most frequent first")


class HelpfulColumn(Result):
    """An absent column and how many rules could be judged with it."""

    column: str
    rules: int


class Coverage(Result):
    """What the columns of the input allow."""

    rules: int = Field(description="Rules in force")
    judgeable: int = Field(description="Rules that the columns present could ever trigger")
    never: tuple[str, ...] = Field(description="Rules that could not, a column being absent")
    helpful: tuple[HelpfulColumn, ...] = Field(description="Columns that would help most, first")


class Summary(Result):
    """Counts: ``read``, ``assessed`` and ``set_aside`` of rows, the others of orders."""

    read: int
    assessed: int
    set_aside: int
    orders: int
    alerts: int
    incomplete: int
    bands: dict[str, int]
    actions: dict[str, int]
    coverage: Coverage
    rows_set_aside: tuple[SetAside, ...] = ()
    misread: tuple[Misread, ...] = Field(default=(), description="The first cells not understood")
    misread_cells: int = Field(default=0, description="How many cells were not understood")
    misread_columns: tuple[MisreadColumn, ...] = ()
    duplicate_rows: int = Field(
        default=0, description="Rows that repeat an earlier one of their file in every column used"
    )
