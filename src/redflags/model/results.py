"""What comes out: flags, incompletes, assessments, and the run that they belong to.

These models are the JSON output. The schema may gain keys and never changes one.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Verdict = Literal["true", "false", "unknown"]
Band = Literal["none", "low", "medium", "high", "critical"]
Severity = Literal["low", "medium", "high", "critical"]


class _Result(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LinePlace(_Result):
    """Where an order line stands: ``row`` as in the spreadsheet (the header is row 1), ``line``
    the line of the text file. All None for an order that came from no file."""

    file: str | None = None
    row: int | None = None
    line: int | None = None


class ConditionEvidence(_Result):
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


class Lowered(_Result):
    """A fact that explains a flag in part and took thousandths of a bit from it."""

    by: int
    because: str


class Ask(_Result):
    """A question to put, and to whom (asking a customer can tip him off)."""

    of: str
    text: str


class Citation(_Result):
    """The document behind a rule, with ids of the documented red flags."""

    document: str
    title: str = ""
    year: str = ""
    flags: tuple[str, ...] = ()


class Flag(_Result):
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


class Incomplete(_Result):
    """A rule that came out unknown: what could be judged holds, and ``needs`` would settle it."""

    rule: str
    title: str
    needs: tuple[str, ...] = Field(description="Fields that would settle it")
    because: tuple[str, ...] = Field(default=(), description="Why each of them is unknown")
    not_in_input: tuple[str, ...] = Field(
        default=(), description="Those of them for which the input has no column"
    )
    would_add: int = Field(description="Thousandths of a bit it would add if it came out true")
    would_lift: bool = Field(description="Whether the order's band would rise")


class Participant(_Result):
    """A party of an order in its role, as far as the order states it."""

    role: str
    name: str = ""
    business: str = Field(default="", description="Its trade as the order has it")
    city: str = ""
    country: str = Field(
        default="", description="ISO code as understood; else the text as the order has it"
    )


class Assessment(_Result):
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

    @property
    def is_alert(self) -> bool:
        """Whether there is at least one flag."""
        return bool(self.flags)


class PackUsed(_Result):
    """A rule pack as it was used."""

    id: str
    title: str
    version: str
    sha256: str
    rules: int


class InputRead(_Result):
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


class Settings(_Result):
    """The settings that shaped the run."""

    profile: str | None
    engine: str
    fail_on: Band
    min_score: float
    policy: dict[str, tuple[str, ...]]
    decimal: str | None = None
    day_first: bool | None = None


class Run(_Result):
    """What was run on what, so that it can be run again."""

    version: str
    as_of: str
    lists_as_of: str | None
    packs: tuple[PackUsed, ...]
    rules_sha256: str
    inputs: tuple[InputRead, ...]
    settings: Settings


class SetAside(_Result):
    """A row that could not be split into its cells."""

    file: str
    row: int
    line: int
    reason: str


class Misread(_Result):
    """A cell whose text was not understood; its value is unknown."""

    file: str
    row: int
    column: str
    written: str
    why: str


class MisreadColumn(_Result):
    """A column with cells that are given but were not understood."""

    column: str
    cells: int
    examples: tuple[str, ...] = Field(description="The commonest texts, the most frequent first")


class HelpfulColumn(_Result):
    """An absent column and how many rules could be judged with it."""

    column: str
    rules: int


class Coverage(_Result):
    """What the columns of the input allow."""

    rules: int = Field(description="Rules in force")
    judgeable: int = Field(description="Rules that the columns present could ever trigger")
    never: tuple[str, ...] = Field(description="Rules that could not, a column being absent")
    helpful: tuple[HelpfulColumn, ...] = Field(description="Columns that would help most, first")


class Summary(_Result):
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
