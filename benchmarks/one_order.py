"""How long one order takes, and how long the start: prints medians and 99th percentiles.

    python benchmarks/one_order.py [--orders FILE] [--rounds N] [--rules N]

The parts are those of ``Screener.check``: validating the transaction (pydantic), making its record
of typed values, judging it by every rule, and assessing and explaining it. Texts repeat between
rounds, as they do in an order system, so the parsers' caches are warm; the line "new texts" gives
each order product and party texts that were never seen before.

The last lines of the table judge by ``--rules`` rules: the shipped ones and copies of them, each
copy for some goods, some countries or some trades of the buyer only.
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from redflags.rulebook import RuleBook

ROOT = Path(__file__).parents[1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--orders", default=ROOT / "tests" / "cases" / "orders.csv", type=Path)
    parser.add_argument("--rounds", default=200, type=int)
    parser.add_argument("--rules", default=2000, type=int)
    arguments = parser.parse_args()

    from redflags import Screener, Transaction
    from redflags.engine.judge import Judge
    from redflags.model.record import record_of

    started = time.perf_counter()
    screener = Screener()
    made = time.perf_counter() - started
    with arguments.orders.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    orders = [Transaction.model_validate(row) for row in rows]
    judge = Judge(screener.rules)
    for order in orders:
        screener.check(order)

    print(f"{len(rows)} orders, {len(screener.rules.rules)} rules, {arguments.rounds} rounds")
    print(f"making the screener (rules and reference data)   {made * 1e3:8.1f} ms\n")
    print(f"{'microseconds for one order':<40}{'p50':>10}{'p99':>10}")
    report("Screener.check", timed(screener.check, orders, arguments.rounds))
    alerts = [order for order in orders if screener.check(order).flags]
    quiet = [order for order in orders if not screener.check(order).flags]
    report("  of orders with flags", timed(screener.check, alerts, arguments.rounds))
    report("  of orders without", timed(screener.check, quiet, arguments.rounds))
    report("Transaction.model_validate", timed(Transaction.model_validate, rows, arguments.rounds))
    report("record of typed values", timed(record_of, orders, arguments.rounds))
    report(
        "record and verdicts of every rule",
        timed(lambda order: judge.verdicts(record_of(order)), orders, arguments.rounds),
    )
    report(
        "validate and check, new texts",
        timed(
            lambda row: screener.check(Transaction.model_validate(row)),
            list(new_texts(rows, 20)),
            1,
        ),
    )
    many = Judge(with_copies(screener.rules, arguments.rules))
    for order in orders:
        many.verdicts(record_of(order))
    report(
        f"record and verdicts of {len(many.book.rules):,} rules",
        timed(lambda order: many.verdicts(record_of(order)), orders, arguments.rounds),
    )
    print()
    print(f"{'milliseconds to start, median of 7':<40}{'total':>10}{'over bare':>10}")
    bare = started_in([sys.executable, "-c", "pass"])
    for title, command in (
        ("python -c 'import redflags'", [sys.executable, "-c", "import redflags"]),
        (
            "python -c 'from redflags import Screener'",
            [sys.executable, "-c", "from redflags import Screener"],
        ),
        ("redflags --help", [sys.executable, "-m", "redflags", "--help"]),
        ("redflags check of the orders", [sys.executable, "-m", "redflags", "check",
                                          os.fspath(arguments.orders)]),
    ):  # fmt: skip
        total = started_in(command)
        print(f"{title:<40}{total * 1e3:>10.0f}{(total - bare) * 1e3:>10.0f}")


def with_copies(book: RuleBook, count: int) -> RuleBook:
    """A rule book of so many rules: each rule beyond those of ``book`` is one of them that must
    also hold of the goods, the buyer's country or the buyer's trade."""
    from redflags import reference
    from redflags.model.fields import field_table
    from redflags.rulebook.tree import Group, Test

    countries = ["AE", "AM", "BR", "CH", "CN", "DE", "FR", "GB", "GE", "IN", "KZ", "PL", "TR", "US"]
    trades = sorted(field_table()["buyer.business"].kind.vocabulary() or ())  # type: ignore[misc]
    choices = (
        ("product.family", sorted(reference.families())),
        ("buyer.country", countries),
        ("buyer.business", trades),
    )
    plain = [rule for rule in book.rules if rule.across is None]
    copies = []
    for number in range(count - len(book.rules)):
        rule = plain[number % len(plain)]
        turn, (path, values) = number // len(plain), choices[number // len(plain) % 3]
        start = (turn * 7 + number) % len(values)
        some = frozenset((values + values)[start : start + max(2, len(values) // 8)])
        place = rule.when.place
        only = Test(path, "in", some, ", ".join(sorted(some)), place)
        identifier = f"{rule.id}-{turn}"
        copies.append(
            replace(
                rule,
                name=f"{rule.pack}/{identifier}",
                id=identifier,
                when=Group("all", (rule.when, only), place),
            )
        )
    first = book.packs[0]
    return replace(book, packs=(replace(first, rules=(*first.rules, *copies)), *book.packs[1:]))


def timed(call: Callable[[Any], object], items: Sequence[Any], rounds: int) -> list[float]:
    """Seconds of each call, over all items and rounds."""
    found = []
    for _ in range(rounds):
        for item in items:
            before = time.perf_counter()
            call(item)
            found.append(time.perf_counter() - before)
    return found


def report(title: str, seconds: list[float]) -> None:
    ranked = sorted(seconds)
    middle, late = ranked[len(ranked) // 2], ranked[int(len(ranked) * 0.99)]
    print(f"{title:<40}{middle * 1e6:>10.0f}{late * 1e6:>10.0f}")


def new_texts(rows: Iterable[dict[str, str]], times: int) -> Iterable[dict[str, str]]:
    """The orders again and again, each time with texts that no cache has seen."""
    for number in range(times):
        for row in rows:
            fresh = {
                key: f"{value} {number}" if value and key.endswith(("name", "product")) else value
                for key, value in row.items()
            }
            yield fresh


def started_in(command: Sequence[str]) -> float:
    """The median wall time of a fresh process."""
    found = []
    for _ in range(7):
        before = time.perf_counter()
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        found.append(time.perf_counter() - before)
    return statistics.median(found)


if __name__ == "__main__":
    main()
