"""Concentrations: a share in parts per million and the basis on which it is stated."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class ShareBounds:
    """What is known of a share of which only bounds are stated: ``least`` and ``most``, None where
    that end is open. It is the ``detail`` of a concentration that is unknown for this reason."""

    least: Concentration | None = None
    most: Concentration | None = None


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

_BOUND = re.compile(
    rf"(?:[<>≤≥]=?|{_NUMBER}\s?[%٪％]?\s?(?:-|–|to|bis|à|до))\s{{0,2}}$", re.IGNORECASE
)


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

    Per cent, per mille and ppm are read; a bare number from 1 to 100 means per cent. A bare number
    below 1 can be per cent or the share itself, as spreadsheets store it, and is unknown. So are
    bounds and ranges (``min. 35 %``, ``68-70 %``), whose ``detail`` is a :class:`ShareBounds`, and
    grams per litre and other measures that are no share.
    """
    stripped = text.strip()
    if not stripped:
        return BLANK
    refused = unknown(text, f'"{shown(stripped)}" is no share')
    if len(text) > _LONGEST:
        return refused
    match = _STATED.fullmatch(stripped) or _PREFIXED.fullmatch(stripped)
    if match is None:
        return _about(text, stripped, decimal) or _bounded(text, stripped, decimal) or refused
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
    found = _share(text, groups["number"], per, basis, how, decimal)
    if not unit and found.value is not None and 0 < found.value.parts_per_million < 10_000:
        return unknown(
            text,
            f'"{shown(stripped)}" can be per cent or a share of one: it needs a per cent sign',
        )
    return found


_ABOUT = re.compile(
    r"(?:[~≈]|(?:ca|circa|approx|approximately|about|etwa|rund|zirka|environ|env|aprox|yaklaşık"
    r"|около|примерно|约)(?![^\W\d_])\.?)\s?",
    re.IGNORECASE,
)
AT_LEAST = (
    r"(?:[>≥]=?|(?:min|minimum|mind|mindestens|at\sleast|not\sless\sthan|more\sthan|above|over|über"
    r"|mehr\sals|en\saz|asgari|au\smoins|plus\sde|al\smenos|mínimo|más\sde|не\sменее|более|свыше"
    r"|мин)(?![^\W\d_])\.?:?)"
)
AT_MOST = (
    r"(?:[<≤]=?|(?:max|maximum|maximal|at\smost|up\sto|not\smore\sthan|less\sthan|below|under|unter"
    r"|höchstens|bis\szu|weniger\sals|en\sfazla|en\sçok|azami|au\splus|moins\sde|jusqu'à|como\smáximo"
    r"|máximo|menos\sde|не\sболее|менее|до|макс)(?![^\W\d_])\.?:?)"
)
_LEAST = re.compile(
    rf"{AT_LEAST}\s?(?P<before>.+)|(?P<after>.+?)\s?(?:\+|(?<![^\W\d_])min(?:imum)?\.?)",
    re.IGNORECASE,
)
_MOST = re.compile(
    rf"{AT_MOST}\s?(?P<before>.+)|(?P<after>.+?)\s?(?<![^\W\d_])max(?:imum)?\.?", re.IGNORECASE
)
_FROM_TO = re.compile(
    rf"(?P<sign>[%٪％]\s?)?(?P<least>{_NUMBER})\s?{_PER_CENT}?\s?(?:[-–—]|to\b|bis\b|à(?!\w)|до\b|ila\b)\s?(?P<most>.+)",
    re.IGNORECASE,
)


def _about(text: str, stripped: str, decimal: str | None) -> Understood | None:
    """A share that is stated as approximate."""
    about = _ABOUT.match(stripped)
    match = None if about is None else _STATED.fullmatch(stripped[about.end() :])
    if match is None:
        return None
    found = parse_concentration(match.group(), decimal)
    if found.value is None:
        return None
    return replace(found, written=text, assumed="the share is stated as approximate")


def _bounded(text: str, stripped: str, decimal: str | None) -> Understood | None:
    """An unknown share between stated bounds."""
    bounds: ShareBounds | None = None
    spaced = " ".join(stripped.split())
    if (match := _FROM_TO.fullmatch(spaced)) is not None:
        upper = f"{match['most']} %" if match["sign"] else match["most"]
        most, stated = _exact(upper, decimal), _STATED.fullmatch(upper)
        unit = (stated["unit"] if stated is not None else None) or "%"
        least = _exact(f"{match['least']} {unit}", decimal)
        if least is not None and most is not None:
            bounds = _between(replace(least, basis=most.basis), most)
    elif (match := _LEAST.fullmatch(spaced)) is not None:
        bounds = _open(_exact(match["before"] or match["after"], decimal), is_least=True)
    elif (match := _MOST.fullmatch(spaced)) is not None:
        bounds = _open(_exact(match["before"] or match["after"], decimal), is_least=False)
    if bounds is None:
        return None
    kind = "a range" if bounds.least is not None and bounds.most is not None else "a bound"
    return Understood(text, why=f'"{shown(stripped)}" is {kind} and no one share', detail=bounds)


def _between(least: Concentration, most: Concentration) -> ShareBounds | None:
    return ShareBounds(least, most) if least.parts_per_million < most.parts_per_million else None


def _open(share: Concentration | None, *, is_least: bool) -> ShareBounds | None:
    if share is None:
        return None
    return ShareBounds(least=share) if is_least else ShareBounds(most=share)


def _exact(text: str, decimal: str | None) -> Concentration | None:
    """The one share that a text states; None for all other texts."""
    stripped = text.strip()
    match = _STATED.fullmatch(stripped) or _PREFIXED.fullmatch(stripped)
    found = None if match is None else parse_concentration(stripped, decimal)
    value = None if found is None else found.value
    return value if isinstance(value, Concentration) else None


def find_concentration(text: str) -> Understood | None:
    """The one percentage stated inside a longer text; None if there is none.

    Two different ones, a range, or a bound such as ``> 12 %`` make it unknown, with the bounds as
    its ``detail`` (see :class:`ShareBounds`). Percentages of something else (moisture, iron, a
    discount, a tax) do not count.
    """
    searched = text[:_LONGEST_SEARCHED]
    shares: dict[Concentration, str] = {}
    for match in _WITHIN.finditer(searched):
        groups = match.groupdict()
        if _is_of_something_else(searched, match.start(), match.end()):
            continue
        before = _BOUND.search(searched[max(0, match.start() - 24) : match.start()])
        if before is not None:
            why = f'the text states a range at "{shown(match.group())}"'
            stated = f"{before.group()}{match.group()}".strip()
            return Understood(text, why=why, detail=_as_bounds(stated))
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


def _as_bounds(stated: str) -> ShareBounds | None:
    bounds = parse_concentration(stated).detail
    return bounds if isinstance(bounds, ShareBounds) else None


def _is_of_something_else(text: str, start: int, end: int) -> bool:
    return (
        _ELSE_BEFORE.search(text[max(0, start - _NEAR) : start]) is not None
        or _ELSE_AFTER.match(text[end : end + _NEAR]) is not None
    )


def format_concentration(concentration: Concentration) -> str:
    """The share for a reader: ``65 %``, with its basis where one is stated."""
    per_cent = plain_number(Fraction(concentration.parts_per_million, 10_000), 4)
    return f"{per_cent} % {concentration.basis}".strip()
