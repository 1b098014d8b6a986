"""Reference data with its loaders. Importing this reads nothing: each table is read when asked for.

Public facts and trade judgement, each file with its source, vintage and confidence
(:func:`sources`). Judgements are defaults that a user tunes.
"""

from __future__ import annotations

from redflags.reference.business import BusinessLine, Fit, business_lines, business_terms, fit
from redflags.reference.catalogue import (
    RedFlag,
    Source,
    base_facts,
    red_flag_catalogue,
    sources,
)
from redflags.reference.choices import (
    ChoiceTable,
    choice_names,
    choices,
    end_user_words,
    is_placeholder_name,
)
from redflags.reference.countries import countries, dial_codes
from redflags.reference.families import (
    Family,
    HeadingMatch,
    families,
    families_of_cas,
    families_of_heading,
    family_terms,
)
from redflags.reference.lists import (
    LIST_TABLES,
    LegalLimit,
    free_mail_domains,
    legal_forms,
    legal_limit,
    list_table,
)
from redflags.reference.observations import (
    FlagReason,
    Observation,
    Theme,
    flag_reasons,
    observation_themes,
    observations,
)
from redflags.reference.places import (
    Place,
    conflict_adjacent_regions,
    find_place,
    region_name,
    regions,
)
from redflags.reference.trades import TradeGoods, compound_endings, trade_goods, trade_words
from redflags.reference.units import currencies, units

__all__ = [
    "LIST_TABLES",
    "BusinessLine",
    "ChoiceTable",
    "Family",
    "Fit",
    "FlagReason",
    "HeadingMatch",
    "LegalLimit",
    "Observation",
    "Place",
    "RedFlag",
    "Source",
    "Theme",
    "TradeGoods",
    "base_facts",
    "business_lines",
    "business_terms",
    "choice_names",
    "choices",
    "compound_endings",
    "conflict_adjacent_regions",
    "countries",
    "currencies",
    "dial_codes",
    "end_user_words",
    "families",
    "families_of_cas",
    "families_of_heading",
    "family_terms",
    "find_place",
    "fit",
    "flag_reasons",
    "free_mail_domains",
    "is_placeholder_name",
    "legal_forms",
    "legal_limit",
    "list_table",
    "observation_themes",
    "observations",
    "red_flag_catalogue",
    "region_name",
    "regions",
    "sources",
    "trade_goods",
    "trade_words",
    "units",
]
