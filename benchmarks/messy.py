"""Reading a messy export of many orders beside the bare reading of the same file, in one run.

    python benchmarks/messy.py [--rows N] [--runs N]

The export is as an order system in Germany writes it: cp1252, semicolons, German names of columns,
decimal commas with points between the thousands, dates such as 13.02.2026, units in several
languages and some in the cell, countries in words of five languages, and cells that say nothing.

Bare reading is ``polars.scan_csv`` of every column as text with a streaming count of nulls.
*Reading* is what a check does before any rule: encoding, layout, columns to fields, the notation
of whole columns, cells not understood, rows that repeat others. *Check* is the whole command on
orders in which nothing is to be found. Each is a fresh process; CPU seconds are those of all its
threads, medians; memory is the largest peak.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

HEADER = (
    "Auftrag", "Pos", "Auftragsdatum", "Kunde", "Land des Kunden", "Branche", "Artikelbezeichnung",
    "Zolltarifnummer", "Menge", "ME", "Nettowert", "Währung", "Warenempfänger",
    "Land des Warenempfängers", "Zahlungsbedingung", "Lieferart", "Bemerkung",
)  # fmt: skip
COUNTRIES = (
    "Deutschland", "Germany", "Allemagne", "Frankreich", "France", "Österreich", "Autriche",
    "Schweiz", "Suisse", "Italien", "Italia", "Niederlande", "The Netherlands", "Polen", "Polska",
    "España", "Spanien", "DE", "FR", "AT", "CHE", "POL", "Türkei", "Turkey", "Belgique",
)  # fmt: skip
GOODS = (
    "Bürostuhl", "Gartentisch", "Regal", "Baumwollhemd", "Becher", "Papiertüte", "Holzkiste",
    "Einmachglas", "Stehlampe", "Wanduhr", "Ledergürtel", "Kunststoffbox",
)  # fmt: skip
COLOURS = ("rot", "blau", "grün", "weiß", "schwarz", "grau", "Eiche", "silber")
TRADES = ("Bäckerei", "Möbelhersteller", "Textilhersteller", "Supermarkt", "Hotel", "Restaurant")
UNITS = ("ST", "Stk", "Stück", "pcs", "kg", "KG", "Karton", "Paar", "m", "Rolle")
NOTHING = ("", "", "", "k. A.", "siehe Anlage", "n/a", "-")


def amount(pick: random.Random) -> str:
    """A quantity with a decimal comma; now and then with its unit, or saying nothing."""
    number = pick.randrange(1, 5_000)
    text = f"{number:,}".replace(",", ".") + (f",{pick.randrange(1000):03}" if number % 3 else "")
    way = pick.random()
    if way < 0.02:
        return f"{number} {pick.choice(UNITS)}"
    return "siehe LS-304" if way < 0.021 else text


def rows(count: int, seed: int = 1) -> Iterator[str]:
    """The lines of so many orders."""
    pick = random.Random(seed)
    for number in range(count):
        name, country = f"Beispiel {pick.randrange(50_000)} GmbH", pick.choice(COUNTRIES)
        day = f"{pick.randrange(1, 29):02}.{pick.randrange(1, 13):02}.20{pick.randrange(12, 26)}"
        value = f"{pick.randrange(10, 90_000):,}".replace(",", ".") + f",{pick.randrange(100):02}"
        product = f"{pick.choice(GOODS)} {pick.choice(COLOURS)} Nr. {pick.randrange(200)}"
        yield ";".join(
            (
                f"A-{number}", "10", day, name, country, pick.choice(TRADES), product,
                str(940000 + pick.randrange(3000)), amount(pick), pick.choice(UNITS), value,
                pick.choice(("EUR", "€", "CHF", "USD")), name, country, "30 Tage netto",
                pick.choice(("LKW", "Seefracht", "Luftfracht")), pick.choice(NOTHING),
            )
        )  # fmt: skip


def write(path: Path, count: int) -> None:
    """Write so many orders to a file."""
    with path.open("w", encoding="cp1252", newline="") as stream:
        stream.write(";".join(HEADER) + "\r\n")
        for line in rows(count):
            stream.write(f"{line}\r\n")


BARE = (
    "import sys, polars; "
    "polars.scan_csv(sys.argv[1], separator=';', infer_schema=False, encoding='utf8-lossy')"
    ".null_count().collect(engine='streaming')"
)
READING = """
import sys
import polars
from redflags.bulk import gather_columns
from redflags.engine.columnar import OpenLines
from redflags.files import Opening

class Nothing:
    def open_lines(self, frame):
        return OpenLines(polars.Series([], dtype=polars.UInt32), [], tuple)

read = gather_columns(
    sys.argv[1:],
    Opening(),
    lambda notation: Nothing(),
    None,
    None,
    lambda frame: None,
    lambda step, share: None,
)
assert not list(read.orders) and read.assessed
"""
"""What a check does before any rule: the whole of its reading, with no engine behind it."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        orders, output = Path(folder) / "orders.csv", Path(folder) / "alerts.jsonl"
        write(orders, given.rows)
        size = orders.stat().st_size / 1e6
        print(f"{given.rows:,} orders of {len(HEADER)} columns, {size:,.0f} MB; median of "
              f"{given.runs}")  # fmt: skip
        commands = {
            "bare reading": [sys.executable, "-c", BARE, str(orders)],
            "reading": [sys.executable, "-c", READING, str(orders)],
            "redflags check": [
                sys.executable, "-m", "redflags", "check", str(orders), "-o", str(output)
            ],
        }  # fmt: skip
        print(f"{'':<16}{'CPU s':>9}{'of bare':>9}{'wall s':>9}{'of bare':>9}{'peak MB':>9}")
        floor: tuple[float, float] | None = None
        for title, command in commands.items():
            found = [measured(command) for _ in range(given.runs)]
            cpu, wall = (statistics.median(one[place] for one in found) for place in (0, 1))
            floor = floor or (cpu, wall)
            peak = max(one[2] for one in found)
            print(
                f"{title:<16}{cpu:>9.2f}{cpu / floor[0]:>9.1f}{wall:>9.2f}{wall / floor[1]:>9.1f}"
                f"{peak:>9.0f}"
            )


def measured(command: list[str]) -> tuple[float, float, float]:
    """CPU seconds, wall seconds and peak megabytes of a process; exit 1 says that it has alerts."""
    before = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    told = process.stderr.read() if process.stderr is not None else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1) or b"Traceback" in told:
        raise SystemExit(told.decode(errors="replace"))
    wall = time.perf_counter() - before
    return usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024


if __name__ == "__main__":
    main()
