"""Names of parties: as given, and as a key under which two spellings of one firm meet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from anyascii import anyascii

from redflags.values.text import fold, shown
from redflags.values.understood import BLANK, Understood, unknown

_LONGEST = 500
_CONNECTIVES = frozenset({"and", "und", "ve", "et", "y", "e", "i", "co", "the"})

# What stands in brackets, or names a person or a place to which something is sent.
_BRACKETED = re.compile(r"[(\[{（【][^()\[\]{}（）【】]*[)\]}）】]")
_CARE_OF = re.compile(
    r"(?:(?<=\s)|(?<=[,;/-])|^)"
    r"(?:attn|att|attention|fao|c/o|care of|z\.?\s?hd\.?|zu h(?:ä|ae)nden|zhd|p/a|"
    r"à l['’]attention de|a la atenci(?:ó|o)n de|a/a|dikkatine|вниманию|عناية)"
    r"(?=[\s.:])[\s.:].*",
    re.IGNORECASE | re.DOTALL,
)
# Legal forms that are written into the name without a space, in Chinese, Japanese and Korean.
_JOINED_FORMS = re.compile(
    r"^(?:株式会社|有限会社|合同会社|주식회사|유한회사)\s*"
    r"|\s*(?:(?:股份|责任|責任)?有限(?:责任|責任)?公司|集团公司|總公司|总公司|株式会社|有限会社|合同会社"
    r"|주식회사|유한회사)\s*$"
)
# How a firm is addressed is no part of its name.
_ADDRESSED = re.compile(r"^\s*(?:m/s\.?|messrs\.?|the)\s+(?=\S)", re.IGNORECASE)
# A branch is not another firm.
_BRANCH_WORDS = (
    "branch", "şubesi", "şube", "Niederlassung", "Zweigniederlassung",
    "Zweigstelle", "Filiale", "succursale", "sucursal", "филиал", "فرع",
)  # fmt: skip


def _key_tokens(text: str) -> tuple[str, ...]:
    """The words of a name in Latin letters; dotted capitals (``L.L.C.``) are one word."""
    return _join_initials(latin(text[:_LONGEST]).split())


def latin(text: str) -> str:
    """A text folded, and in Latin letters whatever its script."""
    composed = unicodedata.normalize("NFC", text)
    # The Arabic article and the marks of vowels fold first; what is left is transliterated.
    return fold(composed) if composed.isascii() else fold(anyascii(_plain_arabic(composed)))


def _plain_arabic(text: str) -> str:
    """Arabic letters in one form and without vowel signs, so that spellings transliterate alike."""
    if not any("\u0600" <= character <= "\u06ff" for character in text):
        return text
    return "".join(
        fold(character) or " " if "\u0620" <= character <= "\u06ff" and character.isalpha()
        else "" if unicodedata.category(character) in ("Mn", "Cf") else character
        for character in text
    )  # fmt: skip


def _join_initials(words: list[str]) -> tuple[str, ...]:
    """Runs of single letters as one word: "l l c" is "llc"."""
    joined: list[str] = []
    run = ""
    for word in words:
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        if run:
            joined.append(run)
            run = ""
        joined.append(word)
    if run:
        joined.append(run)
    return tuple(joined)


_BRANCHES = frozenset(word for written in _BRANCH_WORDS for word in _key_tokens(written))
_PLACE_FOLLOWS = _BRANCHES - frozenset(_key_tokens("branch şubesi şube"))

WORDS_OF_CARE = (
    _BRANCHES
    | _CONNECTIVES
    | {"attn", "att", "attention", "fao", "care", "zhd", "zu", "z", "hd", "dikkatine"}
    | {"messrs", "ms", "a", "la"}
)
"""Words in Latin letters, folded, by which the key of a name can be less than its words, beside
those of legal forms."""


class LegalForms:
    """The legal forms that a firm's name may carry, such as ``GmbH`` or ``San. ve Tic. A.Ş.``

    Each is given as it is written; forms of several words are recognised as a whole, at the end
    of a name (also one after the other) and at its beginning. ``single`` are those of one word,
    ``several`` those of several, in the letters of keys.
    """

    def __init__(self, forms: Iterable[str]) -> None:
        self._forms = frozenset(key for form in forms if (key := _key_tokens(form)))
        self._longest = max((len(form) for form in self._forms), default=0)
        self.single = frozenset(form[0] for form in self._forms if len(form) == 1)
        self.several = frozenset(" ".join(form) for form in self._forms if len(form) > 1)

    def strip(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The words without legal forms at either end; empty if they are nothing else."""
        start, end = 0, len(words)
        moved = True
        while moved and start < end:
            moved = False
            for length in range(min(self._longest, end - start), 0, -1):
                if words[end - length : end] in self._forms:
                    end, moved = end - length, True
                    break
                if words[start : start + length] in self._forms:
                    start, moved = start + length, True
                    break
            # What joined a form to the name ("& Co.", "ve") is left hanging and goes with it.
            while moved and start < end and words[end - 1] in _CONNECTIVES:
                end -= 1
        return words[start:end]

    def before_form(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The words up to the first legal form after the first word; all of them if none is."""
        for start in range(1, len(words)):
            for length in range(1, min(self._longest, len(words) - start) + 1):
                if words[start : start + length] in self._forms:
                    return words[:start]
        return words


def _without_branch(words: tuple[str, ...], legal_forms: LegalForms) -> tuple[str, ...]:
    """The words of the firm that a branch belongs to.

    The place of a branch goes with it where it stands after the word for a branch or after the
    firm's legal form; otherwise it cannot be told from the name and stays.
    """
    for place, word in enumerate(words):
        if word not in _BRANCHES:
            continue
        firm = legal_forms.before_form(words[:place])
        if firm and (len(firm) < place or word in _PLACE_FOLLOWS):
            return firm
        return tuple(word for word in words if word not in _BRANCHES)
    return words


def _compatible(text: str) -> str:
    """The text with ㈱ and ㈜ as the brackets that they stand for."""
    return text.replace("㈱", "(株)").replace("㈜", "(주)").replace("㈲", "(有)")


@lru_cache(maxsize=65_536)
def _cached_key(text: str, legal_forms: LegalForms) -> str:
    plain = _key_tokens(text)
    bare = _ADDRESSED.sub("", _CARE_OF.sub(" ", _BRACKETED.sub(" ", _compatible(text))))
    words = _key_tokens(bare if bare.isascii() else _JOINED_FORMS.sub("", bare.strip()) or bare)
    kept = legal_forms.strip(_without_branch(legal_forms.strip(words), legal_forms))
    key = " ".join(kept or words or plain)
    # German writes ü as ue where the letter is wanting.
    return key.replace("ae", "a").replace("oe", "o").replace("ue", "u")


def name_key(text: str, legal_forms: LegalForms) -> str:
    """The key of a party's name: Latin letters, folded, without legal forms.

    What stands in brackets or after "attn" or "c/o" is left out, and so are words for a branch.
    Words stay in their order; ``ae``, ``oe`` and ``ue`` count as ``a``, ``o`` and ``u``. A name
    that is nothing else is its own key. Only the first 500 characters count.
    """
    return _cached_key(text[:_LONGEST], legal_forms)


def same_name(a: str, b: str, legal_forms: LegalForms) -> bool:
    """Whether two names have the same key; a name without letters is the same as none."""
    key = name_key(a, legal_forms)
    return key != "" and key == name_key(b, legal_forms)


def parse_name(text: str) -> Understood:
    """A name as text: composed, with single spaces; unknown if it has no letter or digit."""
    cut = " ".join(unicodedata.normalize("NFC", text[:10_000]).split())
    if not cut:
        return BLANK
    if not any(character.isalnum() for character in cut):
        return unknown(text, f'"{shown(cut)}" is no name')
    return Understood(written=text, value=cut)
