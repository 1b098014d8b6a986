"""Do the engines say the same? Random rule books and orders, verdict against verdict.

    python benchmarks/agreement.py [--decisions N] [--seed N] [--orders FILE]

A decision is one rule on one order: true, unknown or false. Every field, operator and kind of the
rule language is drawn, with values that are missing, odd, huge, negative, empty, written from right
to left, or of another measure than the rule's. The judge is the reference. The exit code is 1 if
any verdict differs. At the end stands what one order costs with the shipped packs, over the orders
of FILE: the verdicts alone, without reading, scoring and explaining.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redflags import Transaction
from redflags.engine.durable import DurableEngine, EngineError
from redflags.engine.judge import Judge, Verdicts
from redflags.model import Record
from redflags.model.fields import Field, field_table
from redflags.model.record import record_of
from redflags.rulebook import RuleBook, load_rules, parse_rules
from redflags.rulebook.operators import OPERATORS, fitting_operators

ORDERS = Path(__file__).parents[1] / "tests" / "cases" / "orders.csv"
RULES_OF_A_BOOK = 40
TABLES_OF_A_BOOK = 5
ORDERS_OF_A_TABLE = 50

Order = dict[str, str]

ODD = ["", " ", "0", "-1", "1e400", "1e-07", "nan", "inf", "x" * 70_000, "\u202egnp.exe", "\x00",
       "NO", "NA", "'\"\\", "مسحوق الألومنيوم", "６ ｔ", "9" * 400, "None", "unknown"]  # fmt: skip

VALUES: dict[str, list[str]] = {
    "quantity": ["100 kg", "99,999.5 g", "99.999 kg", "6 t", "500 g", "-5 t", "40 pieces", "0 kg",
                 "200 l", "6", "9000000 t", "8000 t", "1 mg", "2 drums", "3 m", "100 kg", "7,5 kg"],
    "money": ["18000 USD", "18000 EUR", "0 USD", "-1 USD", "900000000000 USD", "18000.01 USD",
              "10000 USD", "17999.9999 USD"],
    "concentration": ["65 %", "12 %", "12 % w/w", "33.5 % N", "0 %", "100 %", "3 ppm", "35 % v/v"],
    "age": ["2 years", "24 months", "90 days", "1 day", "12 weeks", "23 months"],
    "date": ["2015-07-01", "2014-01-01", "2022-02-24", "1999-12-31", "2024-02-29"],
    "country": ["TR", "GB", "SY", "NO", "NA", "DE"],
    "region": ["TR-63", "TR-47", "UA-14", "DE-BE"],
    "text": ["aluminium paste", "urea", "small turbojet engine", "hydrogen peroxide 50 %",
             "rocket salad seeds", "nitric acid 65 %", "UAV autopilot", "paste, aluminium"],
    "name": ["Example One Ltd", "EXAMPLE ONE", "Örnek İki A.Ş.", "Someone Else GmbH"],
    "identifier": ["A-1", "a 1", "IMO 9074729"],
    "phone": ["+90 212 000 00 00", "+1 202 555 0100"],
    "email": ["sales@example.com", "buyer@gmail.com"],
    "domain": ["example.com", "gmail.com"],
    "website": ["https://example.com", "example.org"],
    "tariff-code": ["321290", "3212", "7603", "010121", "760310"],
    "cas": ["57-13-6", "7722-84-1", "7429-90-5"],
    "control-code": ["1E001", "ML10", "ML1", "1C111"],
    "business": ["mobile-phone-shop", "general-trading", "university", "paint-manufacturer"],
    "family": ["aluminium-paste", "urea", "hydrogen-peroxide", "turbojet-engine", "nitric-acid"],
}  # fmt: skip
"""Values of each kind, as an order or a rule states them."""

LISTS: dict[str, Any] = {
    "country": [
        "TR",
        {"value": "SY", "from": "2015-01-01"},
        {"value": "NO", "until": "2015-07-01"},
    ],
    "region": ["TR-63", "UA-14"],
    "business": ["mobile-phone-shop", "general-trading"],
    "family": ["urea", {"value": "aluminium-paste", "from": "2015-07-01"}],
    "tariff-code": ["3212", "760310"],
    "control-code": ["1E", "ML1"],
    "name": ["Example One", "Someone Else"],
}
LISTS = {
    kind: {"kind": kind, "source": "judgement", "entries": entries}
    for kind, entries in LISTS.items()
}


class Generator:
    """Rule books and orders from one seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._fields = [field for path, field in sorted(field_table().items())]
        # Orders and rules draw from the same few fields of a book, so that they meet.
        self._chosen: list[Field] = []

    def begin_book(self) -> None:
        """Choose the fields that the next book and its orders are about."""
        self._chosen = self._random.sample(self._fields, 25)
        common = ("product", "quantity", "buyer.business", "date", "buyer.country", "value")
        self._chosen += [field_table()[path] for path in common]

    def book(self) -> RuleBook:
        """A rule book about the chosen fields."""
        rules = [
            {
                "id": f"r{number}", "title": f"Rule {number}", "severity": "low", "fact": "trade",
                "why": "It is generated.", "source": "judgement",
                "when": {"all": [self._block(4)]},
            }
            for number in range(RULES_OF_A_BOOK)
        ]  # fmt: skip
        return parse_rules(json.dumps({"lists": LISTS, "rules": rules}))

    def orders(self, count: int) -> list[Order]:
        """Orders of one table: some of the chosen fields are its columns."""
        fields = self._random.sample(self._chosen, self._random.randint(1, len(self._chosen)))
        return [{field.path: self._text(field) for field in fields} for _ in range(count)]

    def _text(self, field: Field) -> str:
        if self._random.random() < 0.1:
            return self._random.choice(ODD)
        return self._random.choice(self._values(field))

    def _values(self, field: Field) -> list[str]:
        member = field.kind.member
        if member.name in VALUES:
            return VALUES[member.name]
        vocabulary = member.vocabulary
        return ["yes", "no"] if vocabulary is None else sorted(vocabulary())

    def _block(self, depth: int) -> dict[str, Any]:
        if depth == 0 or self._random.random() < 0.35:
            return self._leaf()
        parts = [self._block(depth - 1) for _ in range(self._random.randint(1, 4))]
        return {self._random.choice(["all", "any", "none"]): parts}

    def _leaf(self) -> dict[str, Any]:
        while True:
            field = self._random.choice(self._chosen)
            operator = self._random.choice(fitting_operators(field.kind))
            operand = self._operand(field, operator)
            if operand is not None:
                return {field.path: {operator: operand}}

    def _operand(self, field: Field, operator: str) -> Any:
        """An operand of the operator's shape; None where this kind has none here."""
        kind, draw = field.kind.member, self._random
        values = BOUNDS.get(kind.name) or self._values(field)
        shape = OPERATORS[operator].shape
        if shape == "values":
            return draw.sample(values, draw.randint(1, min(12, len(values))))
        if shape == "list":
            return kind.name if kind.name in LISTS else None
        if shape == "range":
            return draw.choice(RANGES[kind.name])
        if shape == "date":
            return draw.choice(VALUES["date"])
        if shape == "prefixes":
            return draw.sample(values, 2)
        if shape == "phrases":
            return draw.sample(["paste", "salad seeds", "example", "com", "урожай"], 2)
        if shape == "fields":
            others = [
                other.path
                for other in self._fields
                if other.kind.member.name == kind.name and other.path != field.path
            ]
            return draw.sample(others, min(len(others), draw.randint(1, 2))) or None
        if shape == "yes-no":
            return draw.choice(["yes", "no"])
        return draw.choice(values)


BOUNDS = {
    "quantity": ["100 kg", "2 mg", "1 mg", "6 t", "8000 t", "9000000 t", "10 pieces", "100 l"],
    "money": ["18000 USD", "18000 EUR", "1 USD", "900000000000 USD", "10000 USD"],
    "concentration": ["65 %", "12 %", "12 % w/w", "33.5 % N", "1 %", "35 % v/v"],
    "age": ["2 years", "24 months", "90 days", "1 day", "12 weeks"],
}
"""Operands that a rule file may state; a bound has to be one thing only."""

RANGES = {
    "quantity": [["1 kg", "7 t"], ["100 kg", "100 kg"], ["1 piece", "40 pieces"]],
    "money": [["1 USD", "18000 USD"], ["1 EUR", "2 EUR"]],
    "concentration": [["12 %", "65 %"], ["3 ppm", "1 %"]],
    "age": [["1 day", "90 days"], ["1 month", "2 years"]],
}


@dataclass(frozen=True)
class Engine:
    """What an engine makes of the orders of one table, and the verdicts on that, order by order."""

    prepare: Callable[[list[Order]], Any]
    verdicts: Callable[[Any], Sequence[Verdicts]]


def one_by_one(verdicts: Callable[[Record], Verdicts]) -> Engine:
    return Engine(
        # Derived fields are kept in a record: no engine may profit from the one before.
        lambda orders: [record_of(Transaction.model_validate(order)) for order in orders],
        lambda records: [verdicts(record) for record in records],
    )


def engines() -> dict[str, Callable[[RuleBook], Engine]]:
    """The engines that are there, the judge first; says on stderr which are not, and why."""
    found: dict[str, Callable[[RuleBook], Engine]] = {
        "judge": lambda book: one_by_one(Judge(book).verdicts)
    }
    try:
        DurableEngine(parse_rules(json.dumps({"rules": []})))
    except EngineError as error:
        print(f"durable: left out, {error}", file=sys.stderr)
    else:
        found["durable"] = lambda book: one_by_one(DurableEngine(book).verdicts)
    try:
        polars = importlib.import_module("polars")
        columnar = importlib.import_module("redflags.engine.columnar")
    except ImportError as error:
        print(f"columnar: left out, {error}", file=sys.stderr)
    else:
        found["columnar"] = lambda book: by_columns(columnar.ColumnarEngine(book), polars)
    return found


def by_columns(engine: Any, polars: Any) -> Engine:
    """The columnar engine tells only of the orders that have a rule true or unknown."""

    def verdicts(frame: Any) -> list[Verdicts]:
        found = {place: one for place, _, one in engine.verdicts(frame)}
        return [found.get(row, Verdicts((), ())) for row in range(frame.height)]

    return Engine(polars.DataFrame, verdicts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--decisions", default=1_000_000, type=int)
    parser.add_argument("--seed", default=1, type=int)
    parser.add_argument("--orders", default=ORDERS, type=Path)
    arguments = parser.parse_args()

    made = engines()
    generator = Generator(arguments.seed)
    seconds = dict.fromkeys(made, 0.0)
    differences = dict.fromkeys(made, 0)
    outcomes = {"true": 0, "unknown": 0, "false": 0}
    decisions = books = orders = 0
    while decisions < arguments.decisions:
        generator.begin_book()
        book = generator.book()
        books += 1
        for _ in range(TABLES_OF_A_BOOK):
            table = generator.orders(ORDERS_OF_A_TABLE)
            expected: Sequence[Verdicts] = ()
            for name, make in made.items():
                engine = make(book)
                prepared = engine.prepare(table)
                before = time.perf_counter()
                found = engine.verdicts(prepared)
                seconds[name] += time.perf_counter() - before
                expected = expected or found
                differences[name] += sum(
                    difference(one, other) for one, other in zip(expected, found, strict=True)
                )
            outcomes["true"] += sum(len(one.true) for one in expected)
            outcomes["unknown"] += sum(len(one.unknown) for one in expected)
            orders += len(table)
            decisions += len(book.rules) * len(table)
    outcomes["false"] = decisions - outcomes["true"] - outcomes["unknown"]

    print(f"{decisions:,} decisions: {orders:,} orders, {books} rule books, seed {arguments.seed}")
    print(", ".join(f"{count:,} {outcome}" for outcome, count in outcomes.items()))
    print(f"\n{'engine':<12}{'differences':>12}{'decisions a second':>22}")
    for name in made:
        rate = decisions / seconds[name]
        print(f"{name:<12}{differences[name]:>12,}{rate:>22,.0f}")
    one_order(made, arguments.orders)
    sys.exit(1 if any(differences.values()) else 0)


def one_order(made: dict[str, Callable[[RuleBook], Engine]], path: Path) -> None:
    """Print what the verdicts of one order cost with the shipped packs."""
    book = load_rules()
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    print(f"\none order, {len(book.rules)} shipped rules, {len(rows)} orders, microseconds")
    print(f"{'engine':<12}{'p50':>12}{'p99':>12}")
    for name, make in made.items():
        if name == "columnar":  # it is for files: a table of one row is no use of it
            continue
        engine, taken = make(book), []
        for _ in range(101):
            for row in rows:
                prepared = engine.prepare([row])
                before = time.perf_counter()
                engine.verdicts(prepared)
                taken.append(time.perf_counter() - before)
        taken = sorted(taken[len(rows) :])  # the first round fills the caches
        p50, p99 = taken[len(taken) // 2], taken[int(len(taken) * 0.99)]
        print(f"{name:<12}{p50 * 1e6:>12.0f}{p99 * 1e6:>12.0f}")


def difference(expected: Verdicts, found: Verdicts) -> int:
    """How many rules have another verdict; one at least if only the order of the rules differs."""
    wrong = {rule.name for rule in expected.true} ^ {rule.name for rule in found.true}
    wrong |= {rule.name for rule in expected.unknown} ^ {rule.name for rule in found.unknown}
    return len(wrong) or int(expected != found)


if __name__ == "__main__":
    main()
