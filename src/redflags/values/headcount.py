"""The size of a firm from a number of employees, as registers and customer files state it."""

from __future__ import annotations

import re

from redflags.values.measures import AT_LEAST, AT_MOST
from redflags.values.text import shown
from redflags.values.understood import Understood, unknown

CLASSES = ((10, "micro"), (50, "small"), (250, "medium"))
"""Fewer employees than the number: the class (Recommendation 2003/361/EC, Annex, article 2)."""

BY_STAFF_ALONE = "by the number of employees alone, whatever the turnover"

_LONGEST = 80
_NUMBER = r"[0-9]{1,3}(?:[., ' ][0-9]{3})+(?![0-9])|[0-9]{1,7}"
_STAFF = (
    r"employees?|staff|persons?|people|workers?|heads?|headcount|ftes?|mitarbeiter(?:innen|\*innen)?"
    r"|beschäftigte[nr]?|personen|ma|çalışan[ıi]?|kişi|personel|salariée?s?|employée?s?|personnes?"
    r"|effectif|empleados?|trabajadores|personas|сотрудник\w{0,3}|работник\w{0,3}|чел(?:овека?)?"
    r"|موظف\w{0,3}|عامل|عمال|员工|人"
)
_COUNT = re.compile(
    rf"(?:(?P<ahead>{_STAFF})\s?[:=-]?\s?)?(?:about|approx\.?|approximately|ca\.?|circa|etwa|rund|~)?"
    rf"\s?(?:(?P<least>{AT_LEAST})\s?|(?P<most>{AT_MOST}|fewer\sthan)\s?)?"
    rf"(?P<low>{_NUMBER})\s?(?P<plus>\+)?(?:\s?(?:[-–—]|to\b|bis\b|à(?!\w)|до\b)\s?(?P<high>{_NUMBER}))?"
    rf"\s?(?P<behind>{_STAFF})?\.?",
    re.IGNORECASE,
)


def size_of_staff(text: str) -> Understood | None:
    """The class of a firm with so many employees: ``7 employees``, ``11-50``, ``250+``.

    None where the text is no number of employees. A range over two classes and a bare number are
    unknown: the one says too little, and the other can be the key of a class.
    """
    spaced = " ".join(text.split())
    match = _COUNT.fullmatch(spaced) if len(text) <= _LONGEST else None
    if match is None:
        return None
    low, high = _whole(match["low"]), _whole(match["high"] or match["low"])
    is_open = match["least"] is not None or match["plus"] is not None
    is_named = match["ahead"] is not None or match["behind"] is not None
    if not is_named and match["high"] is None and match["most"] is None and not is_open:
        return unknown(text, f'of "{shown(spaced)}" it is not said that it counts employees')
    if match["most"] is not None:
        low = 0
        high -= 1 if match["most"].strip() in ("<", "under", "below") or _is_less(match) else 0
    if high < low:
        return None
    first, last = _class_of(low), "large" if is_open else _class_of(high)
    if first != last:
        return unknown(text, f'"{shown(spaced)}" reaches from {first} to {last}')
    return Understood(text, first, how=f'"{shown(spaced)}" is {first}', assumed=BY_STAFF_ALONE)


def _is_less(match: re.Match[str]) -> bool:
    words = " ".join(match["most"].lower().split())
    return words in ("less than", "fewer than", "weniger als", "unter", "moins de", "menos de")


def _whole(written: str) -> int:
    return int(re.sub(r"[^0-9]", "", written))


def _class_of(number: int) -> str:
    return next((name for below, name in CLASSES if number < below), "large")
