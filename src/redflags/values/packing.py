"""Quantities with their packing: ``6 x 25 kg``, ``792 drums of 60 kg``, ``24 - 12 oz bottles``.

A text is read as a row of signs, one letter each, and the row is looked up in a table of forms
(:data:`_FORMS`). What fits no form is unknown; what fits one that can mean two things is unknown
too, and says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from redflags.values.amounts import LARGEST, Quantity, format_quantity, measured, quantity_of
from redflags.values.number import parse_number, plain_number
from redflags.values.packages import one_of
from redflags.values.text import fold, shown
from redflags.values.understood import Understood, unknown
from redflags.values.units import Unit, UnitTable

_MOST_SIGNS = 24
_MOST_WORDS = 6

_NET = (
    "net", "netto", "nett", "nt", "n.w.", "net weight", "net wt", "netto gewicht", "nettogewicht",
    "poids net", "peso neto", "net ağırlık", "нетто", "صافي", "weight", "wt", "gewicht",
)  # fmt: skip
_GROSS = (
    "gross", "brutto", "g.w.", "gross weight", "gross wt", "bruttogewicht", "poids brut",
    "peso bruto", "brüt", "brüt ağırlık", "брутто", "إجمالي",
)  # fmt: skip
_SIGNS = {
    **{fold(word): "o" for word in ("of", "a", "à", "de", "d'", "von", "zu", "zu je", "je", "mit",
                                    "with", "containing", "of about", "each of", "по", "di",
                                    "da", "po", "van", "contenant", "içeren", "each containing")},
    **{fold(word): "e" for word in ("each", "ea", "ea.", "apiece", "per piece", "jeweils",
                                    "chacun", "chacune", "cada uno", "cada una", "c/u", "her biri",
                                    "каждый", "каждая", "لكل")},
    **{fold(word): "t" for word in ("total", "in total", "a total of", "total of", "totalling",
                                    "insgesamt", "gesamt", "zusammen", "toplam", "toplamda",
                                    "au total", "en total", "soit", "всего", "итого", "الإجمالي")},
    **{fold(word): "i" for word in ("in", "packed in", "en", "dans", "verpackt in", "içinde", "в")},
    **{fold(word): "p" for word in ("per", "pro", "par", "por", "başına", "на")},
    **{fold(word): "+" for word in ("and", "plus", "und", "et", "y", "ve", "и", "و")},
    **{fold(word): "-" for word in ("to", "bis", "until", "ila", "hasta", "до", "إلى")},
    **{fold(word): "n" for word in _NET},
    **{fold(word): "g" for word in _GROSS},
}  # fmt: skip
_SIGNS |= {fold(letter): "x" for letter in ("x", "х")}
_MARKS = {
    "x": "x", "X": "x", "×": "x", "*": "x", "х": "x", "Х": "x", "@": "o", "(": "(", ")": ")",
    "[": "(", "]": ")", "（": "(", "）": ")", "=": "t", "/": "p", ",": ",", ";": ",", ":": ",",
    "+": "+",
}  # fmt: skip

# One sign of a text: a number without spaces in it, a mark, a dash, or a run of words.
_PIECE = re.compile(
    r"(?P<number>(?:[.,٫]?\d[\d.,'’٬٫]*\d|[.,٫]?\d)[½¼¾]?|[½¼¾])"
    r"|(?P<times>[xX×*хХ](?=[\s\d]|$))"
    r"|(?P<dash>\s?[-–—]\s?)"
    r"|(?P<mark>[@()\[\]（）=/,;:+])"
    r"|(?P<words>(?:[^\d@()\[\]（）=/,;:+×*½¼¾\s–—-]|(?<=[^\W\d_])[-–](?=[^\W\d_]))"
    r"(?:[^\d@()\[\]（）=/,;:+×*½¼¾–—-]|(?<=[^\W\d_])[-–](?=[^\W\d_]))*)"
    r"|(?P<space>\s+)"
)
_VULGAR = {"½": Fraction(1, 2), "¼": Fraction(1, 4), "¾": Fraction(3, 4)}
_MINUS = re.compile(r"\s*[-−–](?=[\d.,])")
_GROUPED = re.compile(r"(?<![\d.,])(\d{1,3}(?:[ \u00a0\u202f]\d{3})+)(?![\d])")
_NAMED_BY_LENGTH = frozenset({"container", "tank", "pallet"})

# How much a package ordinarily holds, in base units of mass or volume (kilograms or litres times
# 10⁹), for texts such as “500 bags 50 kg” that do not say “each”. Judgement.
_HOLDS = {"bag": 60, "big-bag": 2000, "drum": 300, "barrel": 300, "jerrycan": 60, "ibc": 1500}
_LEAST_CONTENT = 2
_LEAST_IN_BIG_BAG = 100


@dataclass(frozen=True, slots=True)
class _Sign:
    """One sign of a text: its letter, and the number or the unit that it stands for."""

    letter: str
    number: Fraction = Fraction(0)
    unit: Unit | None = None
    text: str = ""


class _NotReadError(Exception):
    """Carries what an unreadable text is told as."""

    def __init__(self, found: Understood) -> None:
        super().__init__(found.why)
        self.found = found


def parse_packed(
    text: str, beside: str, units: UnitTable, decimal: str | None = None
) -> Understood | None:
    """A quantity stated with its packing, as a Quantity; None if the text has no such form.

    ``beside`` is the unit that stands in a column of its own, or is empty. It may be the unit of
    the packed amount or that of the packing. Raises nothing.
    """
    minus = _MINUS.match(text)
    try:
        signs = _signs(text if minus is None else text[minus.end() :], units, decimal)
        if beside:
            signs = _with_unit(text, signs, beside, units)
    except _NotReadError as reason:
        return reason.found
    if signs is None:
        return None
    if minus is not None and signs and signs[0].letter == "N":
        signs[0] = _Sign("N", -signs[0].number, text=signs[0].text)
    return _read(text, signs)


def parse_content(text: str, units: UnitTable, decimal: str | None = None) -> Understood | None:
    """How much one unit such as ``drum of 60 kg``, ``25-kg bag`` or ``24 - 12 oz bottles`` holds.

    None if the text says no such thing.
    """
    try:
        signs = _signs(text, units, decimal)
    except _NotReadError as reason:
        return reason.found
    if signs is None:
        return None
    one = _Sign("N", Fraction(1))
    letters = "".join(sign.letter for sign in signs)
    if letters in ("NM", "NMP", "NMpP"):
        return _of_signs(text, [signs[0]], signs[1])
    return _read(text, signs if signs[0].letter == "N" else [one, *signs])


def _signs(text: str, units: UnitTable, decimal: str | None) -> list[_Sign] | None:
    """The signs of a text; None if a part of it is no sign."""
    found: list[_Sign] = []
    body = _GROUPED.sub(lambda match: re.sub(r"\s", "\u02d9", match[1]), text.strip())
    body = body.replace("\u02d9", "'")
    place, last = 0, ""
    while place < len(body):
        match = _PIECE.match(body, place)
        if match is None or len(found) > _MOST_SIGNS:
            return None
        kind, piece = match.lastgroup, match.group()
        if (
            kind == "number"
            and last == "words"
            and not body[place - 1].isspace()
            and (body[place - 1] not in "xXхХ")
        ):
            return None  # a number of something: B12
        place, last = match.end(), kind or ""
        if kind == "number":
            found.append(_Sign("N", _number(text, piece, decimal), text=piece))
        elif kind == "times":
            found.append(_Sign("x"))
        elif kind == "mark":
            found.append(_Sign(_MARKS[piece]))
        elif kind == "dash":
            # Between words a hyphen only joins: 25-kg bag.
            found.append(_Sign("_" if len(piece) == 3 else "-"))
        elif kind == "words":
            words = _of_words(piece, units)
            if words is None:
                return None
            found += words
    return _tidy(found)


def _number(text: str, piece: str, decimal: str | None) -> Fraction:
    added = _VULGAR.get(piece[-1], Fraction(0))
    if added:
        piece = piece[:-1]
        if not piece:
            return added
    number = parse_number(piece, decimal)
    if number.value is None:
        raise _NotReadError(Understood(written=text, why=number.why, detail=number.detail))
    value: Fraction = number.value + added
    return value


def _of_words(text: str, units: UnitTable) -> list[_Sign] | None:
    """The signs of a run of words: the longest units and words of packing, from the left."""
    words = text.split()
    found: list[_Sign] = []
    start = 0
    while start < len(words):
        for end in range(min(len(words), start + _MOST_WORDS), start, -1):
            part = " ".join(words[start:end])
            sign = _SIGNS.get(fold(part))
            # A unit in a form of its own comes before a word: “je” is one, “ea” is the other.
            unit = units.find(part) if sign is None or sign == "e" else None
            if unit is not None and sign is None:
                found.append(_Sign("P" if unit.dimension == "count" else "M", unit=unit, text=part))
            elif sign is not None:
                found.append(_Sign(sign, unit=unit))
            else:
                continue
            start = end
            break
        else:
            joined = words[start].split("-") if "-" in words[start] else []
            if len(joined) < 2 or not all(joined):
                return None
            words[start : start + 1] = joined
    return found


def _tidy(signs: list[_Sign]) -> list[_Sign]:
    """The signs without those that change nothing: net, a hyphen before a unit, a comma."""
    kept: list[_Sign] = []
    for place, sign in enumerate(signs):
        follows = signs[place + 1].letter if place + 1 < len(signs) else ""
        before = kept[-1].letter if kept else ""
        if sign.letter in "n," or (sign.letter in "-_" and (follows in "MPn" or before in "MP(")):
            if sign.letter in "-_" and before in "MP" and follows == "N":
                kept.append(sign)  # 10 kg - 12 kg
            continue
        if sign.letter == "P" and before == "M" and kept[-1].unit is not None:
            named = sign.unit is not None and sign.unit.id in _NAMED_BY_LENGTH
            if named and kept[-1].unit.dimension == "length" and len(kept) > 1:
                # A 40' container is a container.
                del kept[-2:]
                if kept and kept[-1].letter == "x":
                    kept.pop()
        kept.append(sign)
    while len(kept) > 2 and kept[-1].letter == "t":
        kept.pop()  # 500 kg total
    return kept


def _with_unit(
    text: str, signs: list[_Sign] | None, beside: str, units: UnitTable
) -> list[_Sign] | None:
    """The signs with the unit that stands beside them, where they lack one."""
    if signs is None:
        return None
    stated = units.find(beside)
    if stated is None:
        raise _NotReadError(unknown(text, f'"{shown(beside)}" is no unit that is known', "unit"))
    own = {sign.unit.id for sign in signs if sign.unit is not None}
    if stated.id in own:
        return signs
    is_open = bool(signs) and signs[-1].letter == "N"
    if is_open and not any(sign.letter == "M" for sign in signs):
        return [*signs, _Sign("P" if stated.dimension == "count" else "M", unit=stated)]
    packages = any(sign.letter == "P" for sign in signs)
    if stated.is_package and not packages:
        return signs
    inside = shown(text.strip())
    why = f'the quantity says "{inside}" and the unit says "{shown(beside)}"'
    raise _NotReadError(unknown(text, why, "quantity", "unit"))


def _read(text: str, signs: list[_Sign]) -> Understood | None:
    gross = any(sign.letter == "g" for sign in signs)
    signs = [sign for sign in signs if sign.letter != "g"]
    letters = "".join(sign.letter for sign in signs)
    for form, read in _FORMS:
        if form.fullmatch(letters):
            found = read(text, signs)
            if gross and found is not None and found.value is not None:
                said = "the weight is gross, packing included"
                assumed = "; ".join(part for part in (found.assumed, said) if part)
                return Understood(written=text, value=found.value, how=found.how, assumed=assumed)
            return found
    return None


def _of_signs(
    text: str, numbers: list[_Sign], unit_sign: _Sign, assumed: str = ""
) -> Understood | None:
    """The product of some numbers in a unit, the last number being that of the unit."""
    unit = unit_sign.unit
    assert unit is not None
    each = measured(text, numbers[-1].number, unit, "", assumed)
    if each.value is None or len(numbers) == 1:
        return each
    if unit.dimension == "length" and len(numbers) > 2:
        return None  # the sides of something
    if any(one.number < 0 for one in numbers[1:]):
        return None
    count = Fraction(1)
    for one in numbers[:-1]:
        count *= one.number
    amount = round(count * each.value.amount)
    if abs(amount) >= LARGEST:
        return unknown(text, f'"{shown(text)}" is too large')
    total = quantity_of(unit, amount, count * numbers[-1].number)
    times = " × ".join([plain_number(one.number) for one in numbers[:-1]])
    return Understood(
        written=text,
        value=total,
        how=f"{times} × {format_quantity(each.value)} = {format_quantity(total)}",
        assumed=each.assumed,
    )


def _by_letter(signs: list[_Sign], letter: str) -> list[_Sign]:
    return [sign for sign in signs if sign.letter == letter]


def _product(text: str, signs: list[_Sign]) -> Understood | None:
    """All numbers multiplied, in the unit of measure, or in the last package."""
    numbers = _by_letter(signs, "N")
    measures = _by_letter(signs, "M")
    if measures:
        # The number that stands before the unit of measure is the one it belongs to.
        place = signs.index(measures[0])
        own = signs[place - 1]
        others = [sign for sign in numbers if sign is not own]
        return _of_signs(text, [*others, own], measures[0])
    packages = _by_letter(signs, "P")
    return _of_signs(text, numbers, packages[-1]) if packages else None


def _stated_twice(text: str, signs: list[_Sign]) -> Understood | None:
    """``10 x 25 kg = 250 kg``: what is multiplied out, if the stated total agrees."""
    place = next(place for place, sign in enumerate(signs) if sign.letter == "t")
    product, total = _product(text, signs[:place]), _product(text, signs[place:])
    return product if _agree(product, total) else _two_amounts(text, product, total)


def _agree(one: Understood | None, other: Understood | None) -> bool:
    """Whether two amounts are the same within two per cent."""
    if one is None or other is None or one.value is None or other.value is None:
        return False
    if one.value.dimension != other.value.dimension:
        return False
    return bool(abs(one.value.amount - other.value.amount) * 50 <= abs(one.value.amount))


def _two_amounts(text: str, one: Understood | None, other: Understood | None) -> Understood | None:
    if one is None or other is None or one.value is None or other.value is None:
        return None
    first, second = format_quantity(one.value), format_quantity(other.value)
    return unknown(text, f'"{shown(text.strip())}" states two amounts: {first} and {second}')


def _total(text: str, signs: list[_Sign]) -> Understood | None:
    """The amount in the unit of measure, whatever it is packed in."""
    measure = _by_letter(signs, "M")[0]
    return _of_signs(text, [signs[signs.index(measure) - 1]], measure)


def _dashed(text: str, signs: list[_Sign]) -> Understood | None:
    """``24 - 12 oz bottles``: so many packages of so much, unless it looks like a range."""
    count, each = _by_letter(signs, "N")
    if count.number < each.number <= 2 * count.number:
        why = f'"{shown(text.strip())}" can be a range or packages of {plain_number(each.number)}'
        return unknown(text, why)
    return _product(text, signs)


def _range(text: str, signs: list[_Sign]) -> Understood:
    return unknown(text, f'"{shown(text.strip())}" is a range')


def _open(text: str, signs: list[_Sign]) -> Understood | None:
    """A package count and an amount, of which it is not said whether it is each or all."""
    count, package = signs[0], _by_letter(signs, "P")[0]
    measure = _by_letter(signs, "M")[0]
    own = signs[signs.index(measure) - 1]
    assert package.unit is not None
    assert measure.unit is not None
    if count.number == 1:
        return _of_signs(text, [own], measure)
    holds = _HOLDS.get(package.unit.id)
    if holds is not None and count.number > 0 and measure.unit.dimension in ("mass", "volume"):
        amount = own.number * measure.unit.factor / 10**9
        noun = one_of(package.unit.symbol)
        least = _LEAST_IN_BIG_BAG if package.unit.id == "big-bag" else _LEAST_CONTENT
        if amount <= holds and amount / count.number < least:
            return _of_signs(
                text,
                [count, own],
                measure,
                f"{plain_number(own.number)} {measure.unit.symbol} is taken as the content of "
                f"each {noun}",
            )
        if amount > 5 * holds and amount / count.number <= holds:
            return _of_signs(
                text,
                [own],
                measure,
                f"{plain_number(own.number)} {measure.unit.symbol} is taken as the content of "
                f"all {package.unit.symbol}",
            )
    stated = f"{plain_number(own.number)} {measure.unit.symbol}"
    return unknown(text, f'in "{shown(text.strip())}" {stated} can be all of it or each')


def _nested(text: str, signs: list[_Sign]) -> Understood | None:
    """``1 pallet (40 bags of 25 kg)``: of several pallets it is open whether each holds that."""
    if signs[0].number == 1:
        return _product(text, signs[1:])
    return unknown(text, f'what stands in brackets in "{shown(text.strip())}" can be all or each')


def _twice(text: str, signs: list[_Sign]) -> Understood | None:
    """The same amount in two units: the first counts if the second agrees within two per cent."""
    first_number, second_number = _by_letter(signs, "N")
    first, second = _by_letter(signs, "M")
    one = _of_signs(text, [first_number], first)
    other = _of_signs(text, [second_number], second)
    return one if _agree(one, other) else _two_amounts(text, one, other)


def _sum(text: str, signs: list[_Sign]) -> Understood | None:
    """``6 t 500 kg`` and ``1 t + 200 kg``: amounts of one dimension added up. Without a plus each
    has a smaller unit than the one before, and is less than one of that."""
    parts = [
        (signs[place - 1], sign) for place, sign in enumerate(signs) if sign.letter in ("M", "P")
    ]
    each = [_of_signs(text, [number], unit) for number, unit in parts]
    if any(one is None or one.value is None for one in each):
        return next(one for one in each if one is None or one.value is None)
    values: list[Quantity] = [one.value for one in each if one is not None]
    if (
        values[0].amount < 0
        or len({value.dimension for value in values}) > 1
        or (values[0].dimension == "count" and len({value.unit for value in values}) > 1)
    ):
        return None
    if not any(sign.letter == "+" for sign in signs):
        for (_, unit), value in zip(parts, values[1:], strict=False):
            assert unit.unit is not None
            if not 0 <= value.amount < unit.unit.factor:
                return _two_amounts(text, each[0], each[1])
    amount = sum(value.amount for value in values)
    if abs(amount) >= LARGEST:
        return unknown(text, f'"{shown(text)}" is too large')
    first = parts[0][1].unit
    assert first is not None
    number = Fraction(amount) / first.factor
    total = quantity_of(first, amount, number)
    told = " + ".join(format_quantity(value) for value in values)
    return Understood(
        written=text,
        value=total,
        how=f"{told} = {format_quantity(total)}",
        assumed="; ".join(dict.fromkeys(one.assumed for one in each if one and one.assumed)),
    )


def _content_only(text: str, signs: list[_Sign]) -> Understood:
    return unknown(
        text, f'"{shown(text.strip())}" says what one holds and not how many there are', "quantity"
    )


_Reader = Callable[[str, list[_Sign]], Understood | None]

_FORMS: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(form), read)
    for form, read in (
        (r"NM", _total),  # 500 kg net
        (r"NP", _product),
        (r"(?:NP?x)+NMP?", _product),  # 6 x 25 kg; 10 drums x 25 kg; 12 x 500 ml bottles
        (r"(?:NP?x)+NP?", _product),  # 10 boxes x 24 pieces
        (r"NMP?(?:xN)+P?", _product),  # 25 kg x 6 drums
        (r"NMpPxNP?", _product),  # 25 kg/bag x 10
        (r"(?:NP?[ox])+NMP?e?", _product),  # 792 drums of 60 kg; 5 cases of 12 bottles of 1 l
        (r"(?:NP[ox])+NPe?", _product),  # 5 cases of 12 bottles
        (r"NPNMP?(?:e|pP)", _product),  # 5 drums 200 l each; 10 bags, 25 kg/bag
        (r"NPNPe", _product),
        (r"NP\((?:o?NMP?(?:e|pP)|oNMP?)\)", _product),  # 5 drums (200 l each)
        (r"NP\((?:NP?[ox])+NMP?e?\)|NP\(NP\)|NM\(NP\)", _nested),  # 1 pallet (40 bags of 25 kg)
        (r"NNMP", _product),  # 40 25 kg bags
        (r"NMiNP", _total),  # 250 kg in 10 drums
        (r"NPt+NM|NP\(t+NM\)|NMt+NP?|NP\(NMt\)", _total),  # 10 drums = 2500 kg
        (r"(?:NP?[xo])+NMP?t+NM", _stated_twice),  # 10 x 25 kg = 250 kg
        (r"NM(?:\+?NM)+|NP(?:\+NP)+", _sum),  # 6 t 500 kg; 1 t + 200 kg
        (r"NM\(NM\)", _twice),  # 5 kg (11 lb)
        (r"N_NMP", _dashed),  # 24 - 12 oz bottles
        (r"N[-_]NM?P?|NMP?[-_]NMP?|NP[-_]NP", _range),  # 2-3 t
        (r"NPNMP?|NP\(NMP?\)|NPpNM", _open),  # 500 bags 50 kg; 10 drums (250 kg)
        (r"NM(?:P|pP)", _content_only),  # 25 kg bag
    )
)
"""The forms of a quantity with its packing. N is a number, M a unit of measure, P a package or
another unit that is counted, x times, + plus, o of, e each, t total, i in, p per, and _ a dash
with a space on both sides."""
