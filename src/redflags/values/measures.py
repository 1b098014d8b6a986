"""Concentrations: a share in parts per million and the basis on which it is stated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from redflags.values.number import parse_number, plain_number
from redflags.values.text import shown
from redflags.values.understood import BLANK, Understood, unknown

_LONGEST = 120
_LONGEST_SEARCHED = 10_000


@dataclass(frozen=True, slots=True)
class Concentration:
    """A share in parts per million.

    ``basis`` is "w/w", "v/v", "nitrogen" (the share of the element N), or "" where none is stated.
    """

    parts_per_million: int
    basis: str = ""


_NUMBER = r"[0-9٠-٩۰-۹]{1,12}(?:[.,٫][0-9٠-٩۰-۹]{1,12})?"
_PER_CENT = r"(?:[%٪％﹪]|per\s?cent\b|percent\b|prozent\b|pct\b|yüzde\b|pour\s?cent\b|por\s?ciento\b|процент\w{0,4}|بالمئة|بالمائة)"  # noqa: E501
_BASIS = r"(?:w\s?/\s?w|m\s?/\s?m|wt\.?|by\s+weight|by\s+mass|v\s?/\s?v|vol\.?|by\s+volume|n\b|nitrogen|stickstoff|azot\w?|w\s?/\s?v)"  # noqa: E501
_STATED = re.compile(
    rf"(?:(?P<lead>vol|wt|w/w|v/v|m/m|gew)\.?[\s-]*)?"
    rf"(?P<number>{_NUMBER})\s*-?\s*(?:(?P<inner>vol|wt|gew|m|v|w)\.?[\s-]*)?"
    rf"(?P<unit>{_PER_CENT}|ppm\b|‰)?\s*\(?(?P<basis>{_BASIS})?\)?\.?",
    re.IGNORECASE,
)
_PREFIXED = re.compile(rf"\s*[%٪％]\s*(?P<number>{_NUMBER})\s*", re.IGNORECASE)
_WITHIN = re.compile(
    rf"(?<![\w.,٫])(?P<number>{_NUMBER})\s?(?:(?P<inner>vol|wt|gew)\.?[\s-]?)?{_PER_CENT}"
    rf"(?:\s?\(?(?P<basis>{_BASIS})\)?)?"
    rf"|(?<![\w.,٫])[%٪％](?P<turned>{_NUMBER})(?![\w])",
    re.IGNORECASE,
)


# A percentage of something else than the substance: an impurity, a discount, a tax. The word stands
# right before or right after the percentage; water only after it, for acids come "in water 65 %".
_OF_ELSE = (
    r"moisture|humidity|ash|iron|chlorides?|impurit(?:y|ies)|insolubles?|residue|loss|"
    r"discount|vat|gst|tax|deposit|prepay\w*|advance|down\s?payment|tolerance|"
    r"feucht\w*|asche|eisen|chlorid|rabatt|skonto|mwst|ust|anzahlung|"
    r"humidit[eé]|cendres|fer|chlorure|remise|rabais|tva|acompte|"
    r"humedad|cenizas|hierro|cloruro|descuento|iva|anticipo|"
    r"nem|rutubet|kül|demir|klor[uü]r|indirim|iskonto|kdv|peşin|"
    r"влажност\w*|влаг[аи]|зол[аы]|желез[оа]|скидк\w*|ндс|предоплат\w*|"
    r"رطوبة|خصم|ضريبة|水分|折扣|增值税"
)
_WATER = r"|water|wasser|eau|agua|su|вод[аы]|ماء|off|free|gratis"
_ELSE_BEFORE = re.compile(
    rf"(?<!\w)(?:{_OF_ELSE})(?:\s(?:content|gehalt|max\w*|min\w*|of|de|von)|[.:,=<≤]){{0,4}}\s?$",
    re.IGNORECASE,
)
_ELSE_AFTER = re.compile(
    rf"\s?(?:of\s|de\s|d')?(?:{_OF_ELSE}{_WATER})(?!\w|[\s-]?(?:free|frei))", re.IGNORECASE
)
_NEAR = 32

_BOUND = re.compile(r"(?:[<>≤≥]|[0-9%]\s?(?:-|–|to|bis|à|до))\s{0,2}$")


def _basis(*words: str | None) -> str | None:
    """The basis that the words state; None for a basis that is not a share (w/v)."""
    for word in words:
        key = re.sub(r"[\s.]", "", (word or "").lower())
        if not key:
            continue
        if key == "w/v":
            return None
        if key in ("n", "nitrogen", "stickstoff") or key.startswith("azot"):
            return "nitrogen"
        if key in ("v/v", "vol", "v", "byvolume"):
            return "v/v"
        return "w/w"
    return ""


def _share(
    written: str, digits: str, per: int, basis: str, how: str, decimal: str | None
) -> Understood:
    # A share has at most three digits before the mark: "3.000 %" cannot be three thousand.
    number = parse_number(digits, decimal)
    value = number.value
    if value is None and isinstance(number.detail, tuple):
        value = next((reading for reading in number.detail if reading * per <= 10**6), None)
    if value is None:
        return unknown(written, number.why)
    if value < 0 or value * per > 10**6:
        return unknown(written, f'"{shown(written.strip())}" is no share of a whole')
    return Understood(written, Concentration(round(value * per), basis), how=how)


def parse_concentration(text: str, decimal: str | None = None) -> Understood:
    """A concentration as parts per million with its basis.

    Per cent, per mille and ppm are read; a bare number from 0 to 100 means per cent. Grams per
    litre and other measures that are no share are unknown.
    """
    stripped = text.strip()
    if not stripped:
        return BLANK
    refused = unknown(text, f'"{shown(stripped)}" is no share')
    if len(text) > _LONGEST:
        return refused
    match = _STATED.fullmatch(stripped) or _PREFIXED.fullmatch(stripped)
    if match is None:
        return refused
    groups = match.groupdict()
    if match.re is _PREFIXED:
        return _share(text, groups["number"], 10_000, "", "", decimal)
    if groups["inner"] and not groups["unit"]:
        return refused
    basis = _basis(groups["basis"], groups["inner"], groups["lead"])
    if basis is None:
        return unknown(text, f'"{shown(stripped)}" is weight by volume, which is no share')
    unit = (groups["unit"] or "").lower()
    per = 1 if unit == "ppm" else 1_000 if unit == "‰" else 10_000
    how = "" if unit else "read as per cent"
    return _share(text, groups["number"], per, basis, how, decimal)


def find_concentration(text: str) -> Understood | None:
    """The one percentage stated inside a longer text; None if there is none.

    Two different ones, a range, or a bound such as ``> 12 %`` make it unknown. Percentages of
    something else (moisture, iron, a discount, a tax) do not count.
    """
    searched = text[:_LONGEST_SEARCHED]
    shares: dict[Concentration, str] = {}
    for match in _WITHIN.finditer(searched):
        groups = match.groupdict()
        if _is_of_something_else(searched, match.start(), match.end()):
            continue
        if _BOUND.search(searched[max(0, match.start() - 20) : match.start()]):
            return unknown(text, f'the text states a range at "{shown(match.group())}"')
        basis = _basis(groups["basis"], groups["inner"])
        share = _share(match.group(), groups["number"] or groups["turned"], 10_000, basis or "",
                       "", None)  # fmt: skip
        if basis is not None and share.value is not None:
            shares.setdefault(share.value, match.group())
    if not shares:
        return None
    if len({share.parts_per_million for share in shares}) > 1:
        said = " and ".join(shown(words) for words in list(shares.values())[:3])
        return unknown(text, f"the text states {said}")
    best = max(shares, key=lambda share: share.basis != "")
    return Understood(text, best, how=f'"{shown(shares[best])}" in the text')


def _is_of_something_else(text: str, start: int, end: int) -> bool:
    return (
        _ELSE_BEFORE.search(text[max(0, start - _NEAR) : start]) is not None
        or _ELSE_AFTER.match(text[end : end + _NEAR]) is not None
    )


def format_concentration(concentration: Concentration) -> str:
    """The share for a reader: ``65 %``, with its basis where one is stated."""
    per_cent = plain_number(Fraction(concentration.parts_per_million, 10_000), 4)
    return f"{per_cent} % {concentration.basis}".strip()
