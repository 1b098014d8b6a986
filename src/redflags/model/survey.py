"""What the columns of a file are taken for, as `redflags columns` shows it."""

from __future__ import annotations

from pydantic import Field

from redflags.model.results import Result


class NotUnderstood(Result):
    """A text that was given and not understood, and why."""

    written: str
    why: str


class ColumnSurvey(Result):
    """One column: its field or the fields it could be, and how much of it is understood."""

    position: int = Field(description="Place in the file, counted from 1")
    header: str
    field: str | None = Field(description="Path of the field; null: the column is not used")
    column: str | None = Field(description="The field's own column name")
    candidates: tuple[str, ...] = Field(default=(), description="Fields that it could be")
    undecided: bool = Field(default=False, description="Whether nothing settles which it is")
    reason: str = Field(description="Why it is this field, or none")
    samples: tuple[str, ...] = Field(default=(), description="Its first different texts")
    given: int = Field(description="Rows in which something is stated")
    understood: int | None = Field(description="How many of these are understood; null: not used")
    not_understood: tuple[NotUnderstood, ...] = ()
    unit: str = Field(default="", description="Unit of numbers that have none, from the header")
    dates: str = Field(default="", description="How dates are written, from the header")
    joined: bool = Field(default=False, description="Whether other columns belong to the field")
    place: int = Field(default=0, description="Its place among the columns of the field, from 0")
    alone: bool = Field(
        default=False,
        description="Whether its text is the whole one, and what is behind it only stands in",
    )


class FileSurvey(Result):
    """All columns of one file. ``complete`` says whether all rows were looked at."""

    path: str
    encoding: str
    delimiter: str
    rows: int
    complete: bool
    set_aside: int = 0
    columns: tuple[ColumnSurvey, ...]
    constants: dict[str, str] = Field(default_factory=dict)
    notes: tuple[str, ...] = Field(
        default=(), description="What was decided about the layout and the notation of the file"
    )
