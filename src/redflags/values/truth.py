"""Kleene's three values as True, False and None (unknown), and the words for yes and no."""

from __future__ import annotations

from collections.abc import Iterable

from redflags.values.text import fold, shown
from redflags.values.understood import BLANK, Understood, unknown


def negation(a: bool | None) -> bool | None:
    """Not ``a``; of what is unknown the negation is unknown."""
    return None if a is None else not a


def both(a: bool | None, b: bool | None) -> bool | None:
    """False if either is false, else unknown if either is unknown, else true."""
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def either(a: bool | None, b: bool | None) -> bool | None:
    """True if either is true, else unknown if either is unknown, else false."""
    if a is True or b is True:
        return True
    return None if a is None or b is None else False


def all_of(values: Iterable[bool | None]) -> bool | None:
    """False if one is false, else unknown if one is unknown, else true; true of nothing."""
    verdict: bool | None = True
    for value in values:
        if value is False:
            return False
        if value is None:
            verdict = None
    return verdict


def any_of(values: Iterable[bool | None]) -> bool | None:
    """True if one is true, else unknown if one is unknown, else false; false of nothing."""
    verdict: bool | None = False
    for value in values:
        if value is True:
            return True
        if value is None:
            verdict = None
    return verdict


_WORDS = {
    "yes": "yes y true t 1 x evet var doğru نعم صحيح да есть истина ja wahr oui vrai o "
    "sí si verdadero cierto ✓ ✔ checked",
    "no": "no n false f 0 hayır yok yanlış لا كلا خطأ нет ложь nein falsch non faux falso",
    "unknown": "unknown unclear bilinmiyor غير معروف неизвестно unbekannt inconnu desconocido",
}
_MEANING = {
    fold(word): meaning
    for meaning, words in _WORDS.items()
    for word in ([words] if meaning == "unknown" else words.split())
} | {fold(word): "unknown" for word in _WORDS["unknown"].split()}
_MEANING[fold("غير معروف")] = "unknown"
_MEANING.pop("", None)
_MARKS = {"✓": "yes", "✔": "yes", "☑": "yes", "✗": "no", "✘": "no", "☐": "no", "+": "yes"}


def parse_yes_no(text: str) -> Understood:
    """Yes or no in seven languages, as the value "yes" or "no"; unknown when neither is said."""
    stripped = text.strip()
    if not stripped:
        return BLANK
    meaning = _MARKS.get(stripped) or _MEANING.get(fold(stripped))
    if meaning == "unknown" or not stripped.strip("?"):
        return unknown(text, "it is stated as unknown")
    if meaning is None:
        return unknown(text, f'"{shown(stripped)}" is neither yes nor no')
    how = "" if stripped.lower() == meaning else f'"{shown(stripped)}" means {meaning}'
    return Understood(written=text, value=meaning, how=how)
