"""Closed vocabularies of an order, and the phrases that people write for their values."""

from __future__ import annotations

import re
from functools import cache

from redflags.reference.missing import first_words_not_stated
from redflags.reference.tables import read_rows
from redflags.values.text import fold

_LONGEST = 500
_LEAST_DAYS, _MOST_DAYS = 5, 365
_DIGITS_AND_LETTERS = re.compile(r"[0-9]+|[^0-9\s]+")
_NUMBERS = re.compile("[0-9]+")


class ChoiceTable:
    """The values of one closed vocabulary, and the phrases that stand for them.

    The values themselves are recognised with an underscore, a hyphen or a space. Phrases marked
    so also count inside a longer text; the others must be the whole text. A phrase of no value
    says nothing, and its words none of what they say elsewhere: “cash in advance” is no cash.
    ``first_words`` are the words, folded, with which any of them begins, ``inside_words`` those
    with which one does that counts inside a longer text.
    """

    def __init__(self, name: str, phrases: list[tuple[str, str, bool]]) -> None:
        self.name = name
        self.values = tuple(dict.fromkeys(value for value, _, _ in phrases if value))
        self._whole: dict[str, str] = {}
        self._inside: dict[str, str] = {}
        for value in self.values:
            self._whole[_key(value)] = value
        for value, phrase, counts_inside in phrases:
            # A phrase of marks alone (``-``, ``?``) has no skeleton: it is kept as written.
            key = _key(phrase) or phrase
            self._whole.setdefault(key, value)
            if counts_inside:
                self._inside.setdefault(key, value)
        self._of_days = {
            _spread(key): value
            for key, value in self._whole.items()
            if _NUMBERS.findall(key) == ["30"]
        }
        self._longest = max((key.count(" ") + 1 for key in self._inside), default=0)
        self.first_words = frozenset(key.split()[0] for key in self._whole if key.split())
        self.inside_words = frozenset(key.split()[0] for key in self._inside if key.split())

    def find(self, text: str) -> str | None:
        """The value that ``text`` stands for, or None.

        The whole text counts first, then the phrases inside it, the longest first. Phrases that
        stand for different values decide nothing, and neither does a phrase beside a word of
        negation that is no part of it (``not yet received``).
        """
        key = _key(text[:_LONGEST])
        found = self._whole.get(key or text.strip())
        if found is not None:
            return found or None
        found = self._inside_of(key)
        if found is None and any(map(str.isdigit, key)):
            return self._by_days(key)
        return found

    def _by_days(self, key: str) -> str | None:
        """The value of a text that the table has with another number of days.

        Systems write the same term with any number and without a space (``NT45``, ``60D``). The
        table has each such phrase with thirty days, and it counts as a whole only.
        """
        numbers = _NUMBERS.findall(key)
        if len(numbers) != 1 or not _LEAST_DAYS <= int(numbers[0]) <= _MOST_DAYS:
            return None
        return self._of_days.get(_spread(_NUMBERS.sub("30", key))) or None

    def _inside_of(self, key: str) -> str | None:
        words = key.split()
        if self.inside_words.isdisjoint(words):
            return None
        free = [True] * len(words)
        values: set[str] = set()
        for length in range(min(self._longest, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                span = slice(start, start + length)
                if not all(free[span]):
                    continue
                value = self._inside.get(" ".join(words[span]))
                if value is not None:
                    values.add(value)
                    free[span] = [False] * length
        values.discard("")
        if len(values) != 1:
            return None
        negated = any(
            is_free and word in _NEGATIONS for is_free, word in zip(free, words, strict=True)
        )
        return None if negated else values.pop()


def _spread(key: str) -> str:
    """A key with a space between digits and letters: ``nt30`` and ``nt 30`` are the same."""
    return " ".join(_DIGITS_AND_LETTERS.findall(key))


def _key(text: str) -> str:
    return fold(text.replace("_", " "))


_NEGATIONS = frozenset(
    fold(word)
    for word in [
        "no",
        "not",
        "never",
        "none",
        "without",
        "non",
        "nicht",
        "kein",
        "keine",
        "ohne",
        "nie",
        "pas",
        "sans",
        "aucun",
        "aucune",
        "sin",
        "nunca",
        "değil",
        "yok",
        "hayır",
        "olmadan",
        "нет",
        "не",
        "без",
        "ни",
        "никогда",
        "غير",
        "لم",
        "لا",
        "بدون",
        "ليس",
        "لن",
    ]
)


@cache
def end_user_words() -> ChoiceTable:
    """Words that stand where an end user should be named.

    ``generic`` words name no user (``stock``, ``various customers``), ``self`` words say that the
    buyer uses the goods. A text with neither names somebody.
    """
    return ChoiceTable(
        "end_user_words",
        [
            (value, phrase, inside == "yes")
            for value, phrase, _, inside in read_rows("generic_end_users")
        ],
    )


def is_placeholder_name(text: str) -> bool:
    """Whether a text in a field for a party's name stands for no name: ``n/a``, ``same as buyer``.

    The whole text must be such a phrase, in one of seven languages, brackets and marks around it
    aside. A text without letters or digits is one too; a blank one is not: it says nothing.
    """
    cut = text[:_LONGEST].strip()
    key = _key(cut)
    if not key:
        return bool(cut)
    return len(text) <= _LONGEST and key in _placeholders()


@cache
def _placeholders() -> frozenset[str]:
    return frozenset(
        key for phrase, _, _ in read_rows("name_placeholders") if (key := _key(phrase))
    )


@cache
def first_words_of_no_names() -> frozenset[str]:
    """The words with which a text that names no party can begin, folded; see
    :func:`is_placeholder_name` and :func:`~redflags.reference.missing.missing`."""
    return first_words_not_stated() | {key.split()[0] for key in _placeholders()}


@cache
def choices(name: str) -> ChoiceTable:
    """The closed vocabulary ``name``, such as ``licence.status`` or ``payment.method``.

    Raises KeyError if there is none of that name.
    """
    return ChoiceTable(name, _phrases()[name])


def choice_names() -> tuple[str, ...]:
    """The names of all closed vocabularies."""
    return tuple(_phrases())


@cache
def _phrases() -> dict[str, list[tuple[str, str, bool]]]:
    found: dict[str, list[tuple[str, str, bool]]] = {}
    for name, value, phrase, _, inside in read_rows("choices"):
        found.setdefault(name, []).append((value, phrase, inside == "yes"))
    return found
