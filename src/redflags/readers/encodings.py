"""Which encoding a text has that is no UTF-8: decided by its words, a library giving a hint."""

from __future__ import annotations

import codecs
import math
import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from redflags.readers.letters import (
    COMMON,
    LATIN,
    MARKS,
    OTHER_SCRIPTS,
    TRADE_WORDS,
    frequencies,
)


class Candidate(NamedTuple):
    """An encoding that is tried: what is written in it, and how usual it is (log of odds)."""

    languages: tuple[str, ...]
    prior: float
    title: str


_WESTERN = (
    "German", "French", "Spanish", "Portuguese", "Italian", "Swedish", "Danish", "Dutch",
    "Icelandic", "Estonian",
)  # fmt: skip
_CENTRAL = (
    "German", "Polish", "Czech", "Slovak", "Hungarian", "Romanian", "Croatian",
)  # fmt: skip
_CYRILLIC = ("Russian", "Ukrainian", "Serbian")

CANDIDATES: Final = {
    "cp1252": Candidate(_WESTERN, 0.0, "Western"),
    "cp1254": Candidate(("Turkish", "German", "French"), -0.3, "Turkish"),
    "cp1250": Candidate(_CENTRAL, -1.5, "Central European"),
    "cp1251": Candidate(_CYRILLIC, -1.0, "Cyrillic"),
    "gb18030": Candidate(("Chinese",), -1.0, "Chinese"),
    "cp1256": Candidate(("Arabic", "French"), -1.0, "Arabic"),
    "cp932": Candidate(("Japanese",), -1.5, "Japanese"),
    "cp1253": Candidate(("Greek",), -2.0, "Greek"),
    "cp1255": Candidate(("Hebrew",), -2.0, "Hebrew"),
    "cp1257": Candidate(("Lithuanian", "Latvian", "Estonian"), -3.0, "Baltic"),
    "cp949": Candidate(("Korean",), -1.5, "Korean"),
    "big5": Candidate(("Traditional Chinese",), -2.0, "traditional Chinese"),
    "cp874": Candidate(("Thai",), -2.5, "Thai"),
    "euc_jp": Candidate(("Japanese",), -3.0, "Japanese"),
    "koi8-u": Candidate(_CYRILLIC, -3.0, "Cyrillic"),
    "cp866": Candidate(_CYRILLIC, -5.0, "Cyrillic of DOS"),
    "iso8859-5": Candidate(_CYRILLIC, -4.0, "Cyrillic"),
    "iso8859-2": Candidate(_CENTRAL, -2.5, "Central European"),
    "cp850": Candidate(_WESTERN, -5.0, "Western of DOS"),
    "cp852": Candidate(_CENTRAL, -5.5, "Central European of DOS"),
    "cp857": Candidate(("Turkish", "German", "French"), -5.0, "Turkish of DOS"),
    "mac-roman": Candidate(_WESTERN, -5.5, "Western of the old Macintosh"),
    "mac-turkish": Candidate(("Turkish", "German", "French"), -6.0, "Turkish of the old Macintosh"),
}
"""The encodings that are told apart, the usual ones first."""

ENOUGH: Final = 2.5
"""How far the best reading must stand before the next one that gives other letters: natural
logarithm of the odds, about twelve to one."""

_POOR: Final = -10.3
"""Mean logarithm for each byte beyond ASCII at which a reading is no text: one chance in 30,000."""

_PLAIN: Final = -3.4
"""The same for each letter of A to Z."""

_HARDLY_MET: Final = -4.0
_FEW_WORDS: Final = 3
_MOST_WORDS: Final = 800
_LONGEST_WORD: Final = 60
_LETTER: Final = 0.036  # a letter of A to Z in a language of Latin script
_ACCENTED: Final = 0.05  # all others together, in words that have some
_RARE: Final = {
    "Icelandic": -2.0,
    "Romanian": -1.5,
    "Dutch": -1.0,
    "Croatian": -1.0,
    "Estonian": -2.0,
}
_ANOTHER_LANGUAGE: Final = 1.0
_MARK: Final = 2e-3
_ODD_LETTER: Final = 1e-5
_ODD: Final = 1e-6
_MIXED: Final = 1e-4
_NO_TEXT = re.compile("[\x80-\x9f\u2500-\u25ff\ue000-\uf8ff]")
_BETWEEN_CELLS = re.compile(r"[,;\t|]")
_WORD = re.compile(r"[A-Za-z\u0080-\U0010ffff]+")


class Verdict(NamedTuple):
    """What the words of a text say of its encoding.

    ``encoding`` is None if they do not tell; ``candidates`` are then those between which they
    leave it, none if no reading is plausible at all. ``words`` are examples as they were read.
    """

    encoding: str | None
    candidates: tuple[str, ...]
    words: tuple[str, ...]
    word_count: int


class _Reading(NamedTuple):
    score: float
    encoding: str
    is_doubtful: bool
    """Whether there is no word to weigh, or the words are as odd as chance."""


def judge(lines: Sequence[bytes], is_known: Callable[[str], bool] | None = None) -> Verdict:
    """Judge lines that are no UTF-8, each with a byte beyond ASCII.

    A reading counts by how likely its words are in the languages written in that encoding; names
    of columns that are known under it speak for it, and what ``charset-normalizer`` proposes
    counts as one further hint: by itself that library takes a short Turkish text for a Western
    one. Encodings that give the same letters are one reading.
    """
    hint = _hint(lines)
    readings: dict[tuple[str, ...], _Reading] = {}
    for encoding, known in CANDIDATES.items():
        texts = _decoded(lines, encoding)
        words = _words(texts or ())
        if texts is None or not words:
            continue
        score, is_doubtful = _score(words, known.languages)
        score += known.prior + (encoding == hint)
        if is_known is not None:
            score += 3.0 * _known_names(texts[:5], is_known)
        # An encoding that is hardly met today needs more than a damaged word that happens to fit.
        is_doubtful |= known.prior <= _HARDLY_MET and len(words) < _FEW_WORDS
        reading = _Reading(score, encoding, is_doubtful)
        same = readings.get(words, reading)
        # Of encodings with the same letters the most usual one, with the best score of all.
        usual = max(same, reading, key=lambda one: CANDIDATES[one.encoding].prior)
        readings[words] = usual._replace(score=max(same.score, reading.score))
    if not readings:
        return Verdict(None, (), (), 0)
    (words, best), *others = sorted(readings.items(), key=lambda one: -one[1].score)
    examples = tuple(sorted(words, key=lambda word: (-len(word), word))[:3])
    if best.is_doubtful:
        return Verdict(None, (), examples, len(words))
    close = tuple(one.encoding for _, one in others if one.score > best.score - ENOUGH)
    if close:
        return Verdict(None, (best.encoding, *close), examples, len(words))
    return Verdict(best.encoding, (), examples, len(words))


def title_of(encoding: str) -> str:
    """An encoding with what it is for, as a user may know it."""
    known = CANDIDATES.get(encoding)
    return encoding if known is None else f"{encoding} ({known.title})"


def _hint(lines: Sequence[bytes]) -> str:
    """What charset-normalizer proposes, under the name that it has here; empty if nothing."""
    from charset_normalizer import from_bytes

    best = from_bytes(b"\n".join(lines[:2_000])[:200_000]).best()
    if best is None:
        return ""
    name = codecs.lookup(best.encoding).name
    return {"gbk": "gb18030", "gb2312": "gb18030", "shift_jis": "cp932"}.get(name, name)


def is_of_lines(encoding: str) -> bool:
    """Whether in this encoding a line feed, a return and a quote are one byte each and no part of
    another character, so that its bytes fall into lines before they are decoded."""
    return encoding in _OF_LINES or encoding.startswith(("cp125", "iso8859-", "koi8-"))


_OF_LINES: Final = frozenset(
    {
        "utf-8", "ascii", "gb18030", "gbk", "gb2312", "big5", "big5hkscs", "cp950", "cp932",
        "shift_jis", "shift_jis_2004", "shift_jisx0213", "euc_jp", "euc_kr", "cp949", "cp874",
        "tis-620", "cp437", "cp850", "cp852", "cp855", "cp857", "cp858", "cp860", "cp861", "cp862",
        "cp863", "cp865", "cp866", "mac-roman", "mac-turkish", "mac-cyrillic", "mac-greek",
        "mac-latin2",
    }
)  # fmt: skip


def _decoded(lines: Sequence[bytes], encoding: str) -> list[str] | None:
    """The lines as text; None if more than one in fifty are not of the encoding."""
    try:
        return b"\n".join(lines).decode(encoding).split("\n")  # in one go, as nearly always
    except UnicodeError:
        pass
    texts = []
    wrong = 0
    for line in lines:
        try:
            texts.append(line.decode(encoding))
        except UnicodeError:
            wrong += 1
            if wrong * 50 > len(lines):
                return None
    return texts


def _words(texts: Iterable[str]) -> tuple[str, ...]:
    """The different words with a character beyond ASCII, in the order of their first place."""
    words: dict[str, None] = {}
    for text in texts:
        if text.isascii():
            continue
        for word in _WORD.findall(text):
            if not word.isascii():
                words[word[:_LONGEST_WORD]] = None
        if len(words) >= _MOST_WORDS:
            break
    return tuple(words)


def _known_names(texts: Iterable[str], is_known: Callable[[str], bool]) -> int:
    """How many known names of columns beyond ASCII stand in some first lines."""
    names = {
        cell.strip(" \"'\r\n")
        for text in texts
        if not text.isascii()
        for cell in _BETWEEN_CELLS.split(text)[:300]
    }
    return sum(is_known(name) for name in names if not name.isascii() and len(name) < 100)


def _beyond(word: str) -> int:
    return sum(one > "\x7f" for one in word)


def _has_marks_only(word: str) -> bool:
    return all(one <= "\x7f" or one in MARKS for one in word)


def _score(words: Sequence[str], languages: Sequence[str]) -> tuple[float, bool]:
    """The logarithm of how likely words are, each in the language that suits it best; and whether
    that is too little to go by: no word at all, for a lone letter is none, or one word in five
    that is as odd as chance."""
    total = 0.0
    can_weigh = False
    poor = 0
    models = [_model(language) for language in languages]
    spoken: set[int] = set()
    for word in words:
        best, place = max((model(word), -place) for place, model in enumerate(models))
        total += best
        spoken.add(place)
        beyond = _beyond(word)
        # Lines for boxes and control characters inside words: these are no words at all.
        poor += 4 * (_NO_TEXT.search(word) is not None)
        poor += best < _POOR * beyond + _PLAIN * (len(word) - beyond)
        can_weigh = can_weigh or len(word.encode("utf-8")) > 3 or _has_marks_only(word)
    is_doubtful = not can_weigh or poor * 5 > len(words)
    return total - len(spoken) * _ANOTHER_LANGUAGE, is_doubtful


@lru_cache(maxsize=64)
def _model(language: str) -> Callable[[str], float]:
    if language in LATIN:
        shares = frequencies(LATIN[language])
        # Only words with such letters are weighed, so that all languages have as many of them.
        times = _ACCENTED / sum(shares.values())
        shares = {letter: share * times for letter, share in shares.items()}
        return _Alphabet(language, shares, _LETTER)
    if language in OTHER_SCRIPTS:
        return _Alphabet(language, frequencies(OTHER_SCRIPTS[language]), _MIXED)
    return _Ideographs(language)


class _Alphabet:
    """How likely a word is in a language of letters."""

    def __init__(self, language: str, shares: dict[str, float], ascii_letter: float) -> None:
        self._logs = {one: math.log(share) for one, share in shares.items()}
        self._ascii = math.log(ascii_letter)
        self._prior = _RARE.get(language, 0.0)
        self._usual = frozenset(TRADE_WORDS.get(language, "").split())

    def __call__(self, word: str) -> float:
        total = self._prior + 5.0 * (word.lower() in self._usual)
        last = len(word) - 1
        if not last and word.isalpha():
            total -= 3.0  # a lone letter is no word
        for place, one in enumerate(word):
            if one <= "\x7f":
                total += self._ascii
            elif one in self._logs or one.lower() in self._logs:
                total += self._logs.get(one) or self._logs[one.lower()]
            elif one in MARKS:
                # In the middle of a word only an apostrophe or a dash is usual.
                inside = (
                    0 < place < last and word[place - 1].isalpha() and word[place + 1].isalpha()
                )
                total += math.log(_ODD if inside and one not in "’–·\u00a0" else _MARK)
            else:
                total += math.log(_ODD_LETTER if one.isalpha() else _ODD)
            if place and one.isupper() and word[place - 1].islower():
                total -= 3.0
        return total


_FIRST_CHARACTER: Final = "\u2e80"

_LEVELS: Final = {
    "Chinese": ("gb2312", 0xB0, 0xD7),
    "Traditional Chinese": ("big5", 0xA4, 0xC6),
    "Japanese": ("shift_jis", 0x88, 0x97),
    "Korean": ("euc_kr", 0xB0, 0xC8),
}
"""The first bytes of the characters that the standard of each language put first, as common."""


class _Ideographs:
    """How likely a word is in a language whose characters are counted in thousands."""

    def __init__(self, language: str) -> None:
        self._codec, self._first, self._last = _LEVELS[language]
        self._has_kana = language == "Japanese"
        self._common = frozenset(COMMON.get(language, ""))
        self._known: dict[str, float] = {}

    def __call__(self, word: str) -> float:
        total = -3.0 if _beyond(word) == 1 else 0.0
        before = ""
        for one in word:
            total += self._of(one)
            # Small letters of A to Z seldom touch a character, as capitals do in names of models.
            if before and (before < _FIRST_CHARACTER) != (one < _FIRST_CHARACTER):
                total -= 6.0 if (before + one).lower() == before + one else 2.0
            before = one
        return total

    def _of(self, one: str) -> float:
        found = self._known.get(one)
        if found is None:
            found = self._known[one] = math.log(self._weigh(one))
        return found

    def _weigh(self, one: str) -> float:
        if one <= "\x7f":
            return _LETTER
        if one < _FIRST_CHARACTER:
            return 2e-4
        if one in self._common:
            return 1 / 500
        if self._has_kana and "\u3041" <= one <= "\u30ff":
            return 1 / 150
        if one in "（）、。，：；・「」　—《》“”" or "\uff01" <= one <= "\uff5e":
            return 1e-3
        try:
            code = one.encode(self._codec)
        except UnicodeError:
            return 1e-8
        if len(code) == 2 and self._first <= code[0] <= self._last:
            return 1 / 2500
        return 1e-6
