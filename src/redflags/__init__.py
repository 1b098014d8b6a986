"""Supply-chain red flags: orders are checked against rule packs in YAML and come back as ranked,
explained alerts.

    from redflags import Screener, Transaction

    screener = Screener()
    order = Transaction.model_validate({"order_id": "1", "product": "aluminium paste", ...})
    assessment = screener.check(order)

A score orders urgency and is no probability; that no rule matched says nothing about an order
beyond what it states.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from redflags.arguments import Paths
    from redflags.errors import (
        CaseNotFoundError,
        ConfigurationError,
        InputError,
        OrderLinesError,
        OrderNotFoundError,
        RedflagsError,
        RuleBookError,
    )
    from redflags.explain.near import CloseRule, Explanation
    from redflags.intake import Mapping
    from redflags.intake.digests import OrderDigests
    from redflags.intake.mapping_file import read_mapping
    from redflags.model.cases import Case
    from redflags.model.notation import Notation
    from redflags.model.record import Record
    from redflags.model.report import Report
    from redflags.model.results import Assessment, Band, Flag, Incomplete, Run, Summary, WhatIf
    from redflags.model.transaction import Party, Transaction
    from redflags.policy import Policy
    from redflags.readers import Selection
    from redflags.reference.rates import read_rates
    from redflags.rulebook import RuleBook, load_rules, parse_rules
    from redflags.screener import Engine, Screener
    from redflags.values.exchange import RateTable
    from redflags.version import __version__
    from redflags.writers import write_report

_HOMES = {
    "Assessment": "redflags.model.results",
    "Band": "redflags.model.results",
    "Case": "redflags.model.cases",
    "CaseNotFoundError": "redflags.errors",
    "CloseRule": "redflags.explain.near",
    "ConfigurationError": "redflags.errors",
    "Engine": "redflags.screener",
    "Explanation": "redflags.explain.near",
    "Flag": "redflags.model.results",
    "Incomplete": "redflags.model.results",
    "InputError": "redflags.errors",
    "Mapping": "redflags.intake",
    "Notation": "redflags.model.notation",
    "OrderDigests": "redflags.intake.digests",
    "OrderLinesError": "redflags.errors",
    "OrderNotFoundError": "redflags.errors",
    "Party": "redflags.model.transaction",
    "Paths": "redflags.arguments",
    "Policy": "redflags.policy",
    "RateTable": "redflags.values.exchange",
    "Record": "redflags.model.record",
    "RedflagsError": "redflags.errors",
    "Report": "redflags.model.report",
    "RuleBook": "redflags.rulebook",
    "RuleBookError": "redflags.errors",
    "Run": "redflags.model.results",
    "Screener": "redflags.screener",
    "Selection": "redflags.readers",
    "Summary": "redflags.model.results",
    "Transaction": "redflags.model.transaction",
    "WhatIf": "redflags.model.results",
    "__version__": "redflags.version",
    "load_rules": "redflags.rulebook",
    "parse_rules": "redflags.rulebook",
    "read_mapping": "redflags.intake.mapping_file",
    "read_rates": "redflags.reference.rates",
    "write_report": "redflags.writers",
}

__all__ = [
    "Assessment",
    "Band",
    "Case",
    "CaseNotFoundError",
    "CloseRule",
    "ConfigurationError",
    "Engine",
    "Explanation",
    "Flag",
    "Incomplete",
    "InputError",
    "Mapping",
    "Notation",
    "OrderDigests",
    "OrderLinesError",
    "OrderNotFoundError",
    "Party",
    "Paths",
    "Policy",
    "RateTable",
    "Record",
    "RedflagsError",
    "Report",
    "RuleBook",
    "RuleBookError",
    "Run",
    "Screener",
    "Selection",
    "Summary",
    "Transaction",
    "WhatIf",
    "__version__",
    "load_rules",
    "parse_rules",
    "read_mapping",
    "read_rates",
    "write_report",
]


def __getattr__(name: str) -> Any:
    # Each name is imported when it is first used, so that `import redflags` costs little.
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'redflags' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
