"""What kind of place an address is, where its own words say so."""

from __future__ import annotations

import re

_LONGEST = 500
"""No address is longer; what stands further on is not looked at."""

_POST_BOX = (
    r"\bp\.?\s?o\.?\s?-?box\b|\bpost\s?(?:office\s)?box\b|\bpostfach\b|\bbo[iî]te postale\b"
    r"|\b[bc]\.?p\.?\s?\d{2,}|\bapartado (?:postal|de correos)\b|\bcasilla (?:postal|de correo)\b"
    r"|\bcaixa postal\b|\bposta kutusu\b|\bp\.k\.\s?:?\s?\d+|\bа/я\b|\bабонентский ящик\b"
    r"|ص\s?\.\s?ب|صندوق بريد"
)

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            "free_zone",
            r"\bfree[\s-]?(?:trade[\s-])?zone\b|\bexport processing zone\b"
            r"|\bspecial economic zone\b|\bserbest b[öo]lge"
            r"|\bfreihandelszone\b|\bfreizone\b|\bzone franche\b|\bzona franca\b"
            r"|\bсвободная (?:экономическая )?зона\b|(?:ال)?منطقة (?:ال)?حرة",
        ),
        (
            "virtual_office",
            r"\bvirtual office\b|\bflexi[\s-]?desk\b|\bhot desk\b|\bsanal ofis\b|\bhazır ofis\b"
            r"|\bvirtuelles büro\b|\bbureau virtuel\b|\boficina virtual\b"
            r"|\bвиртуальный офис\b|مكتب افتراضي",
        ),
        (
            "mail_drop",
            r"\bpmb\s?#?\d+|\bprivate mail\s?box\b|\bmail ?drop\b|\bmail forwarding\b"
            r"|\bparcel (?:forwarding|locker)\b|\bposte restante\b|\bgeneral delivery\b"
            r"|\bpackstation\b|\bpostlagernd\b|\blista de correos\b|\bдо востребования\b",
        ),
        (
            "warehouse",
            r"\b(?:bonded|customs) (?:warehouse|store)\b|\bself[\s-]storage\b|\bstorage unit\b"
            r"|\bantrepo(?:su)?\b|\bgümrük deposu\b|\bzolllager\b|\bentrepôt sous douane\b"
            r"|\bdepósito (?:aduanero|franco)\b|\bтаможенный склад\b|مستودع جمركي",
        ),
        (
            "residential",
            r"\b(?:flat|apartment|apt\.?)\s(?:no\.?\s?)?\d+|\bprivate (?:address|residence|home)\b"
            r"|\bresidential address\b|\bhome address\b|\bstudent (?:residence|dormitory)\b"
            r"|\bwohnung\s\d+|\bprivatadresse\b|\bappartement\s\d+|\bdomicilio particular\b"
            r"|\bev adresi\b|\bкв\.\s?\d+",
        ),
    )
)
"""From the most telling kind to the least. Words that also stand in addresses of works and shops
(house, store, floor, office) decide nothing, and neither does a Turkish *daire* or *apartman*."""

_POST_BOX_PATTERN = re.compile(_POST_BOX, re.IGNORECASE)
_HOUSE_NUMBER = re.compile(r"(?<!\d)\d{1,3}[a-z]?(?!\w)", re.IGNORECASE)
_BOX_NUMBER = re.compile(
    # Germans write the number of a box in pairs: Postfach 10 20 30.
    r"\s{0,3}(?:no\.?|nr\.?|n[°º]|#|:)?\s{0,3}[a-z]?-?\d{1,8}(?:(?:\s\d\d){1,3}(?=\s{0,3}(?:,|$)))?",
    re.IGNORECASE,
)


def address_type(text: str) -> tuple[str, str] | None:
    """The kind of place and the words that say it, or None where the address does not say.

    The kinds are free_zone, virtual_office, mail_drop, warehouse, residential and po_box. A post
    box counts only where no house number stands beside it: a firm may have both.
    """
    cut = text[:_LONGEST]
    for kind, pattern in _PATTERNS:
        found = pattern.search(cut)
        if found is not None:
            return kind, found.group().strip()
    box = _POST_BOX_PATTERN.search(cut)
    if box is None or _HOUSE_NUMBER.search(without_post_box(cut)):
        return None
    return "po_box", box.group().strip()


def without_post_box(text: str) -> str:
    """The address without a post box and its number: a street beside it is left."""
    cut = text[:_LONGEST]
    box = _POST_BOX_PATTERN.search(cut)
    if box is None:
        return cut
    number = _BOX_NUMBER.match(cut, box.end())
    return cut[: box.start()] + " " + cut[number.end() if number is not None else box.end() :]
