"""Street addresses as keys under which two spellings of one address meet."""

from __future__ import annotations

import re
from functools import lru_cache

from redflags.values.address import without_post_box
from redflags.values.names import latin
from redflags.values.text import fold

_LONGEST = 300
"""No street address is longer; a longer text has no key."""

_WORDS: dict[str, str] = {}
for _canonical, _written in (
    ("street", "street str st straße strasse strase"),
    ("road", "road rd"),
    ("avenue", "avenue ave av avenida avda"),
    ("boulevard", "boulevard blvd boul bd bulvari bulvar bul blv bulv"),
    ("lane", "lane ln"),
    ("drive", "drive dr"),
    ("square", "square sq"),
    ("place", "place pl platz"),
    ("court", "court ct"),
    ("highway", "highway hwy"),
    ("estate", "estate est"),
    ("industrial", "industrial ind indus"),
    ("park", "park pk"),
    ("building", "building bldg bld bina binasi gebaude geb zdanie"),
    ("tower", "tower twr"),
    ("centre", "centre center ctr"),
    ("saint", "saint"),
    ("north", "north"),
    ("south", "south"),
    ("mahalle", "mah mahalle mahallesi mh"),
    ("cadde", "cad cd cadde caddesi"),
    ("sokak", "sok sk sokak sokagi"),
    ("apartman", "apt apartman apartmani"),
    ("site", "sitesi sit site"),
    ("organize", "organize org"),
    ("sanayi", "sanayi san"),
    ("ulitsa", "ul ulitsa ulica"),
    ("prospekt", "prospekt pr pr-t prosp"),
    ("shosse", "shosse sh"),
    ("pereulok", "pereulok per"),
    ("calle", "calle c"),
    ("rue", "rue r"),
    ("via", "via"),
    ("share", "share shari sharia shr"),
):
    for _word in _written.split():
        _WORDS[_word] = _canonical

_STREETS = frozenset(_WORDS.values()) - {"saint", "north", "south", "industrial"}
"""Words that name a kind of street or building and so say nothing by themselves."""

_UNITS = frozenset(
    fold(word)
    for word in (
        "unit", "suite", "ste", "flat", "apartment", "office", "ofis", "shop", "dükkan", "room",
        "rm", "daire", "büro", "oficina", "bureau", "local", "kv", "kvartira", "of", "ofis",
        "warehouse", "wh", "store", "stall", "dukkan",
    )
)  # fmt: skip
_FLOORS = frozenset({"floor", "fl", "kat", "etage", "stock", "og", "piso", "etazh", "level"})
_NUMBER_MARKS = frozenset(
    {"no", "nr", "num", "number", "nummer", "n", "numero", "kapi", "dom", "d"}
)
_LITTLE = frozenset({"the", "of", "and", "at", "de", "la", "del", "der", "p", "o"})

_NUMBERED = re.compile(r"(\d{1,6})([a-z]?)|([a-z])(\d{1,6})")
_BRITISH_POSTCODE = re.compile(r"\b[a-z]{1,2}\d[a-z\d]?\s?\d[a-z]{2}\b")
_DUTCH_POSTCODE = re.compile(r"\b[1-9]\d{3}\s[a-z]{2}\b")
_COUNTRY_POSTCODE = re.compile(r"\b(?:[a-z]{1,3})\s?-\s?(\d{4,6})\b", re.IGNORECASE)
_AMERICAN_POSTCODE = re.compile(r"\b[a-z]{2}\s\d{5}(?:\s\d{4})?\b")
_FOUR_DIGITS = frozenset(
    (
        "AT", "CH", "BE", "DK", "NO", "HU", "BG", "AU", "NZ", "NL", "LU", "CY", "GE", "AM", "SI",
        "LV", "ZA", "TN", "PH",
    )
)  # fmt: skip


@lru_cache(maxsize=65_536)
def street_address_key(text: str, city: str, country: str) -> str:
    """The key of a full street address; "" where the text is none.

    ``country`` is alpha-2 or "". Words stand in no order, so "Unit 4, 12 Harbour Road" and
    "12 Harbour Rd., Unit 4" meet; kinds of streets in their short and long forms are the same
    word, letters of other scripts are transliterated, and postal codes are left out because many
    addresses have none. A house number, a name and a town are needed: a post box, a town alone, a
    street without number, or a street whose town is not known is no address by this meaning.
    """
    if len(text) > _LONGEST or not any(character.isdigit() for character in text):
        return ""
    # The Turkish way of numbering a flat in a house: No: 5/3 is house 5, flat 3.
    cut = re.sub(r"(\d[a-zA-Z]?)\s?/\s?(\d{1,4})\b", r"\1 unit \2", without_post_box(text))
    plain = latin(_COUNTRY_POSTCODE.sub(" ", cut))
    towns = [_umlauts(word) for word in latin(city).split()]
    words = _without_postcode(plain, country)
    while words and _umlauts(words[-1]) in towns:
        words.pop()
    numbers, names = _parted(words, country)
    names = [word for word in names if word not in towns]
    telling = {word for word in names if word not in _STREETS and len(word) > 1}
    has_house = any(one[0].isdigit() or one[1:].isdigit() for one in numbers)
    if not has_house or not telling:
        return ""
    if not towns and ("," not in text and "\n" not in text and ";" not in text):
        return ""
    if not towns and len(telling) < 2:
        return ""
    whole = sorted({*names, *towns}) + sorted(numbers)
    return f"{country}|{' '.join(whole)}"


def _without_postcode(plain: str, country: str) -> list[str]:
    if country in ("GB", "", "IM", "JE", "GG"):
        plain = _BRITISH_POSTCODE.sub(" ", plain)
    if country == "NL":
        plain = _DUTCH_POSTCODE.sub(" ", plain)
    if country == "US":
        plain = _AMERICAN_POSTCODE.sub(" ", plain)
    words = plain.split()
    numbers = [word for word in words if word.isdigit()]
    longest = max((len(word) for word in numbers), default=0)
    drops = longest in (5, 6) or (longest == 4 and country in _FOUR_DIGITS)
    if drops and sum(any(letter.isdigit() for letter in word) for word in words) > 1:
        # The last number of that length is the postal code: a house number stands before it,
        # or, where the code stands first, is shorter.
        last = max(
            place for place, word in enumerate(words) if word.isdigit() and len(word) == longest
        )
        del words[last]
    return words


def _parted(words: list[str], country: str) -> tuple[list[str], list[str]]:
    """The numbers of an address with what they number, and its other words in one spelling."""
    numbers: list[str] = []
    names: list[str] = []
    place = 0
    while place < len(words):
        word = words[place]
        following = words[place + 1] if place + 1 < len(words) else ""
        marked = word in _UNITS or word in _FLOORS or (word in ("d", "k") and country == "TR")
        if marked and following in _NUMBER_MARKS and place + 2 < len(words):
            place += 1
            following = words[place + 1]
        if marked and _is_numbered(following):
            mark = "f" if word in _FLOORS or word == "k" else "u"
            numbers.append(mark + following.lstrip("0"))
            place += 2
            continue
        if word.isdigit() and following in _FLOORS and place + 1 < len(words):
            numbers.append("f" + word)
            place += 2
            continue
        if re.fullmatch(r"\d{1,2}(?:st|nd|rd|th)", word) and following in _FLOORS:
            numbers.append("f" + word[:-2])
            place += 2
            continue
        if (
            word.isdigit()
            and following.isalpha()
            and len(following) == 1
            and place + 2 == len(words)
        ):
            numbers.append(word.lstrip("0") + following)
            place += 2
            continue
        if _is_numbered(word):
            numbers.append(word.lstrip("0") or "0")
        elif word not in _NUMBER_MARKS and word not in _LITTLE:
            names.extend(_one_spelling(word))
        place += 1
    return numbers, names


def _is_numbered(word: str) -> bool:
    return _NUMBERED.fullmatch(word) is not None


def _one_spelling(word: str) -> list[str]:
    """A word of an address as it is compared; a German street is parted from its kind."""
    known = _WORDS.get(word)
    if known is not None:
        return [known]
    for ending, kind in (("strasse", "street"), ("strase", "street"), ("str", "street"),
                         ("platz", "place")):  # fmt: skip
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return [_umlauts(word[: -len(ending)]), kind]
    return [_umlauts(word)]


def _umlauts(word: str) -> str:
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")
