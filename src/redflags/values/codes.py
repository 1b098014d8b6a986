"""Codes of goods, kept as text: tariff headings, CAS numbers, entries of control lists."""

from __future__ import annotations

import re

from redflags.values.text import shown
from redflags.values.understood import BLANK, Understood, unknown

_LONGEST = 120
_LONGEST_SEARCHED = 10_000
_EX = re.compile(
    r"(?:ex|hs|hts|cn|gtip|gtıp|taric|zolltarif|тн\s?вэд)\b[.:\s]*(?:code|no\.?)?[.:\s]*",
    re.IGNORECASE,
)
_TARIFF = re.compile(r"([0-9](?:[. \u00a0]?[0-9])*)(?:\s*(?:[(,;*].*)?)", re.DOTALL)
_CAS = re.compile(r"(?<![0-9-])([0-9]{2,7})-([0-9]{2})-([0-9])(?![0-9-])")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−－﹣", "-"))


def _ascii_digits(text: str) -> str:
    if text.isascii():
        return text
    return "".join(
        str(int(character)) if character.isdecimal() else character
        for character in text.translate(_DASHES)
    )


def parse_tariff_code(text: str) -> Understood:
    """A customs tariff code as its digits, leading zeros kept: ``3212.90`` is "321290".

    Two digits (a chapter) or four to twelve; points and spaces between digits, and a leading "ex",
    are left out. A code of 5, 7 or 11 digits that are not parted otherwise may be one that a
    spreadsheet took for a number, 80510 for 080510, and is unknown; nine digits are a statistical
    number of Japan.
    """
    stripped = text.strip()
    if not stripped:
        return BLANK
    refused = f'"{shown(stripped)}" is no tariff code'
    if len(text) > _LONGEST:
        return unknown(text, refused)
    body = _ascii_digits(stripped)
    lead = _EX.match(body)
    partly = lead is not None and lead.group().lower().startswith("ex")
    if lead is not None:
        body = body[lead.end() :]
    match = _TARIFF.fullmatch(body)
    if match is None:
        return unknown(text, refused)
    digits = re.sub(r"[^0-9]", "", match[1])
    if len(digits) != 2 and not 4 <= len(digits) <= 12:
        count = "1 digit" if len(digits) == 1 else f"{len(digits)} digits"
        return unknown(text, f"{refused}: it has {count}")
    first = re.match("[0-9]+", match[1])
    if first is not None and _lacks_zero(first.group(), digits):
        count = f"{len(digits)} digits"
        return unknown(text, f'"{shown(stripped)}" has {count}: a 0 before it may be lost')
    if digits[:2] == "00":
        return unknown(text, f"{refused}: there is no chapter 00")
    return Understood(written=text, value=digits, how="a part of the heading" if partly else "")


def _lacks_zero(first: str, digits: str) -> bool:
    """Whether a code may have lost the zero that it began with; ``first`` are the digits before
    the first point or space. Chapter, heading and subheading have two digits each."""
    if digits.startswith("0") or len(digits) % 2 == 0 or len(first) % 2 == 0:
        return False
    return len(digits) != 9 or len(first) == 3


def _check_digit_fits(first: str, second: str, check: str) -> bool:
    total = sum(place * int(digit) for place, digit in enumerate(reversed(first + second), 1))
    return total % 10 == int(check)


def parse_cas(text: str) -> Understood:
    """A CAS registry number such as ``7429-90-5``, with its check digit verified.

    The method is that of the Chemical Abstracts Service: the digits from the right, each times its
    place, sum up to the check digit modulo ten.
    """
    stripped = text.strip()
    if not stripped:
        return BLANK
    body = _ascii_digits(stripped[: _LONGEST + 1])
    body = re.sub(r"^cas\b[\s.:#-]*(?:no|nr|number)?[\s.:#]*", "", body, flags=re.IGNORECASE)
    match = _CAS.fullmatch(body.replace(" ", ""))
    if match is None:
        return unknown(text, f'"{shown(stripped)}" is no CAS number')
    if match[1].startswith("0") or not _check_digit_fits(*match.groups()):
        return unknown(text, f'the check digit of "{shown(stripped)}" is wrong')
    return Understood(written=text, value="-".join(match.groups()))


def find_cas(text: str) -> tuple[str, ...]:
    """The valid CAS numbers inside a longer text, in their order, each once."""
    if "-" not in text and text.isascii():
        return ()
    searched = _ascii_digits(text[:_LONGEST_SEARCHED])
    found = (
        match.group()
        for match in _CAS.finditer(searched)
        if not match[1].startswith("0") and _check_digit_fits(*match.groups())
    )
    return tuple(dict.fromkeys(found))


_LIST_WORDS = frozenset(
    {
        "ECCN", "CCL", "AL", "AUSFUHRLISTE", "AUSFUHRLISTENNUMMER", "LISTENNUMMER", "ANHANG",
        "ANNEX", "ANNEXE", "ANEXO", "EK", "I", "EU", "EC", "EG", "UE", "AB", "DUAL-USE", "DUAL",
        "USE", "DU", "LIST", "LISTE", "LISTA", "ENTRY", "ITEM", "NO", "NR", "NUMBER", "NUMMER",
        "CODE", "CONTROL", "EXPORT", "CLASSIFICATION", "CATEGORY", "CATÉGORIE", "KATEGORIE",
        "KATEGORI", "CAT", "POS", "POSITION", "POSTE", "PART", "TEIL", "UK", "US", "WA",
        "MILITARY", "COMMON", "CML", "MUNITIONS", "2021/821", "428/2009",
    }
)  # fmt: skip
"""Words that name a control list before its entry."""
_ENTRY = re.compile(
    r"((?:[0-9] ?[A-E] ?[0-9]{3}|ML ?[0-9]{1,2}(?![0-9])|00[0-2][0-9]|EAR ?99|NLR|NONE|NIL)"
    r"[^\s,;(/]*)(?:\s*\([^()]*\))?"
)


def parse_control_code(text: str) -> Understood:
    """An entry of a control list (``1E001``, ``ML8``, ``5A992.c``, ``EAR99``), kept as text.

    Upper case, without blanks at the ends, and without the name of the list before an entry
    (``ECCN 2B231``, ``Annex I: 2B231``); what kind of entry it is, is not judged here.
    """
    stripped = " ".join(text[: _LONGEST + 1].split()).upper()
    if not stripped:
        return BLANK
    if len(text) > _LONGEST or not any(character.isalnum() for character in stripped):
        return unknown(text, f'"{shown(text)}" is no control code')
    entry = _ENTRY.fullmatch(_beyond_the_list(stripped))
    return Understood(written=text, value=entry[1].replace(" ", "") if entry else stripped)


def _beyond_the_list(stripped: str) -> str:
    """What stands behind the words that name a list."""
    words = stripped.replace(":", ": ").split()
    while len(words) > 1 and words[0].strip(".,:;()#-") in _LIST_WORDS:
        del words[0]
    return " ".join(words)


_LICENCE = re.compile(
    r"(?:(?:export|import|ausfuhr|ihracat)?[\s-]{0,2}"
    r"(?:licen[cs]e|permit|authori[sz]ation|lizenz|genehmigung|bewilligung|bescheid|autorisation"
    r"|licencia|permiso|autorizaci(?:ó|o)n|lisans|izin|izni|ruhsat|belge|лицензия|разрешение|رخصة"
    r"|ترخيص)?[\s-]{0,2}"
    r"(?:no|nr|num|number|numarası|numara|n°|nº|№|#|номер|رقم)?[\s.:#-]{0,3})"
    r"([A-Z0-9][A-Z0-9/._ -]{2,38})",
    re.IGNORECASE,
)
_DAY = re.compile(r"[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4}")


def parse_licence_number(text: str) -> Understood:
    """The number of a licence, such as ``Licence No. EX-2026/0012``, without the words before it.

    Three digits at least, and no more than a sign or two between them; a date is none.
    """
    stripped = text.strip()
    if not stripped:
        return BLANK
    refused = unknown(text, f'"{shown(stripped)}" is no number of a licence')
    body = _ascii_digits(stripped[:_LONGEST])
    if len(text) > _LONGEST or sum(character.isdigit() for character in body) < 3:
        return refused
    match = _LICENCE.fullmatch(body)
    if match is None or _DAY.fullmatch(match[1]):
        return refused
    words = [word for word in match[1].split() if not any(c.isdigit() for c in word)]
    if len(words) > 1 or any(len(word) > 4 for word in words):
        return refused
    return Understood(written=text, value=match[1].strip())
