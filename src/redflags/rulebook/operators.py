"""The operators of the rule language, as one table.

Schema, docs, completion and sentences follow from it. Each engine has its own form of every
operator; this table is what those forms must agree with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from redflags import reference
from redflags.model.kind import Kind
from redflags.rulebook.tree import Entry, ListReference
from redflags.values.dates import Age, compare_age
from redflags.values.measures import Concentration
from redflags.values.money import Money
from redflags.values.names import name_key
from redflags.values.quantity import Quantity
from redflags.values.terms import PhraseSet
from redflags.values.text import fold

Holds = Callable[[Any, Any, Kind], bool]

NOT_SUPPORTED = ("similar_to_list",)
"""Operators of the language that this version knows and refuses."""


def comparison_key(kind: Kind) -> Callable[[Any], Any]:
    """What two values of a kind (of one member, for a set) are compared by.

    Names are compared as names, texts folded, control codes in capitals; all others as they are.
    """
    name = kind.member.name
    if name == "name":
        return _name_key
    if name == "control-code":
        return _code_key
    return fold if name in _FOLDED else _itself


_FOLDED = frozenset({"text", "identifier", "phone", "website", "email"})


def _name_key(value: Any) -> str:
    return name_key(value, reference.legal_forms())


def _code_key(value: Any) -> str:
    return "".join(str(value).upper().split())


def _itself(value: Any) -> Any:
    return value


def is_under(code: str, above: str, kind: Kind) -> bool:
    """Whether ``code`` is ``above`` or stands below it: ``321290`` under ``3212``.

    Entries of the munitions list count up (ML1, ML10), so there a digit never continues a number.
    """
    if kind.member.name != "control-code":
        return code.startswith(above)
    code, above = _code_key(code), _code_key(above)
    if not code.startswith(above):
        return False
    following = code[len(above) : len(above) + 1]
    return not (above.startswith("ML") and above[-1:].isdigit() and following.isdigit())


def is_entry(value: Any, entry: Entry, kind: Kind) -> bool:
    """Whether a value is an entry of a list, whatever the entry's dates; of codes, or below it."""
    if kind.member.is_code:
        return is_under(value, entry.value, kind)
    key = comparison_key(kind)
    return bool(key(value) == key(entry.value))


def selected_entries(reference_to: ListReference) -> tuple[Entry, ...]:
    """The entries of a list that have the attributes asked for."""
    return tuple(
        entry
        for entry in reference_to.list.entries
        if all(entry.attributes.get(name) in values for name, values in reference_to.where)
    )


def incomparable(value: Any, bound: Any) -> str:
    """Why two values cannot be compared by size; empty where they can.

    Mass and volume differ here: converting by a density is the engine's business.
    """
    if isinstance(value, Quantity) and isinstance(bound, Quantity):
        if value.dimension != bound.dimension:
            return f"{value.dimension} cannot be compared with {bound.dimension}"
    elif isinstance(value, Money) and isinstance(bound, Money):
        if value.currency != bound.currency:
            return f"{value.currency} cannot be compared with {bound.currency}"
    elif (
        isinstance(value, Concentration)
        and isinstance(bound, Concentration)
        and "" not in (value.basis, bound.basis)
        and value.basis != bound.basis
    ):
        return f"{value.basis} cannot be compared with {bound.basis}"
    return ""


def sign(value: Any, bound: Any) -> int:
    """-1, 0 or 1 as a value is below, at or above a bound.

    Raises TypeError where they cannot be compared (see :func:`incomparable`).
    """
    why = incomparable(value, bound)
    if why:
        raise TypeError(why)
    if isinstance(value, Age):
        return compare_age(value, bound)
    if isinstance(value, Concentration):
        value, bound = value.parts_per_million, bound.parts_per_million
    return int(value > bound) - int(value < bound)


@lru_cache(maxsize=256)
def _phrases(operand: tuple[str, ...]) -> PhraseSet:
    return PhraseSet(operand)


def _is(value: Any, operand: Any, kind: Kind) -> bool:
    key = comparison_key(kind)
    return bool(key(value) == key(operand))


def _in(value: Any, operand: Any, kind: Kind) -> bool:
    key = comparison_key(kind)
    return key(value) in {key(member) for member in operand}


def _in_list(value: Any, operand: ListReference, kind: Kind) -> bool:
    return any(is_entry(value, entry, kind) for entry in selected_entries(operand))


def _under(value: Any, operand: Any, kind: Kind) -> bool:
    return any(is_under(value, code, kind) for code in operand)


def _mentions(value: Any, operand: Any, kind: Kind) -> bool:
    return _phrases(tuple(operand)).find(value) is not None


def _between(value: Any, operand: Any, kind: Kind) -> bool:
    low, high = operand
    return sign(value, low) >= 0 and sign(value, high) <= 0


def _same_as(value: Any, operand: Any, kind: Kind) -> bool:
    key = comparison_key(kind)
    return any(key(value) == key(other) for other in operand)


def _not(positive: Holds) -> Holds:
    return lambda value, operand, kind: not positive(value, operand, kind)


def _any_kind(kind: Kind) -> bool:
    return True


def _enumerable(kind: Kind) -> bool:
    """Equality of sizes would need a common unit or basis: that is what `between` is for."""
    return not kind.order


def _has_size(kind: Kind) -> bool:
    return kind.order


def _is_date(kind: Kind) -> bool:
    return kind.name == "date"


def _is_code(kind: Kind) -> bool:
    return kind.member.is_code


def _has_words(kind: Kind) -> bool:
    return kind.member.is_free_text or kind.member.name in _WORDED


_WORDED = frozenset({"name", "identifier", "email", "website"})


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator.

    ``fits`` says for which kinds of field it makes sense; ``shape`` names the form of its operand;
    ``meaning`` completes "the field …". ``holds(value, operand, kind)`` is its meaning on one
    known value: for a set on one element, for ``same_as`` and ``differs_from`` with the tuple of
    the other fields' known values as operand, for ``in_list`` whatever the dates of the entries.
    ``negation_of`` is the word of the operator that holds exactly where this one does not; of a
    set, a negative operator holds if it holds for every element.
    """

    word: str
    meaning: str
    shape: str
    fits: Callable[[Kind], bool]
    holds: Holds
    when_true: str
    when_false: str
    negation_of: str | None = None
    is_negative: bool = False

    def sentence(self, label: str, shown: str, operand: str, verdict: bool | None) -> str:
        """The test as a plain sentence without a full stop.

        ``label`` is the field's ("the buyer's country"); ``shown`` the value for a reader, or why
        there is none where the verdict is unknown; ``operand`` the operand for a reader, for
        ``same_as`` and ``differs_from`` with the other fields' labels and values.
        """
        verb = "are" if _is_plural(label) else "is"
        if self.word == "known":
            return _known_sentence(label, verb, shown, operand, verdict)
        if verdict is None:
            return f"{label} {verb} unknown: {shown}" if shown else f"{label} {verb} unknown"
        template = self.when_true if verdict else self.when_false
        return f"{label} {verb} {template.format(shown=shown, operand=operand)}"


def _known_sentence(label: str, verb: str, shown: str, operand: str, verdict: bool | None) -> str:
    if verdict is None:
        return f"whether {label} {verb} stated is unknown" + (f": {shown}" if shown else "")
    if verdict == (operand != "no"):
        return f"{label} {verb} stated" + (f": {shown}" if shown else "")
    return f"{label} {verb} not stated"


_HEAD = re.compile(r" (?:of|where|against|on|to) ")


def _is_plural(label: str) -> bool:
    head = _HEAD.split(label, maxsplit=1)[0]
    return head.endswith("s") and not head.endswith(("ss", "us"))


_ALL: tuple[Operator, ...] = (
    Operator(
        "is", "is this value", "value", _enumerable, _is,
        "{shown}", "{shown}, not {operand}", "is_not",
    ),
    Operator(
        "is_not", "is another value", "value", _enumerable, _not(_is),
        "{shown}, not {operand}", "{shown}", "is", is_negative=True,
    ),
    Operator(
        "in", "is one of these values", "values", _enumerable, _in,
        "{shown}", "{shown}, none of {operand}", "not_in",
    ),
    Operator(
        "not_in", "is none of these values", "values", _enumerable, _not(_in),
        "{shown}, none of {operand}", "{shown}", "in", is_negative=True,
    ),
    Operator(
        "in_list", "is in this list; of codes, in it or below an entry", "list", _enumerable,
        _in_list, "{shown}, one of {operand}", "{shown}, none of {operand}", "not_in_list",
    ),
    Operator(
        "not_in_list", "is not in this list", "list", _enumerable, _not(_in_list),
        "{shown}, none of {operand}", "{shown}, one of {operand}", "in_list", is_negative=True,
    ),
    Operator(
        "at_least", "is this much or more", "bound", _has_size,
        lambda value, bound, kind: sign(value, bound) >= 0,
        "{shown}, at least {operand}", "{shown}, below {operand}", "less_than",
    ),
    Operator(
        "more_than", "is more than this", "bound", _has_size,
        lambda value, bound, kind: sign(value, bound) > 0,
        "{shown}, more than {operand}", "{shown}, not more than {operand}", "at_most",
    ),
    Operator(
        "at_most", "is this much or less", "bound", _has_size,
        lambda value, bound, kind: sign(value, bound) <= 0,
        "{shown}, not more than {operand}", "{shown}, more than {operand}", "more_than",
    ),
    Operator(
        "less_than", "is less than this", "bound", _has_size,
        lambda value, bound, kind: sign(value, bound) < 0,
        "{shown}, below {operand}", "{shown}, at least {operand}", "at_least",
    ),
    Operator(
        "between", "lies between these two, both included", "range", _has_size, _between,
        "{shown}, within {operand}", "{shown}, outside {operand}",
    ),
    Operator(
        "before", "is an earlier day", "date", _is_date,
        lambda value, day, kind: bool(value < day),
        "{shown}, before {operand}", "{shown}, not before {operand}",
    ),
    Operator(
        "after", "is a later day", "date", _is_date,
        lambda value, day, kind: bool(value > day),
        "{shown}, after {operand}", "{shown}, not after {operand}",
    ),
    Operator(
        "under", "is this code or below it", "prefixes", _is_code, _under,
        "{shown}, under {operand}", "{shown}, not under {operand}",
    ),
    Operator(
        "mentions", "has one of these phrases in it, as whole words: drone is not in drones",
        "phrases", _has_words, _mentions,
        "“{shown}”, which mentions {operand}", "“{shown}”, without {operand}",
    ),
    Operator(
        "same_as", "is the same as one of these fields", "fields", _enumerable, _same_as,
        "{shown}, the same as {operand}", "{shown}, not {operand}", "differs_from",
    ),
    Operator(
        "differs_from", "is none of these fields' values", "fields", _enumerable, _not(_same_as),
        "{shown}, not {operand}", "{shown}, the same as {operand}", "same_as", is_negative=True,
    ),
    Operator(
        "known", "is stated, or not", "yes-no", _any_kind,
        lambda value, wanted, kind: bool(wanted),
        "stated: {shown}", "not stated",
    ),
)  # fmt: skip

OPERATORS: Mapping[str, Operator] = MappingProxyType({one.word: one for one in _ALL})
"""Every operator by its word."""

SHAPES: Mapping[str, str] = MappingProxyType(
    {
        "value": "one value",
        "values": "a list of values: [a, b]",
        "list": "the name of a list, or {list: name, attribute: value}",
        "bound": "one value, or {table: name}",
        "range": "two values: [low, high]",
        "date": "a date such as 2022-02-24",
        "prefixes": "a code or a list of codes",
        "phrases": "a phrase, a list of phrases, or {list: name}",
        "fields": "a field or a list of fields",
        "yes-no": "yes or no",
    }
)
"""What each shape of operand looks like in a rule file."""


@cache
def fitting_operators(kind: Kind) -> tuple[str, ...]:
    """The words of the operators that fit fields of a kind."""
    return tuple(one.word for one in _ALL if one.fits(kind))
