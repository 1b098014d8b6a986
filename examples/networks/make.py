"""Makes the example files of this folder: a year of honest orders, and stories to hide in it.

Every firm, name, number and address is invented. The seed is fixed, so the files come out the same
each time: ``python make.py [FOLDER]`` writes them (into this folder unless one is named).

``honest.csv`` is a year of a distributor of chemicals, aircraft parts and electronics. For each
story there are two files: ``NAME.csv``, and ``NAME-honest.csv``, its honest twin, which looks alike
on the surface. ``labels.csv`` says which orders belong to a story.
"""

from __future__ import annotations

import csv
import datetime
import random
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from honest_year import COLUMNS, Order, honest_year
from stories import STORIES


def write_orders(path: Path, orders: Iterable[Order]) -> None:
    """Write orders in order of their dates, then numbers, with all columns."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        for order in sorted(orders, key=lambda one: (one["date"], one["order_id"])):
            writer.writerow(order)


def write_labels(path: Path, labels: Iterable[Mapping[str, str]]) -> None:
    """Write which orders belong to which story, and which file is honest."""
    with path.open("w", encoding="utf-8", newline="") as file:
        columns = ("file", "story", "honest", "in_case", "order_id", "why")
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(labels)


def make(folder: Path) -> None:
    """Write all files into a folder."""
    first_day = datetime.date(2021, 9, 6)
    write_orders(folder / "honest.csv", honest_year(random.Random(6), first_day, 2000))
    labels = []
    for story in STORIES:
        for suffix, orders in (("", story.orders), ("-honest", story.twin)):
            name = f"{story.name}{suffix}.csv"
            write_orders(folder / name, orders)
            for number in dict.fromkeys(order["order_id"] for order in orders):
                in_case = not suffix and number not in story.beside
                labels.append(
                    {
                        "file": name,
                        "story": story.name,
                        "honest": "yes" if suffix else "no",
                        "in_case": "yes" if in_case else "no",
                        "order_id": number,
                        "why": story.twin_why if suffix else story.why,
                    }
                )
    write_labels(folder / "labels.csv", labels)


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
