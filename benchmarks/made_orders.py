"""Invented orders in any number, for measuring: 36 columns, a given share of them with flags.

    python benchmarks/made_orders.py FILE [--rows N] [--flagged PER_CENT] [--seed N]

Most lines are ordinary goods of no family, some are listed goods for trades that use them, and the
given share are stories: listed goods in bulk for trades that have no use for them. Every column
that a rule asks of such goods is there: without the end user's business each of the listed goods
would be an incomplete order, to be explained like a flagged one. The buyers are 50,000 firms, each
with a town, a mail address and a telephone number of its own.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections.abc import Iterator
from pathlib import Path

COLUMNS = (
    "order_id", "line", "date", "seller_country", "buyer_name", "buyer_country", "buyer_city",
    "buyer_business", "buyer_size", "buyer_incorporated", "buyer_email", "buyer_phone", "product",
    "hs_code", "cas", "concentration", "quantity", "unit", "value", "currency", "consignee_name",
    "consignee_business", "consignee_country", "consignee_city", "end_user_name",
    "end_user_business", "end_use", "end_use_statement", "payment_method", "payer_name",
    "payer_business", "payer_country", "ship_via", "transit_countries", "licence", "incoterm",
)  # fmt: skip

NOUNS = (
    "office chair", "garden table", "steel shelf", "cotton shirt", "ceramic mug", "paper bag",
    "wooden crate", "glass jar", "floor lamp", "wall clock", "leather belt", "plastic box",
)  # fmt: skip
COLOURS = ("red", "blue", "green", "white", "black", "grey", "oak", "silver")
TRADES = (
    "bakery", "furniture manufacturer", "textile manufacturer", "supermarket", "hotel",
    "restaurant", "printing company", "construction company", "school", "hospital",
)  # fmt: skip
FITTING = (
    ("aluminium paste", "321290", "paint manufacturer", "kg", 2000),
    ("urea 46 %", "310210", "agricultural cooperative", "kg", 20000),
    ("sorbitol syrup", "290544", "confectionery manufacturer", "kg", 9000),
    ("microcontrollers", "854231", "electronics manufacturer", "pcs", 5000),
    ("acetone", "291411", "paint manufacturer", "l", 800),
)
STORIES = (
    ("aluminium paste", "321290", "mobile phone shop", "kg", 6000),
    ("alüminyum tozu", "760310", "cep telefonu mağazası", "kg", 900),
    ("small turbojet engine", "841111", "car rental", "pcs", 4),
    ("ammonium nitrate", "310230", "jeweller", "kg", 9000),
    ("UAV autopilot", "903289", "mobile phone shop", "pcs", 40),
)
CITIES = (("TR", "Şanlıurfa"), ("TR", "Mersin"), ("DE", "Hamburg"), ("PL", "Gdansk"),
          ("FR", "Lyon"), ("GB", "Leeds"), ("AE", "Dubai"))  # fmt: skip


def rows(count: int, flagged: float, seed: int = 1, busiest: float = 0.0) -> Iterator[list[str]]:
    """The cells of ``count`` lines, ``flagged`` per cent of them stories; ``busiest`` is the share
    of one firm."""
    pick = random.Random(seed)
    for number in range(count):
        firm = 7 if busiest and pick.random() < busiest else pick.randrange(50_000)
        country, city = CITIES[firm % len(CITIES)]
        trade, name = pick.choice(TRADES), f"Example {firm} Ltd"
        story = pick.random() * 100 < flagged
        if story or pick.random() < 0.04:
            goods = pick.choice(STORIES if story else FITTING)
            product, heading, trade, unit, most = goods
            amount = most // 2 + pick.randrange(most)
        else:
            product = f"{pick.choice(COLOURS)} {pick.choice(NOUNS)} no {pick.randrange(200)}"
            heading, unit = str(940000 + pick.randrange(3000)), "pcs"
            amount = pick.randrange(1, 400)
        day = f"20{pick.randrange(12, 24):02}-{pick.randrange(1, 13):02}-{pick.randrange(1, 29):02}"
        other = pick.random() < 0.1
        yield [
            f"M-{number}", "1", day, "DE", name, country, city, trade,
            pick.choice(("micro", "small", "medium", "")), "2001-05-01", f"office@{firm}.example",
            f"+49 40 {5_000_000 + firm}", product, heading, "", "", str(amount), unit,
            f"{pick.randrange(100, 90_000)}.{pick.randrange(100):02}", "EUR",
            f"Receiver {pick.randrange(9_000)}" if other else name, trade, country, city,
            f"User {pick.randrange(9_000)}", trade, "own production", "", "bank transfer", name,
            trade, country, pick.choice(("sea", "road", "air")), "", "", "FCA",
        ]  # fmt: skip


def write(path: Path, count: int, flagged: float, seed: int = 1, busiest: float = 0.0) -> None:
    """Write the orders as a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows(count, flagged, seed, busiest))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--flagged", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    write(given.file, given.rows, given.flagged, given.seed)
