"""Cheap inflection in seven languages: the bases that a folded word may be a form of.

A term and a word of a text are forms of each other when one base of the term's word is a base of
the text's word. This is less than a stemmer on purpose: endings only, nothing below four letters
(three in English), and no derivation of one trade's name from another's.
"""

from __future__ import annotations

from redflags.values.text import fold

_SHORTEST = {"en": 3, "de": 4, "fr": 4, "es": 4, "tr": 4, "ru": 3, "ar": 3}


INFLECTED = frozenset(_SHORTEST)
"""The languages that have endings here; words of others are found to the letter."""


def _folded(words: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words.split())


_GERMAN = _folded("n en s es e er ern")
_FRENCH = _folded("s x es e")
_GERMAN_TERM = _folded("n en")
_FRENCH_TERM = _folded("s x")
_SPANISH = _folded("s es")

# Plural, possessive, accusative, genitive, dative, locative and ablative, and the cases of the
# possessive; folding has already taken most of the vowel harmony away.
_TURKISH_POSSESSIVE = _folded("ı u sı su ları leri")
_TURKISH = _folded(
    "lar ler ları leri ların lerin larının lerinin larını lerini larına lerine larında lerinde "
    "larından lerinden lara lere larda lerde lardan lerden "
    "ı u yı yu sı su a e ya ye ın un nın nun da de ta te dan den tan ten "
    "sını sunu sının sunun sına suna sine sinde sında sunda sından sinden sundan ını unu ının "
    "unun ına una inde ında unda ından inden undan"
)
_RUSSIAN = _folded(
    "а я о е у ю ы и й ь ой ей ом ем ём ам ям ах ях ов ев ами ями ью ия ии ию ие ием иям иями иях "
    "ый ий ая яя ое ее ые ого его ому ему ым им ых их ыми ими ую юю"
)
_ARABIC_BEFORE = _folded("وال بال كال فال لل ال و ب ل ك ف")
_ARABIC_AFTER = _folded("ات ون ين ان يه ه")
_ARABIC_BROKEN = {
    fold(plural): fold(single)
    for plural, single in (
        ("هواتف", "هاتف"), ("متاجر", "متجر"), ("مصانع", "مصنع"), ("أجهزة", "جهاز"),
        ("محال", "محل"), ("محركات", "محرك"), ("أسمدة", "سماد"), ("مساحيق", "مسحوق"),
        ("معاجين", "معجون"), ("تجار", "تاجر"), ("موزعون", "موزع"), ("مزارع", "مزرعة"),
        ("مطاعم", "مطعم"), ("صواعق", "صاعق"), ("فتائل", "فتيل"), ("جوالات", "جوال"),
        ("معامل", "معمل"), ("ورش", "ورشة"), ("قطع", "قطعة"), ("مواد", "مادة"),
    )
}  # fmt: skip

_ENGLISH_NOT_PLURAL = _folded(
    "goods arms works glass gas bus less business express press process sports means news customs "
    "services sales plus chess brass explosives"
)
# American spellings to British ones, as parts of words.
_SPELLINGS = (
    ("aluminum", "aluminium"), ("fiber", "fibre"), ("sulf", "sulph"), ("center", "centre"),
    ("fertiliz", "fertilis"), ("color", "colour"), ("jewelry", "jewellery"),
    ("caliber", "calibre"), ("gray", "grey"), ("organiz", "organis"),
)  # fmt: skip
_WHOLE_SPELLINGS = {"tire": "tyre", "tires": "tyres", "program": "programme", "plow": "plough"}


def british(word: str) -> str:
    """The British spelling of a folded English word that has an American one."""
    if word in _WHOLE_SPELLINGS:
        return _WHOLE_SPELLINGS[word]
    for american, spelling in _SPELLINGS:
        if american in word:
            word = word.replace(american, spelling)
    return word


def _english(word: str) -> list[str]:
    word = british(word)
    if not word.endswith("s") or word.endswith("ss") or word in _ENGLISH_NOT_PLURAL:
        return [word]
    bases = [word, word[:-1]]
    if word.endswith("ies"):
        bases.append(word[:-3] + "y")
    elif word.endswith(("ches", "shes", "xes", "sses", "zes", "oes")):
        bases.append(word[:-2])
    return bases


def _stripped(word: str, endings: frozenset[str], longest: int, shortest: int) -> list[str]:
    bases = [word]
    for length in range(1, min(longest, len(word) - shortest) + 1):
        if word[-length:] in endings:
            bases.append(word[:-length])
    return bases


def _german(word: str) -> list[str]:
    bases = _stripped(word, _GERMAN, 3, 4)
    if "ae" in word or "oe" in word or "ue" in word:
        plain = word.replace("ae", "a").replace("oe", "o").replace("ue", "u")
        bases += _stripped(plain, _GERMAN, 3, 4)
    return bases


def _french(word: str) -> list[str]:
    bases = _stripped(word, _FRENCH, 2, 4)
    if word.endswith("aux") and len(word) > 5:
        bases.append(word[:-3] + "al")
    return bases


def _turkish(word: str) -> list[str]:
    bases = _stripped(word, _TURKISH, 6, 4)
    # A final k is soft before a vowel: uçak, uçağı.
    bases += [base[:-1] + "k" for base in bases[1:] if base.endswith("g")]
    return bases


def _turkish_term(word: str) -> list[str]:
    bases = _stripped(word, _TURKISH_POSSESSIVE, 4, 4)
    bases += [base[:-1] + "k" for base in bases[1:] if base.endswith("g")]
    return bases


_RUSSIAN_FLEETING = tuple(fold(ending) for ending in ("ок", "ек", "ец"))


def _russian(word: str) -> list[str]:
    bases = _stripped(word, _RUSSIAN, 3, 3)
    if word.endswith(_RUSSIAN_FLEETING) and len(word) > 4:
        bases.append(word[:-2] + word[-1])
    return bases


def _arabic(word: str) -> list[str]:
    bases = [word]
    for before in _ARABIC_BEFORE:
        if word.startswith(before) and len(word) - len(before) >= 3:
            bases.append(word[len(before) :])
    for base in tuple(bases):
        for after in _ARABIC_AFTER:
            if base.endswith(after) and len(base) - len(after) >= 3:
                bases.append(base[: -len(after)])
        if base in _ARABIC_BROKEN:
            single = _ARABIC_BROKEN[base]
            bases += [single, single.removesuffix("ه")]
    return bases


_OF_TEXT = {
    "en": _english,
    "de": _german,
    "fr": _french,
    "es": lambda word: _stripped(word, _SPANISH, 2, 4),
    "tr": _turkish,
    "ru": _russian,
    "ar": _arabic,
}
# Terms are mostly in the singular: a term's own -er or -e belongs to the word (Dünger, carrière).
_OF_TERM = {
    **_OF_TEXT,
    "de": lambda word: _stripped(word, _GERMAN_TERM, 2, 4),
    "fr": lambda word: _stripped(word, _FRENCH_TERM, 1, 4),
    "tr": _turkish_term,
}


def bases_of_text_word(word: str, language: str) -> list[str]:
    """The bases that a folded word of a text may have, read in ``language``; itself first."""
    form = _OF_TEXT.get(language)
    return [word] if form is None else form(word)


def bases_of_term_word(word: str, language: str) -> list[str]:
    """The bases under which a folded word of a term in ``language`` is kept; itself first."""
    form = _OF_TERM.get(language)
    return [word] if form is None else form(word)


def figures_in(word: str) -> str:
    """The figures of a folded word, in their order: every base of it has the same."""
    return "".join([character for character in word if "0" <= character <= "9"])


def languages_of(word: str) -> tuple[str, ...]:
    """The languages whose endings a folded word can have, by its script."""
    if word.isascii():
        return ("en", "de", "fr", "es", "tr")
    if any("\u0400" <= letter <= "\u052f" for letter in word):
        return ("ru",)
    if any("\u0600" <= letter <= "\u06ff" for letter in word):
        return ("ar",)
    return ()
