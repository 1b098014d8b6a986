"""What the cells of a column say about its meaning, where the name leaves it open.

Evidence only: it chooses between meanings that a name can have and never makes up one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from redflags import reference
from redflags.model.fields import field_table
from redflags.model.kind import Kind
from redflags.model.kinds import COUNTRY, MONEY, QUANTITY
from redflags.values.text import fold

SAMPLE_ROWS = 200
"""Rows at the start of a file whose cells are looked at."""

_RANKS = frozenset(
    [
        "gold",
        "silver",
        "bronze",
        "platinum",
        "platin",
        "vip",
        "premium",
        "standard",
        "default",
        "general",
        "export",
        "import",
        "domestic",
        "inland",
        "ausland",
        "foreign",
        "other",
        "sonstige",
        "others",
        "a",
        "b",
        "c",
        "key",
        "retail",
        "wholesale",
        "ihracat",
        "yurtiçi",
        "экспорт",
        "vip客户",
        "出口",
        "内销",
    ]
)
"""Words for groups of customers by rank or place: where one stands, the others are no trades, even
if one could be (“Gold”)."""

_STREETS = frozenset({
    "street", "st", "road", "rd", "avenue", "ave", "avenida", "av", "boulevard", "blvd", "lane",
    "ln", "highway", "hwy", "square", "rue", "calle", "via", "viale", "piazza", "corso",
    "strada", "rua", "travessa", "praca", "plaza", "carrera", "mahalle", "mahallesi", "mah",
    "cadde", "caddesi", "cad", "sokak", "sokagi", "sok", "bulvari", "ulica", "ul", "aleja",
    "улица", "ул", "проспект", "пр", "шоссе", "переулок", "пер", "straat", "laan", "plein",
    "weg", "platz", "allee", "شارع", "طريق", "area", "zone", "box",
})  # fmt: skip
"""Words of which one in a text tells a street, in the form of :func:`fold`."""

_STREET_ENDS = ("strasse", "straat", "gasse", "platz", "allee", "weg", "laan")

_CODE = re.compile(r"(?=[^\s]*[0-9])[\w./#+-]{1,40}")


def distinct(texts: Sequence[str]) -> list[str]:
    """The different texts that are not blank, as they come, cut to a length that tells enough."""
    return list(dict.fromkeys(text.strip()[:200] for text in texts if text.strip()))[:SAMPLE_ROWS]


def are_codes(texts: Sequence[str]) -> bool:
    """Whether nearly all texts are numbers or codes: one word with a digit in it."""
    return bool(texts) and _share(texts, lambda text: _CODE.fullmatch(text) is not None, 5, 4)


def are_numbers_of_orders(texts: Sequence[str]) -> bool:
    """Whether all texts are codes behind the mark for a number: ``#1001``."""
    return are_codes(texts) and all(text.startswith(("#", "№")) for text in texts)


def are_words(texts: Sequence[str]) -> bool:
    """Whether the texts are words rather than codes."""
    return (
        bool(texts)
        and not are_codes(texts)
        and _share(texts, lambda text: sum(map(str.isalpha, text)) > 2, 2, 1)
    )


def are_names(texts: Sequence[str], known: Collection[str] = ()) -> bool:
    """Whether nearly all texts are names of firms and no addresses: words without a number, a
    comma, a street or a place. A text that is one of the ``known`` names, or begins with one and a
    comma, is a name whatever it holds."""
    return are_words(texts) and _share(texts, lambda text: _is_name(text, known), 5, 4)


def _is_name(text: str, known: Collection[str]) -> bool:
    if text in known or text.partition(",")[0].rstrip() in known:
        return True
    words = fold(text).split()
    is_address = (
        len(words) < 2
        or any(character.isdigit() or character in ",;\n/" for character in text)
        or any(word in _STREETS or word.endswith(_STREET_ENDS) for word in words)
        or any(character in text for character in "路街号區区")
    )
    return not is_address and reference.find_place(text, None) is None


def are_countries(texts: Sequence[str]) -> bool:
    """Whether nearly all texts are names or codes of countries."""
    return bool(texts) and _share(texts, lambda text: _is_known(COUNTRY, text), 5, 4)


def are_sums(texts: Sequence[str]) -> bool:
    """Whether at least half of the texts are money with its currency."""
    return bool(texts) and _share(texts, lambda text: _is_known(MONEY, text), 2, 1)


def are_quantities(texts: Sequence[str]) -> bool:
    """Whether at least half of the texts are a number with a unit."""
    return bool(texts) and _share(texts, lambda text: _is_known(QUANTITY, text), 2, 1)


def confirms(path: str, texts: Sequence[str]) -> str:
    """Why the cells confirm that their column is the field ``path``; empty if they do not."""
    if path == "product":
        return "its cells are words" if are_words(texts) else ""
    kind = field_table()[path].kind
    if path.endswith(".business") and any(text.casefold() in _RANKS for text in texts):
        return ""
    if kind is COUNTRY:
        return "its cells are countries" if are_countries(texts) else ""
    if kind.vocabulary is not None and texts:
        known = _share(texts, lambda text: _is_known(kind, text), 2, 1)
        return "its cells are understood as that" if known else ""
    return ""


def understood(path: str, texts: Sequence[str]) -> int:
    """How many of the texts are understood as values of the field ``path``."""
    kind = field_table()[path].kind
    return sum(_is_known(kind, text) for text in texts)


def _is_known(kind: Kind, text: str) -> bool:
    return kind.parse(text).is_known


def _share(texts: Sequence[str], holds: Callable[[str], bool], of: int, wanted: int) -> bool:
    """Whether at least ``wanted`` of ``of`` texts are such."""
    return sum(map(holds, texts)) * of >= wanted * len(texts)
