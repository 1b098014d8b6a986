"""A questionnaire: what to ask about one order, what the answers could change."""

from __future__ import annotations

from pydantic import Field

from redflags.model.results import Ask, Band, Result


class Question(Result):
    """One observation that nobody has answered yet. ``answer``, ``by`` and ``on`` are to be filled
    in; the file can then be given back with ``--answers``."""

    observation: str = Field(description="Id of the observation")
    question: str
    of: str = Field(description="Whom to ask; asking a customer can tip him off")
    note: str = Field(default="", description="Honest reasons for a yes")
    flags: tuple[str, ...] = Field(description="Documented red flags that a yes speaks for")
    would_add: int = Field(description="Thousandths of a bit that a yes could add")
    band: Band = Field(description="The order's band after a yes")
    would_lift: bool = Field(description="Whether the band would rise")
    would_lower: int = Field(default=0, description="Thousandths of a bit that a no could take")
    needs: tuple[str, ...] = Field(default=(), description="Fields that are needed besides")
    rules: tuple[str, ...] = Field(description="Rules that the answer decides")
    answer: str = ""
    by: str = ""
    on: str = ""


class Answered(Result):
    """An observation with its answer."""

    observation: str
    question: str
    answer: str
    told: str = ""


class MissingFacts(Result):
    """Fields of the order that are not stated and could lift its band."""

    columns: tuple[str, ...]
    because: tuple[str, ...]
    title: str = Field(description="Title of the rule that they would settle")
    would_add: int


class Questionnaire(Result):
    """The questions worth asking about one order, those first that could add most evidence."""

    order_id: str
    parties: str
    goods: str
    band: Band
    score: float
    questions: tuple[Question, ...]
    left_out: int = Field(description="Questions that could add something and are not listed")
    answered: tuple[Answered, ...] = ()
    missing: tuple[MissingFacts, ...] = ()
    asks: tuple[Ask, ...] = Field(default=(), description="Questions of the flags that are raised")
