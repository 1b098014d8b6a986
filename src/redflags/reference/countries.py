"""Countries, their dial codes and their regions (ISO 3166-1, ISO 3166-2, ITU-T E.164)."""

from __future__ import annotations

from functools import cache

from redflags.reference.tables import read_rows, split_cell
from redflags.values.country import CountryTable


@cache
def countries() -> CountryTable:
    """The countries and territories of ISO 3166-1, and Kosovo (XK, by custom).

    Names are those of CLDR in English, Turkish, Arabic, Russian, German, French and Spanish, and
    others that people write. A name that stands in two rows (Congo, Korea) is ambiguous. Other
    codes are those of sport, road vehicles and customs that no ISO code collides with.
    """
    rows = []
    for alpha2, alpha3, numeric, name, *localised, others, codes in read_rows("countries"):
        names = dict.fromkeys((name, *localised, *split_cell(others)))
        rows.append((alpha2, alpha3, numeric, tuple(names), split_cell(codes)))
    return CountryTable(rows)


@cache
def dial_codes() -> dict[str, str]:
    """International dial codes (ITU-T E.164), digits only, and the country of each.

    A code that several countries share has the value "": it says nothing about the country.
    """
    return {row[0]: row[1] for row in read_rows("dial_codes")}
