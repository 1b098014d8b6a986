"""Rule files: YAML with places, a closed schema, packs, and the rule book made of them."""

from redflags.rulebook.loader import DEFAULT_PROFILE, load_rules, parse_rules
from redflags.rulebook.packs import shipped_rules
from redflags.rulebook.tree import Pack, Rule, RuleBook

__all__ = [
    "DEFAULT_PROFILE",
    "Pack",
    "Rule",
    "RuleBook",
    "load_rules",
    "parse_rules",
    "shipped_rules",
]
