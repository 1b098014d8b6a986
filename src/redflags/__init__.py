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
    from redflags.errors import ConfigurationError, InputError, RedflagsError, RuleBookError
    from redflags.model.cases import Case
    from redflags.model.report import Report
    from redflags.model.results import Assessment, Flag, Incomplete, Run
    from redflags.model.transaction import Party, Transaction
    from redflags.policy import Policy
    from redflags.rulebook import RuleBook, load_rules, parse_rules
    from redflags.screener import Screener
    from redflags.version import __version__

_HOMES = {
    "Assessment": "redflags.model.results",
    "Case": "redflags.model.cases",
    "ConfigurationError": "redflags.errors",
    "Flag": "redflags.model.results",
    "Incomplete": "redflags.model.results",
    "InputError": "redflags.errors",
    "Party": "redflags.model.transaction",
    "Policy": "redflags.policy",
    "RedflagsError": "redflags.errors",
    "Report": "redflags.model.report",
    "RuleBook": "redflags.rulebook",
    "RuleBookError": "redflags.errors",
    "Run": "redflags.model.results",
    "Screener": "redflags.screener",
    "Transaction": "redflags.model.transaction",
    "__version__": "redflags.version",
    "load_rules": "redflags.rulebook",
    "parse_rules": "redflags.rulebook",
}

__all__ = [
    "Assessment",
    "Case",
    "ConfigurationError",
    "Flag",
    "Incomplete",
    "InputError",
    "Party",
    "Policy",
    "RedflagsError",
    "Report",
    "RuleBook",
    "RuleBookError",
    "Run",
    "Screener",
    "Transaction",
    "__version__",
    "load_rules",
    "parse_rules",
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
