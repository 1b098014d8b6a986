"""The work that all engines are given: the rules of ``engines.yaml`` as a small tree of conditions
on typed columns, and invented orders, once as texts and once as typed values.

Every field of every order is stated and understood. Most of the other engines know no third value,
so only then do they mean the same.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from redflags.rulebook import RuleBook, load_rules
from redflags.rulebook.tree import Condition, ListReference, Named, Test

if TYPE_CHECKING:
    import polars as pl

RULES = Path(__file__).parent / "engines.yaml"

GRAM, CENT = 10**6, 100
"""A gram in the units of a mass, and a cent in those of a sum of money."""


@dataclass(frozen=True)
class OneOf:
    """The text of a column is one of these."""

    column: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Mentions:
    """One of these phrases stands in the text of a column."""

    column: str
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class Compare:
    """A whole number (grams, cents) against a bound; ``sign`` is one of ``>``, ``>=``, ``<``,
    ``<=``."""

    column: str
    sign: str
    bound: int


@dataclass(frozen=True)
class Same:
    """Two columns of text are equal."""

    column: str
    other: str


@dataclass(frozen=True)
class Not:
    part: Node


@dataclass(frozen=True)
class Many:
    """``and`` or ``or`` of some parts."""

    word: str
    parts: tuple[Node, ...]


Leaf = OneOf | Mentions | Compare | Same
Node = Leaf | Not | Many

_SIGNS = {"at_least": ">=", "more_than": ">", "at_most": "<=", "less_than": "<"}


def rule_book() -> RuleBook:
    """The rules as this project reads them."""
    return load_rules([RULES], shipped=False)


def rules_as_tree(book: RuleBook) -> dict[str, Node]:
    """The same rules for all other engines, by id."""
    return {rule.id: _node(rule.when) for rule in book.rules}


def _node(condition: Condition) -> Node:
    if isinstance(condition, Named):
        return _node(condition.block)
    if isinstance(condition, Test):
        return _leaf(condition)
    parts = tuple(_node(part) for part in condition.parts)
    if condition.kind == "none":
        return Not(_many("or", parts))
    return _many("and" if condition.kind == "all" else "or", parts)


def _many(word: str, parts: tuple[Node, ...]) -> Node:
    return parts[0] if len(parts) == 1 else Many(word, parts)


def _leaf(test: Test) -> Node:
    column, operator, operand = test.field.replace(".", "_"), test.operator, test.operand
    if operator in ("not_in", "not_in_list", "is_not"):
        return Not(OneOf(column, _values(operand)))
    if operator in ("in", "in_list", "is"):
        return OneOf(column, _values(operand))
    if operator == "mentions":
        return Mentions(column, tuple(operand))
    if operator in ("same_as", "differs_from"):
        same = _many("or", tuple(Same(column, other.replace(".", "_")) for other in operand))
        return same if operator == "same_as" else Not(same)
    if operator == "between":
        low, high = map(_bound, operand)
        return Many("and", (Compare(column, ">=", low), Compare(column, "<=", high)))
    return Compare(column, _SIGNS[operator], _bound(operand))


def _values(operand: object) -> tuple[str, ...]:
    if isinstance(operand, ListReference):
        return tuple(sorted(entry.value for entry in operand.list.entries))
    return tuple(sorted(operand)) if isinstance(operand, frozenset) else (str(operand),)


def _bound(operand: object) -> int:
    size = GRAM if hasattr(operand, "dimension") else CENT
    whole, rest = divmod(operand.amount, size)  # type: ignore[attr-defined]
    if rest:
        raise ValueError("a bound of the comparison is a whole number of grams or cents")
    return int(whole)


def without_not(node: Node, negated: bool = False) -> Node:
    """The same condition with every negation pushed down to the tests."""
    if isinstance(node, Not):
        return without_not(node.part, not negated)
    if isinstance(node, Many):
        word = {"and": "or", "or": "and"}[node.word] if negated else node.word
        return Many(word, tuple(without_not(part, negated) for part in node.parts))
    if negated and isinstance(node, Compare):
        return Compare(
            node.column, {">": "<=", "<=": ">", ">=": "<", "<": ">="}[node.sign], node.bound
        )
    return Not(node) if negated else node


def _words(text: str) -> list[str]:
    return text.split()


COUNTRIES = _words(
    "TR AE CY KZ HK MY PA IN PK CN GE AM KG SY LY DE FR IT ES PT NL BE LU AT CH SE NO DK FI "
    "PL CZ SK HU RO BG GR GB IE US CA MX BR AR CL JP KR TW SG AU NZ ZA EG MA IL"
)
TRADES = _words(
    "mobile-phone-shop electronics-retailer car-rental restaurant general-trading "
    "import-export commercial-agent garage-vehicle-repair auto-parts-dealer university "
    "hospital hairdresser-beauty web-design-microfirm jeweller money-exchange "
    "private-individual electronics-manufacturer electronics-distributor it-services "
    "paint-manufacturer chemical-distributor food-manufacturer airline hobby-shop "
    "research-institute freight-forwarder construction-company telecom-operator "
    "water-treatment metal-fabricator toy-company metals-trader machinery-trader online-shop "
    "hardware-store"
)
PAYMENTS = (["bank_transfer"] * 60 + ["open_account"] * 20 + ["card"] * 10
            + ["letter_of_credit"] * 5 + ["cash"] * 3 + ["crypto", "gold"])  # fmt: skip
WAYS = ["sea"] * 40 + ["road"] * 35 + ["rail"] * 10 + ["air"] * 10 + ["courier"] * 3 + [
    "hand_carry", "pickup"]  # fmt: skip
PLAIN_WORDS = _words(
    "office garden kitchen school hotel winter summer travel sports music paper cotton "
    "leather wooden plastic round square folding stacking outdoor children family standard "
    "economy premium"
)
PLAIN_GOODS = _words(
    "chair desk shelf lamp clock carpet curtain blanket pillow towel basket bucket ladder "
    "trolley notebook pencil envelope calendar puzzle doll bicycle helmet backpack umbrella "
    "jacket shirt trousers sandals gloves scarf mug plate bowl kettle toaster biscuits "
    "noodles jam honey juice"
)
UNITS = {"kg": 1000, "t": 10**6, "g": 1}
PRODUCT_TEXTS, FIRMS = 5000, 4000
PHRASE_SHARE = 0.06


def make_orders(count: int, seed: int = 7) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The orders as texts, columns named by field, and the same orders as typed values.

    Products, firms and countries repeat as they do in an export; quantities and values nearly
    never do.
    """
    import polars as pl

    pick = random.Random(seed)
    lists = rule_book().lists
    phrases = [entry.written for name in lists for entry in lists[name].entries
               if lists[name].kind == "text"]  # fmt: skip
    products = [_product(pick, phrases, number) for number in range(PRODUCT_TEXTS)]
    # A firm is a name, a country and a trade.
    firms = [(f"Example {_invented_name(number)} Ltd", pick.choice(COUNTRIES), pick.choice(TRADES))
             for number in range(FIRMS)]  # fmt: skip
    texts: dict[str, list[str]] = {path: [] for path in TEXT_COLUMNS}
    grams, cents = [], []
    for number in range(count):
        buyer, country, trade = pick.choice(firms)
        payer, paid_from = (buyer, country) if pick.random() < 0.95 else pick.choice(firms)[:2]
        receiver = country if pick.random() < 0.85 else pick.choice(COUNTRIES)
        mass = int(pick.lognormvariate(10.5, 1.6)) + 1  # grams; the median is 36 kg
        unit = "g" if mass < 2000 else "t" if mass > 5 * 10**6 else "kg"
        # Two decimals at most: with three, a number could be read in two ways.
        mass -= mass % (UNITS[unit] // 100 or 1)
        money = int(pick.lognormvariate(12.4, 1.5)) + 1  # cents; the median is 2,400 dollars
        row = (
            f"N-{number}", products[int(PRODUCT_TEXTS * pick.random() ** 1.5)], buyer, country,
            trade, receiver, payer, paid_from, pick.choice(PAYMENTS), pick.choice(WAYS),
            _decimal(mass, UNITS[unit]), unit, _decimal(money, 100), "USD",
        )  # fmt: skip
        for column, text in zip(texts.values(), row, strict=True):
            column.append(text)
        grams.append(mass)
        cents.append(money)
    written = pl.DataFrame(texts)
    typed = written.select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("number"),
        *(pl.col(path).alias(path.replace(".", "_")) for path in TYPED_TEXTS),
        pl.Series("quantity", grams, dtype=pl.Int64),
        pl.Series("value", cents, dtype=pl.Int64),
    )
    return written, typed


TYPED_TEXTS = ("product", "buyer.name", "buyer.country", "buyer.business", "consignee.country",
               "payer.name", "payer.country", "payment.method", "ship_via")  # fmt: skip
"""Columns whose texts stand for themselves: names are spelled in one way only."""

TEXT_COLUMNS = ("order_id", *TYPED_TEXTS, "quantity", "unit", "value", "currency")


def _product(pick: random.Random, phrases: list[str], number: int) -> str:
    words = [pick.choice(PLAIN_WORDS), pick.choice(PLAIN_WORDS), pick.choice(PLAIN_GOODS)]
    if pick.random() < PHRASE_SHARE:
        words.insert(pick.randrange(4), pick.choice(phrases))
    return f"{' '.join(words)} model {number}"


def _invented_name(number: int) -> str:
    """A number as a word of three syllables: shorter ones can be legal forms, such as OOD."""
    word = ""
    for _ in range(3):
        number, syllable = divmod(number, 75)
        word += "bdfgklmnprstvwz"[syllable // 5] + "aeiou"[syllable % 5]
    return word.title()


def _decimal(amount: int, size: int) -> str:
    """An amount in units of ``size``, written out exactly."""
    whole, rest = divmod(amount, size)
    if not rest:
        return str(whole)
    return f"{whole}.{str(rest).rjust(len(str(size)) - 1, '0').rstrip('0')}"


Hits = Mapping[str, list[int]]
"""For each rule the numbers of the orders on which it is true."""
