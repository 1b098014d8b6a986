"""Countries and their regions: ISO 3166 codes from codes and names in any language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from redflags.values.text import fold, shown
from redflags.values.understood import BLANK, Understood, unknown

_LONGEST = 200
_LONGEST_SET = 2_000

# Words of a state's full name that say nothing about which state it is, in seven languages.
_FORM_WORDS = frozenset(
    fold(word)
    for word in (
        "the", "of", "republic", "rep", "state", "kingdom", "islamic", "arab", "federal", "union",
        "sultanate", "emirate", "commonwealth", "principality", "grand", "duchy",
        "and", "hashemite",
        "la", "le", "les", "l", "el", "los", "las", "de", "du", "des", "d", "del", "al", "die",
        "der", "das", "république", "republique", "royaume", "état", "sultanat", "fédérale",
        "islamique", "arabe", "república", "reino", "estado", "sultanato", "árabe", "islámica",
        "republik", "königreich", "staat", "islamische", "arabische", "bundesrepublik",
        "cumhuriyeti", "krallığı", "devleti", "sultanlığı", "islam", "arap",
        "республика", "королевство", "государство", "исламская", "арабская", "федерация",
        "جمهورية", "مملكة", "المملكة", "دولة", "سلطنة", "الإسلامية", "العربية", "الجمهورية",
    )
)  # fmt: skip
_NOT_STATED = frozenset({"n/a", "n.a.", "n.a", "n/a.", "n\\a", "#n/a"})
_WITH_CODE = re.compile(r"([A-Z0-9]{2,3}|[^\W\d_].{2,80}?)\s?[-:_ ]\s?(.{4,80}|[A-Z0-9]{2,3})")
_CODE_FIRST = re.compile(r"([A-Z]{2,3})\s?[-:/]\s?(.{3,80})")
_PIECES = re.compile(r"[()\[\]/,;|–—]| - ")
_STRONG = re.compile(r"[;|\n→⇒➔>]|->|\svia\s|\süber\s|\sпо пути\s", re.IGNORECASE)
_WEAK = re.compile(r"[,/،+&]|\s[-–—]\s")
_AND = re.compile(r"\s(?:and|und|ve|et|y|e|и|و|via|then)\s", re.IGNORECASE)


class CountryTable:
    """Countries by code and by name.

    Each row is (alpha-2, alpha-3, numeric, names, other codes). The first name is the one shown.
    A name that stands in the rows of two countries is ambiguous, and is reported as such. Two
    letters are an alpha-2 code and three letters an alpha-3 code before they are anything else.
    """

    def __init__(self, rows: Iterable[tuple[str, str, str, Iterable[str], Iterable[str]]]) -> None:
        self._alpha2: dict[str, str] = {}
        self._alpha3: dict[str, str] = {}
        self._numeric: dict[int, str] = {}
        self._other: dict[str, str] = {}
        self._shown: dict[str, str] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._core: dict[str, tuple[str, ...]] = {}
        for alpha2, alpha3, numeric, names, others in rows:
            code = alpha2.upper()
            self._alpha2[code] = code
            if alpha3:
                self._alpha3[alpha3.upper()] = code
            if numeric:
                self._numeric[int(numeric)] = code
            for other in others:
                self._other[other.upper()] = code
            for name in names:
                self._shown.setdefault(code, name)
                self._add(self._names, fold(name), code)
                self._add(self._core, _core(fold(name)), code)

    @staticmethod
    def _add(index: dict[str, tuple[str, ...]], key: str, code: str) -> None:
        if key and code not in index.get(key, ()):
            index[key] = (*index.get(key, ()), code)

    def find(self, text: str) -> str | None:
        """The alpha-2 code of a code or name, or None where it is unknown or ambiguous."""
        found = self.candidates(text)
        return found[0] if len(found) == 1 else None

    def is_code(self, text: str) -> bool:
        """Whether the text is a code of the table, and not a name."""
        return self._by_code(text) is not None

    def name(self, alpha2: str) -> str:
        """The name shown for an alpha-2 code; the code itself if it has none."""
        return self._shown.get(alpha2, alpha2)

    def _by_code(self, text: str) -> str | None:
        key = fold(text).upper()
        if len(key) > 3 or not key.isascii() or not key.isalnum():
            return None
        if key.isdigit():
            return self._numeric.get(int(key))
        if len(key) == 2 and key in self._alpha2:
            return key
        if len(key) == 3 and key in self._alpha3:
            return self._alpha3[key]
        return self._other.get(key)

    def candidates(self, text: str) -> tuple[str, ...]:
        """Every country that a code or name can stand for: none, one, or several."""
        if len(text) > _LONGEST or text.strip().lower() in _NOT_STATED:
            return ()
        code = self._by_code(text)
        if code is not None:
            return (code,)
        key = fold(text)
        if key in self._names:
            return self._names[key]
        words = key.split()
        if len(words) > 1 and all(len(word) == 1 for word in words):
            code = self._by_code("".join(words))
            return () if code is None else (code,)
        if "," in text:
            # "Korea, Republic of" is "Republic of Korea".
            head, _, tail = text.partition(",")
            turned = fold(f"{tail} {head}")
            if turned in self._names:
                return self._names[turned]
        core = _core(key)
        return self._names.get(core) or self._core.get(core, ())


def _core(folded: str) -> str:
    """A folded name without the words of the state's form; empty if nothing else is left."""
    return " ".join(word for word in folded.split() if word not in _FORM_WORDS)


def parse_country(text: str, table: CountryTable) -> Understood:
    """A country as an ISO 3166-1 alpha-2 code, from any code or from a name in any language.

    A name that stands for two countries is unknown, with both named.
    """
    stripped = text.strip()
    if not stripped:
        return BLANK
    found = table.candidates(stripped)
    if not found and len(stripped) <= _LONGEST:
        pieces = [piece for piece in _PIECES.split(stripped) if fold(piece)]
        if len(pieces) > 1:
            read = [table.candidates(piece) for piece in pieces]
            if all(len(codes) == 1 for codes in read) and len(set(read)) == 1:
                found = read[0]
        elif (twice := _WITH_CODE.fullmatch(stripped)) is not None:
            # “TR-Türkiye” says the same thing twice; other names have a hyphen in them.
            one, other = (table.candidates(piece) for piece in twice.groups())
            if len(one) == 1 and one == other:
                found = one
    elif (twice := _CODE_FIRST.fullmatch(stripped)) is not None:
        said = table.candidates(twice[1])
        if len(said) == 1 and len(found) == 1 and said != found == table.candidates(twice[2]):
            names = f"{table.name(said[0])} and {table.name(found[0])}"
            return unknown(text, f'"{shown(stripped)}" says {names}')
    if len(found) > 1:
        names = " or ".join(table.name(code) for code in found)
        return unknown(text, f'"{shown(stripped)}" can be {names}')
    if not found:
        return unknown(text, f'"{shown(stripped)}" is no country that is known')
    how = ""
    if stripped.upper() != found[0]:
        how = f'"{shown(stripped)}" is {table.name(found[0])}'
    return Understood(written=text, value=found[0], how=how)


def _split(text: str, table: CountryTable) -> list[Understood]:
    """The countries of a list, splitting only where the whole is no country."""
    pending = [text]
    for pattern in (_STRONG, _WEAK, _AND):
        pieces: list[str] = []
        for piece in pending:
            whole = table.candidates(piece.strip())
            pieces += [piece] if whole else pattern.split(piece)
        pending = pieces
    if len(pending) == 1:
        codes = pending[0].split()
        if all(code.isupper() and len(code) <= 3 and table.is_code(code) for code in codes):
            pending = codes
    return [parse_country(piece, table) for piece in pending if fold(piece)]


def parse_country_set(text: str, table: CountryTable) -> Understood:
    """Countries in a list or a route, as a frozenset of alpha-2 codes.

    ``detail`` keeps them in the order written. Elements that could not be read are named in
    ``partial``; only where none could be read is the set unknown.
    """
    if not text.strip():
        return BLANK
    if len(text) > _LONGEST_SET:
        return unknown(text, f'"{shown(text)}" is too long for a list of countries')
    read = _split(text, table)
    known = [element for element in read if element.value is not None]
    lost = [element for element in read if element.value is None]
    if not known:
        why = lost[0].why if len(lost) == 1 else f'"{shown(text)}" names no country that is known'
        return unknown(text, why)
    codes = tuple(dict.fromkeys(element.value for element in known))
    return Understood(
        written=text,
        value=frozenset(codes),
        how="; ".join(element.how for element in known if element.how),
        partial="; ".join(element.why for element in lost),
        detail=codes,
    )


_REGION_CODE = re.compile(r"([A-Za-z]{2})\s?[-–_ ]\s?([A-Za-z0-9]{1,3})")
_REGION_WORDS = frozenset(
    fold(word)
    for word in (
        "province", "governorate", "oblast", "region", "state", "district", "of", "ili", "vilayeti",
        "provinz", "gouvernement", "bundesland", "gouvernorat", "région", "provincia", "región",
        "область", "провинция", "край", "محافظة", "ولاية", "إقليم", "muhafazah", "il",
    )
)  # fmt: skip


def parse_region(text: str, regions: Mapping[str, str]) -> Understood:
    """A subdivision as an ISO 3166-2 code such as ``TR-63``, from a code or a name.

    ``regions`` maps folded names and codes to codes. A text of the form of a code is taken as one.
    """
    stripped = text.strip()
    if not stripped:
        return BLANK
    if len(text) > _LONGEST:
        return unknown(text, f'"{shown(stripped)}" is no region that is known')
    pattern = _REGION_CODE.fullmatch(stripped)
    if pattern is not None and (len(pattern[2]) < 3 or "-" in stripped):
        return Understood(written=text, value=f"{pattern[1]}-{pattern[2]}".upper())
    key = fold(stripped)
    core = " ".join(word for word in key.split() if word not in _REGION_WORDS)
    code = regions.get(stripped.upper()) or regions.get(key) or regions.get(core)
    if code is None and (compact := re.fullmatch(r"([a-z]{2})([0-9]{1,3}|[a-z]{1,3})", key)):
        turned = f"{compact[1]}-{compact[2]}".upper()
        code = regions.get(turned) or regions.get(fold(turned))
    if code is None:
        return unknown(text, f'"{shown(stripped)}" is no region that is known')
    return Understood(written=text, value=code, how=f'"{shown(stripped)}" is {code}')
