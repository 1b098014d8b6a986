"""Reference data with its loaders. Importing this reads nothing: each table is read when asked for.

Public facts and trade judgement, each file with its source, vintage and confidence
(:func:`sources`). Judgements are defaults that a user tunes.
"""

from __future__ import annotations

from redflags.reference.business import (
    BusinessLine,
    business_lines,
    business_terms,
    lines_of_classes,
)
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
    first_words_of_no_names,
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
from redflags.reference.headers import HeaderName, HeaderNames, header_key, header_names
from redflags.reference.lists import (
    LIST_TABLES,
    LegalLimit,
    disposable_mail_domains,
    free_mail_domains,
    legal_forms,
    legal_limit,
    legal_limits,
    list_table,
)
from redflags.reference.missing import ELSEWHERE, first_words_of_references, missing
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
from redflags.reference.rates import ECB, ecb_rates, rates_of, read_rates
from redflags.reference.suitability import Fit, fit
from redflags.reference.trades import TradeGoods, compound_endings, trade_goods, trade_words
from redflags.reference.units import currencies, units

__all__ = [
    "ECB",
    "ELSEWHERE",
    "LIST_TABLES",
    "BusinessLine",
    "ChoiceTable",
    "Family",
    "Fit",
    "FlagReason",
    "HeaderName",
    "HeaderNames",
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
    "disposable_mail_domains",
    "ecb_rates",
    "end_user_words",
    "families",
    "families_of_cas",
    "families_of_heading",
    "family_terms",
    "find_place",
    "first_words_of_no_names",
    "first_words_of_references",
    "fit",
    "flag_reasons",
    "free_mail_domains",
    "header_key",
    "header_names",
    "is_placeholder_name",
    "legal_forms",
    "legal_limit",
    "legal_limits",
    "lines_of_classes",
    "list_table",
    "missing",
    "observation_themes",
    "observations",
    "rates_of",
    "read_rates",
    "red_flag_catalogue",
    "region_name",
    "regions",
    "sources",
    "trade_goods",
    "trade_words",
    "units",
]
