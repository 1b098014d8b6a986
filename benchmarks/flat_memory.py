"""Does memory stay flat? Many orders through one ``Screener`` of each engine.

    python benchmarks/flat_memory.py [--orders N] [--engine NAME,...] [--rules PACK]

Orders go one at a time through ``Screener.check`` of the judge and the durable engine, and as ten
files, one after the other, through ``Screener.check_files`` of the columnar engine. Printed are
the orders that went through in a second of the processor's time and the memory of the process
after each tenth of them; of files also the most that it was while one was checked. No two orders
have the same number, and one in ten has a product, a buyer and an amount that never came before,
so what an engine remembers has to be let go. Each engine has a process of its own. The exit code
is 1 if any grew by more than a tenth from the middle to the end of a million orders or more; with
fewer, what is remembered of texts is still filling. ``--rules`` puts one pack alone in force: the
durable engine takes the longer, the more rules there are.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redflags import RuleBook

sys.path.insert(0, str(Path(__file__).parent))

import made_orders

ENGINES = ("judge", "durable", "columnar")
POINTS = 10
GROWTH = 1.1
SETTLED = 1_000_000
A_TABLE = 5_000
"""Orders that are made at a time; the next ones are these with other numbers."""


def main() -> int:
    given = options().parse_args()
    if given.child:
        measure(given.child, given.orders, given.rules)
        return 0
    worst = 0
    for name in given.engine.split(","):
        command = [sys.executable, __file__, "--child", name, "--orders", str(given.orders)]
        command += ["--rules", given.rules] if given.rules else []
        process = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
        if process.returncode:
            print(f"{name}: ended with status {process.returncode}")
            worst = 1
            continue
        seconds, busy, most, *points = map(float, process.stdout.split())
        grown = points[-1] / points[len(points) // 2 - 1]
        between = f", at most {most:.0f}" if name == "columnar" else ""
        print(f"{name:<10}{given.orders:>12,} orders in {seconds:,.0f} s, "
              f"{given.orders / busy:,.0f} in a second of the processor; MB: "
              + " ".join(f"{point:.0f}" for point in points) + between)  # fmt: skip
        if given.orders >= SETTLED and grown > GROWTH:
            print(f"{'':<10}grew by {grown - 1:.0%} in its second half")
            worst = 1
    return worst


def options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--orders", type=int, default=10_000_000)
    parser.add_argument("--engine", default=",".join(ENGINES))
    parser.add_argument("--rules", default="", help="the folder of a pack")
    parser.add_argument("--child", default="", help=argparse.SUPPRESS)
    return parser


def measure(name: str, count: int, rules: str) -> None:
    """Print the seconds that the orders took, by the clock and of the processor, the most memory
    and that after each tenth. Making the orders is not counted for the columnar engine, which reads
    files."""
    if name == "columnar":
        seconds, busy, points = through_files(count, rules)
    else:
        before = time.perf_counter(), time.process_time()
        points = one_by_one(name, count, rules)
        seconds, busy = time.perf_counter() - before[0], time.process_time() - before[1]
    print(seconds, busy, most_megabytes(), *points)


def orders(count: int) -> Iterator[list[str]]:
    """The cells of so many orders, each with a number of its own."""
    table = list(made_orders.rows(min(count, A_TABLE), flagged=1.0))
    column = {name: place for place, name in enumerate(made_orders.COLUMNS)}
    for number, cells in zip(range(count), itertools.cycle(table), strict=False):
        row = list(cells)
        row[column["order_id"]] = f"F-{number}"
        if number % 10 == 0:
            row[column["product"]] += f" {number}"
            row[column["buyer_name"]] = f"Firm {number} Ltd"
            row[column["value"]] = f"{number + 1}.50"
        yield row


def one_by_one(name: str, count: int, rules: str) -> list[float]:
    """Memory after each tenth of the orders."""
    from redflags import Screener, Transaction

    screener = Screener(book_of(rules), engine=name)  # type: ignore[arg-type]
    points: list[float] = []
    for number, row in enumerate(orders(count), 1):
        screener.check(Transaction.model_validate(dict(zip(made_orders.COLUMNS, row, strict=True))))
        if number * POINTS // count > len(points):
            points.append(megabytes())
            print(f"{name}: {number:,} orders, {points[-1]:.0f} MB", file=sys.stderr, flush=True)
    return points


def book_of(rules: str) -> RuleBook:
    """The shipped packs, or one pack alone."""
    from redflags import load_rules

    return load_rules([rules], shipped=False) if rules else load_rules()


def through_files(count: int, rules: str) -> tuple[float, float, list[float]]:
    """The seconds of checking, by the clock and of the processor, and the memory after each of the
    files."""
    from redflags import Screener

    screener = Screener(book_of(rules), engine="columnar")
    seconds = busy = 0.0
    points: list[float] = []
    made = orders(count)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        for _ in range(POINTS):
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file)
                writer.writerow(made_orders.COLUMNS)
                writer.writerows(itertools.islice(made, count // POINTS))
            before = time.perf_counter(), time.process_time()
            screener.check_files([str(path)])
            seconds += time.perf_counter() - before[0]
            busy += time.process_time() - before[1]
            points.append(megabytes())
            print(f"columnar: file {len(points)}, {points[-1]:.0f} MB", file=sys.stderr, flush=True)
    return seconds, busy, points


def megabytes() -> float:
    """What the process holds now (Linux), or the most it has held (elsewhere)."""
    statistics = Path("/proc/self/statm")
    if statistics.exists():
        return int(statistics.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    return most_megabytes()


def most_megabytes() -> float:
    """The most that the process has held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    sys.exit(main())
