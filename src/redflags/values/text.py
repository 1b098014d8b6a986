"""One skeleton for every way of writing a text: case, accents, scripts' variants, look-alikes.

The skeleton is for comparison only; what is shown to a person is the text as written, made safe
by :func:`display`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST_FOLDED = 10_000
"""Texts are folded in their first 10,000 characters: no field of an order needs more."""

_SHORT = 256
_MEMO_LIMIT = 20_000

# Letters of other alphabets that are drawn like a Latin letter, in upper or in lower case.
_CYRILLIC = dict(zip("авекмнорстухіѕјһԁԛԝүѵӏԍʼ", "abekmhopctyxisjhdqwyvlg ", strict=True))
_GREEK = dict(zip("αβεζηικμνορτυχγωϲϳ", "abezhikmnoptyxywcj", strict=True))
_ARMENIAN = dict(zip("օսհոցյզ", "ouhngjq", strict=True))
# Greek letters of which the small form is drawn like another Latin letter than the capital. Within
# a word that has Latin letters too, the small form is a disguise of the letter it is drawn like.
_GREEK_SMALL = str.maketrans("νηυγω", "vnuyw")

_LATIN = {
    "ı": "i", "ɩ": "i", "ɪ": "i", "ɨ": "i", "æ": "ae", "œ": "oe", "ø": "o", "ɵ": "o", "ɔ": "o",
    "đ": "d", "ð": "d", "ɖ": "d", "ɗ": "d", "ł": "l", "ƚ": "l", "ɫ": "l", "þ": "th", "ħ": "h",
    "ŋ": "n", "ɲ": "n", "ŧ": "t", "ĸ": "k", "ƙ": "k", "ə": "e", "ǝ": "e", "ɛ": "e", "ɑ": "a",
    "ɡ": "g", "ɠ": "g", "ǥ": "g", "ƀ": "b", "ɓ": "b", "ƈ": "c", "ɉ": "j", "ƥ": "p", "ɍ": "r",
    "ʂ": "s", "ʉ": "u", "ʋ": "v", "ƴ": "y", "ɏ": "y", "ƶ": "z", "ʐ": "z", "ƒ": "f", "ᴀ": "a",
    "ʙ": "b", "ᴄ": "c", "ᴅ": "d", "ᴇ": "e", "ꜰ": "f", "ɢ": "g", "ʜ": "h", "ᴊ": "j", "ᴋ": "k",
    "ʟ": "l", "ᴍ": "m", "ɴ": "n", "ᴏ": "o", "ᴘ": "p", "ʀ": "r", "ꜱ": "s", "ᴛ": "t", "ᴜ": "u",
    "ᴠ": "v", "ᴡ": "w", "ʏ": "y", "ᴢ": "z", "ʿ": "", "ʾ": "", "ʻ": " ", "ʹ": "", "ʺ": "",
}  # fmt: skip

_ARABIC = {
    "ى": "ي", "ی": "ي", "ې": "ي", "ێ": "ي", "ے": "ي", "ة": "ه", "ۃ": "ه", "ە": "ه", "ہ": "ه",
    "ھ": "ه", "ک": "ك", "ڪ": "ك", "ٱ": "ا", "ۆ": "و", "ۇ": "و", "ـ": "",
}  # fmt: skip

# Letters by category that show nothing at all.
_INVISIBLE = frozenset("\u115f\u1160\u3164\uffa0")

_LETTERS = {**_CYRILLIC, **_GREEK, **_ARMENIAN, **_LATIN, **_ARABIC}
_WORD = re.compile(r"[^\W\d_]+")


def _fold_character(character: str) -> str:
    """The skeleton of one character: letters and digits, one space, or nothing."""
    if character in _INVISIBLE:
        return ""
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    spread = "".join(_LETTERS.get(piece, piece) for piece in spread)
    if spread != character:
        return "".join(_fold_character(piece) for piece in spread)
    category = unicodedata.category(character)
    if category in ("Mn", "Me", "Cf"):
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category[0] in "LNM":
        return character
    if category == "Cc" and not character.isspace():
        return ""
    return " "


class _Skeletons(dict[int, str]):
    """A table for ``str.translate`` that fills itself, up to a bound."""

    def __missing__(self, code: int) -> str:
        folded = _fold_character(chr(code))
        if len(self) < _MEMO_LIMIT:
            self[code] = folded
        return folded


_SKELETONS = _Skeletons()


def _unmask(match: re.Match[str]) -> str:
    word = match.group()
    if any("a" <= letter <= "z" or "A" <= letter <= "Z" for letter in word):
        return word.translate(_GREEK_SMALL)
    return word


def _fold(text: str) -> str:
    text = text[:LONGEST_FOLDED]
    if not text.isascii() and not _GREEK_LOWER.isdisjoint(text):
        text = _WORD.sub(_unmask, text)
    return " ".join(text.translate(_SKELETONS).split())[:LONGEST_FOLDED].rstrip(" ")


_GREEK_LOWER = frozenset("νηυγω")
_fold_short = lru_cache(maxsize=16_384)(_fold)


def fold(text: str) -> str:
    """The skeleton of a text, for comparison: what is the same to a reader is the same here.

    Case, accents and vowel signs, full-width and other compatibility forms, zero-width and
    direction characters, the Turkish dotted and dotless i, Arabic letter variants and digits, and
    Cyrillic and Greek letters drawn like Latin ones all fall together; punctuation becomes one
    space. Folding twice changes nothing. Only the first 10,000 characters count.
    """
    return _fold_short(text) if len(text) <= _SHORT else _fold(text)


def tokens(text: str) -> tuple[str, ...]:
    """The words of the folded text."""
    return tuple(fold(text).split())


def display(text: str) -> str:
    """Untrusted text made fit for a terminal: one line, nothing that steers, nothing unseen.

    Characters that direct the terminal or the writing direction are shown as escapes or left out;
    line breaks become spaces.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_display_character(character) for character in text)


def _display_character(character: str) -> str:
    if character.isprintable():
        return character
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    if category == "Cf" or category == "Zl":
        return ""
    if category == "Cs" or category == "Cc":
        code = ord(character)
        return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
    return "\ufffd"


def shown(text: str, most: int = 60) -> str:
    """The text made safe and cut to ``most`` characters, for use inside a sentence."""
    line = display(text[: most + 1]).strip()
    return line if len(text) <= most and len(line) <= most else line[: most - 1] + "…"
