"""What the author of a rule probably meant: words of other languages and tools, and their remedies.

Nothing here is accepted in a rule. It only says in a finding what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from redflags import reference
from redflags.model.fields import field_table, roles
from redflags.model.kind import Kind
from redflags.rulebook.operators import fitting_operators
from redflags.rulebook.yaml_text import Node, TextNode

_OPERATORS: Mapping[str, tuple[str, ...]] = {
    "> gt greater greater_than bigger_than larger_than above over exceeds more": (
        "more_than", "after",
    ),
    ">= => gte ge min minimum from at_min not_less_than since": ("at_least", "after"),
    "< lt less lower_than smaller_than below under_than": ("less_than", "before"),
    "<= =< lte le max maximum up_to at_max not_more_than until": ("at_most", "before"),
    "more_than": ("after",),
    "less_than": ("before",),
    "at_least": ("after",),
    "at_most": ("before",),
    "later_than": ("after",),
    "earlier_than": ("before",),
    "range within inside": ("between",),
    "= == === eq equal equals equal_to equals_to value": ("is",),
    "!= <> ne neq not not_equal not_equals not_equal_to isnt is_other": ("is_not",),
    "one_of any_of is_in among in_set": ("in",),
    "none_of not_one_of no_in is_not_in nin": ("not_in",),
    "list on_list in_lists is_in_list one_of_list": ("in_list",),
    "not_on_list not_in_lists notin_list": ("not_in_list",),
    "contains contain includes include has like ilike matches match regex regexp pattern text"
    " search words keyword keywords phrase phrases mention": ("mentions", "under", "in"),
    "starts_with startswith begins_with starts prefix heading below chapter": ("under", "mentions"),
    "ends_with endswith suffix": ("mentions",),
    "equals_field same same_field same_as_field": ("same_as",),
    "differs different different_from differs_to not_same_as other_than": ("differs_from",),
    "exists exist is_known stated is_stated given present is_set not_null missing is_null null"
    " empty is_empty unknown is_unknown blank": ("known",),
}  # fmt: skip
"""Words that are no operator, or none of the field's, with those that may have been meant."""

_MEANT: dict[str, tuple[str, ...]] = {}
for _words, _found in _OPERATORS.items():
    for _word in _words.split():
        _MEANT[_word] = (*_MEANT.get(_word, ()), *_found)

KEYS: Mapping[str, str] = {
    word: key
    for key, words in {
        "when": "if condition conditions where match test tests_for given",
        "lowers": "lowered_by lower lowered mitigates mitigated_by mitigations exceptions unless",
        "ask": "question questions asks",
        "title": "name label headline",
        "why": "description reason because rationale explanation",
        "source": "sources reference references cites",
        "severity": "level priority risk score",
        "fact": "category type topic",
        "examples": "example tests cases",
        "notes": "note comment comments remarks",
    }.items()
    for word in words.split()
}
"""Keys that a rule does not have, with the one that was probably meant."""

_NUMBER_BEHIND_A_SIGN = re.compile(r"\s*(>=|=>|<=|=<|>|<|≥|≤)\s*(\S.{0,60})")
_SIGNS = {"≥": ">=", "≤": "<="}
_BETWEEN = re.compile(r"\s*[,;]\s*|\s+(?:or|and|oder|und|ou|et|o|y|veya|ve|или|и)\s+")
_MOST_VALUES = 12
_PATTERN = re.compile(r"[*|\\^]|\.\+|\[[^\]]*-[^\]]*\]|^/.*/$")
_FOLDED = ("country", "region", "domain", "cas")


def is_condition(key: str) -> bool:
    """Whether a key may stand in a block of conditions."""
    return key in field_table() or key in ("all", "any", "none", "holds")


def meant_operator(word: str, kind: Kind) -> str | None:
    """The operator of a kind for which another tool has this word; None if none is known."""
    plain = word.strip().lower().replace(" ", "_").replace("-", "_")
    fitting = fitting_operators(kind)
    return next((one for one in _MEANT.get(plain, ()) if one in fitting and one != word), None)


def meant_comparison(text: str, kind: Kind) -> str:
    """How a bare value of a field with sizes is written: ``{at_least: 5 kg}`` for ``>= 5 kg``.
    Empty where it cannot be told."""
    found = _NUMBER_BEHIND_A_SIGN.fullmatch(text)
    sign, value = (_SIGNS.get(found[1], found[1]), found[2]) if found is not None else (">=", text)
    operator = meant_operator(sign, kind)
    if operator is None or not value.strip() or kind.operand(value).value is None:
        return ""
    return f"{{{operator}: {value.strip()}}}"


def meant_field(path: str) -> str | None:
    """The field that a column of this name would be: ``customer.country`` is ``buyer.country``,
    ``qty`` is ``quantity``. None if there is none or there are several."""
    names = reference.header_names()
    head, dot, tail = path.partition(".")
    if dot:
        role = _one(one.partition(".")[0] for one in _meanings(names.roles, head))
        attribute = _one(one.partition(".")[2] for one in _meanings(names.attributes, tail))
        head = role if role is not None else head
        for found in (f"{head}.{tail}", f"{head}.{attribute}"):
            if found in field_table() and found != path:
                return found
        return None
    return _one(one for one in _meanings(names.whole, path) if one in field_table())


def _meanings(table: Mapping[str, tuple[reference.HeaderName, ...]], word: str) -> Iterator[str]:
    for name in table.get(reference.header_key(word), ()):
        yield from name.meanings


def _one(found: Iterable[str]) -> str | None:
    several = list(dict.fromkeys(found))
    return several[0] if len(several) == 1 else None


def after_comma(value: Node) -> str:
    """The remedy for a key that has no value, as what stands behind a comma in braces; empty for
    other keys."""
    if isinstance(value, TextNode) and value.is_plain and not value.value:
        return "a comma parts the entries in braces: put a text that holds one into quotes"
    return ""


_KINDS: Mapping[str, str] = {
    "firm": "name", "firms": "name", "company": "name", "companies": "name", "party": "name",
    "buyer": "name", "customer": "name", "names": "name", "string": "text", "words": "text",
    "phrases": "text", "phrase": "text", "product": "text", "keyword": "text", "keywords": "text",
    "countries": "country", "families": "family", "trade": "business", "trades": "business",
    "hs_code": "tariff-code", "hs-code": "tariff-code", "codes": "tariff-code",
    "tariff": "tariff-code", "eccn": "control-code", "mail": "domain", "emails": "email",
    "amount": "money", "value": "money", "weight": "quantity", "id": "identifier",
}  # fmt: skip


def meant_kind(word: str) -> str | None:
    """The kind of a list that this word stands for; None if none is known."""
    field = field_table().get(word)
    return _KINDS.get(word.lower()) or (field.kind.member.name if field is not None else None)


def meant_field_beside(path: str, beside: str) -> str | None:
    """The field that a role stands for beside another field: ``payer`` beside ``buyer.country`` is
    ``payer.country``."""
    attribute = beside.partition(".")[2] or "name"
    found = f"{path}.{attribute}"
    return found if path in roles() and found in field_table() else None


def several_values(kind: Kind, text: str) -> tuple[str, ...]:
    """The values that one text of a closed kind names, where it names several; else none."""
    is_listed = kind.is_code or kind.vocabulary is not None or kind.name in _FOLDED
    parts = [part.strip() for part in _BETWEEN.split(text)] if is_listed else []
    if not 2 <= len(parts) <= _MOST_VALUES or not all(parts):
        return ()
    return tuple(parts) if all(kind.operand(one).value is not None for one in parts) else ()


def meant_family(text: str) -> str | None:
    """The product family that a name of goods, in any of the languages, belongs to."""
    found = reference.family_terms().find(text)
    return found[0].id if found else None


def is_pattern(phrase: str) -> bool:
    """Whether a phrase is written as a pattern, which the language does not have."""
    return _PATTERN.search(phrase) is not None
