"""Rows of a printed list that are no orders: totals, page numbers, drawn lines, the end."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from redflags.values.text import shown

if TYPE_CHECKING:
    import polars as pl

_TOTALS = (
    "total|totals|grand total|sub ?-?total|order total|overall total|report total|sum|"
    "summe|gesamt|gesamtsumme|zwischensumme|endsumme|gesamtergebnis|ergebnis|"
    "total général|total general|sous-total|somme|suma|"
    "toplam|genel toplam|ara toplam|итого|всего|合计|总计|小计|المجموع|الإجمالي|"
    "totale|totale generale|subtotale|total geral|totaal|eindtotaal|subtotaal|razem|ogółem|"
    "suma częściowa|"
    r"\*{1,5}"
)
_REMARKS = (
    r"page:? ?\d{1,6}(?: ?(?:of|/|von|de) ?\d{1,6})?|seite:? ?\d{1,6}(?: ?(?:von|/) ?\d{1,6})?|"
    r"página:? ?\d{1,6}|sayfa:? ?\d{1,6}|"
    r"[*=\-#_ ]{0,10}(?:end of (?:report|list|file|data)|ende der liste|listenende|"
    r"fin du rapport|fin del informe|rapor sonu)[*=\-#_. ]{0,10}|"
    r"\(?\d{1,9} (?:records?|rows?|lines?|entries|items|datensätze|zeilen|sätze|einträge|lignes|"
    r"filas|registros|kayıt|satır)(?: (?:selected|found|exported|affected|gefunden|selektiert|"
    r"seçildi))?\)?\.?|"
    r"(?:printed|created|generated|exported|prepared|compiled|approved|checked|gedruckt|erstellt|"
    r"geprüft|imprimé|préparé|établi|vérifié|elaborado|preparado|revisado|aprobado|preparato|"
    r"redatto|opgesteld|oluşturan)"
    r" (?:by|on|at|von|am|par|le|por|da|door)\b[^\n]{0,80}|"
    r"(?:hazırlayan|onaylayan|düzenleyen|составил[аи]?|подготовил[аи]?|утвердил[аи]?|"
    r"sporządził[ai]?|przygotował[ai]?|zatwierdził[ai]?|制表人?|制单人?|审核人?|أعده|أعدها|إعداد)"
    r"\s?[:：][^\n]{0,80}"
)
_MAYBE = re.compile(rf"\s*(?:(?:{_TOTALS})(?:\s*:|\s[^\n]{{0,30}})?|{_REMARKS})\s*", re.IGNORECASE)
_RULE = re.compile(r"[:+|]?[-=_*+─═—–]{2,}[:+|]?")
_LONGEST: Final = 120
_LONGEST_UNIT: Final = 12
_NUMBERS_ONLY = frozenset({"quantity", "unit", "value", "currency", "concentration", "line"})
"""Fields that a total may state."""


def looked_at(paths: Sequence[str]) -> tuple[str, ...]:
    """The fields, of those that a table has, by which such a row can be told: the order number
    and the first one. Empty where the table has too few for its rows to be told apart."""
    if len(paths) < 3:
        return ()
    return tuple(dict.fromkeys(path for path in ("order_id", paths[0]) if path in paths))


def no_order(texts: Mapping[str, str], looked: Sequence[str]) -> str:
    """Why the row of these texts, by field, is no order; empty if it is one.

    Its first text must say so, and it must state nothing beside that but numbers: a row that
    names goods or a party is an order, whatever its number.
    """
    if looked and _is_rule(texts):
        return "the row is a line of marks between others, no order"
    if looked and _is_of_units(texts):
        return "the row states units and nothing else, no order"
    for path in looked:
        text = texts[path]
        if len(text) > _LONGEST or _MAYBE.fullmatch(text) is None:
            continue
        if not any(_says_something(one) for name, one in texts.items() if _is_word(name, path)):
            return f"the row is a total or a remark of the list, no order: “{shown(text.strip())}”"
    return ""


def _is_rule(texts: Mapping[str, str]) -> bool:
    """Whether all cells that are not blank are drawn lines: ``---``, ``:--:``, ``====``."""
    cells = [text.strip() for text in texts.values()]
    given = [cell for cell in cells if cell]
    return any(len(cell) > 2 for cell in given) and all(map(_RULE.fullmatch, given))


def _is_of_units(texts: Mapping[str, str]) -> bool:
    """Whether nothing is given but words in columns of numbers, as where the units of the columns
    stand in a row below their names."""
    given = {path: text for path, text in texts.items() if text.strip()}
    return bool(given) and all(
        path in _NUMBERS_ONLY and len(text) <= _LONGEST_UNIT and not any(map(str.isdigit, text))
        for path, text in given.items()
    )


def _is_word(name: str, looked: str) -> bool:
    return name != looked and name not in _NUMBERS_ONLY


def _says_something(text: str) -> bool:
    return any(map(str.isalnum, text))


def maybe_no_orders(frame: pl.DataFrame, looked: Sequence[str]) -> pl.Series:
    """The places of the rows of a batch of which :func:`no_order` must be asked: those that say
    nothing in the column that says something in every order."""
    for path in ("product", *frame.columns):
        if path in frame.columns and all(_is_word(path, one) for one in looked):
            return (~frame[path].str.contains(r"[\p{L}\p{N}]")).arg_true()
    return frame[looked[0]].str.contains("").arg_true()
