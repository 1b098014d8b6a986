"""Windows and links over many invented order lines: user CPU seconds of each part.

    python benchmarks/across.py [--rows N] [--parties N] [--asked PER_CENT] [--seed N]

Lines of a year, parties of invented names of which some share a telephone or an address, one key
that has a tenth of all lines. Six windows are measured: a count, a sum, a largest amount, two
numbers of different values (families and buyers), and whether it is the first order.

    python benchmarks/across.py --whole [--rows N] [--seed N]

A whole check of as many made orders of 50,000 firms, one of which has a tenth of all, with the
shipped rules and with these less the pack ``networks``, which has the 30 rules across orders.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import made_orders

from redflags import Screener, load_rules
from redflags.across.groups import Groups, clusters
from redflags.across.identity import LINKS, PartySeen, party_seen
from redflags.across.measures import Measure
from redflags.across.windows import Facts, measure

Answer = TypeVar("Answer")


def parties(count: int, pick: random.Random) -> list[PartySeen]:
    """Invented firms: one in ten has somebody else's telephone, one in ten shares an address with
    some, and one in a hundred has its address in one of a few business centres."""
    found = []
    for number in range(count):
        phone = pick.randrange(number + 1) if pick.random() < 0.1 else number
        house = pick.randrange(number + 1) if pick.random() < 0.1 else number
        centre = pick.random() < 0.01
        party = party_seen(
            "buyer",
            f"Example Firm {number:06d} Ltd",
            registration=f"{number:07d}1" if pick.random() < 0.3 else "",
            country="TR",
            city="Mersin",
            address="1 Centre Road" if centre else f"{house % 300 + 1} Example {house // 300} Cad.",
            phone=f"+90 212 {phone:07d}",
            email=f"orders@example-{number}.com.tr",
        )
        assert party is not None
        found.append(party)
    return found


def timed(what: str, run: Callable[[], Answer]) -> Answer:
    """Run and print the user CPU time."""
    began = time.process_time()
    answer = run()
    print(f"{time.process_time() - began:8.2f} s  {what}")
    return answer


def whole_check(rows: int, seed: int) -> None:
    """Check made orders with and without the rules across orders."""
    book = load_rules()
    alone = replace(book, packs=tuple(pack for pack in book.packs if pack.id != "networks"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        made_orders.write(path, rows, flagged=1.0, seed=seed, busiest=0.1)
        few = Path(folder) / "few.csv"
        made_orders.write(few, 1_000, flagged=1.0, seed=seed)
        Screener(book, engine="columnar").check_files([str(few)])  # what is loaded once
        for what, rules in (("without rules across orders", alone), ("with all rules", book)):
            screener = Screener(rules, engine="columnar")
            report = timed(
                f"{rows:,} orders {what}", lambda one=screener: one.check_files([str(path)])
            )
            print(f"{report.summary.alerts:10,} alerts, {len(report.cases):,} cases")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--parties", type=int, default=50_000)
    arguments.add_argument("--asked", type=float, default=100)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--whole", action="store_true")
    given = arguments.parse_args()
    if given.whole:
        whole_check(given.rows, given.seed)
        return
    pick = random.Random(given.seed)
    firms = timed("read the parties", lambda: parties(given.parties, pick))
    found = timed(f"links of {given.parties:,} parties", lambda: clusters(firms, LINKS))
    print(f"{len(found):10,} groups, the largest of {max(len(one.members) for one in found)}")

    count = given.rows
    buyers = [pick.randrange(len(firms)) if pick.random() > 0.1 else 7 for _ in range(count)]
    days = [pick.randrange(365) for _ in range(count)]

    def see(groups: Groups) -> list[int]:
        for line in range(count):
            groups.add(days[line], line, {"buyer": firms[buyers[line]]})
        groups.settle()
        return list(groups.nodes("buyer"))

    linked = Groups(frozenset(LINKS))
    alone = Groups()
    nodes = timed("groups of linked buyers, every line added", lambda: see(linked))
    same = timed("groups of one buyer, every line added", lambda: see(alone))
    steady = sum(linked.is_steady(node) for node in nodes)
    print(f"{steady:10,} lines of groups that never change")
    amounts = [pick.randrange(1, 10**12) for _ in range(count)]
    families = [f"family-{pick.randrange(60)}" for _ in range(count)]
    facts = Facts(
        days=days,
        orders=[f"O-{line}" for line in range(count)],
        where=[True] * count,
        parties=[(linked, nodes)],
        within=90,
        earliest=0,
    )
    asked = sorted(pick.sample(range(count), int(count * given.asked / 100)))
    for one in (
        Measure("count", "at_least", 20),
        Measure("sum", "at_least", 10**14, amounts),
        Measure("max", "at_least", 10**12, amounts),
        Measure("distinct", "at_least", 30, families),
        Measure("distinct", "at_least", 3, party=(alone, same)),
        Measure("first", operand=True),
    ):
        windows = timed(f"window: {one.kind}", lambda one=one: measure(facts, [one], asked))
        true = sum(window.verdict is True for window in windows)
        named = max(len(window.members) for window in windows)
        print(f"{true:10,} of {len(windows):,} hold; at most {named} lines named")


if __name__ == "__main__":
    main()
