"""Every command in a process of its own says what it says within the process of the tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import typer.main

from redflags.cli.main import app
from tests.commands import redflags, redflags_process

ORDERS = (
    "order_id,date,buyer_name,buyer_country,buyer_business,product,quantity,unit\n"
    "A-1,2015-07-01,Örnek Telefon,TR,mobile phone shop,aluminium paste,6,t\n"
    "A-2,2015-07-09,Örnek Telefon,TR,mobile phone shop,alüminyum pasta,5,t\n"
    "A-3,2015-07-10,Example Paints Ltd,GB,paint maker,titanium dioxide,2,t\n"
)
RULES = """\
rules:
  - id: paste
    title: Paste for a shop
    severity: medium
    fact: trade
    source: judgement
    when: {product.family: aluminium-paste, buyer.business: mobile-phone-shop}
    examples:
      - name: paste
        given: {product: aluminium paste, buyer.business: mobile phone shop}
        expect: flag
"""
FILES = {
    "orders.csv": ORDERS,
    "own.yaml": RULES,
    "other.yaml": RULES.replace("medium", "high"),
    "broken.yaml": "rules: [{id: a}]",
    "labels.csv": "order_id,label\nA-1,of concern\nA-3,honest\n",
}
OWN = ("-r", "own.yaml", "--only-rules", "--as-of", "2026-01-31")

COMMANDS = {
    "check": [
        ("check", "orders.csv", "--as-of", "2026-01-31"),
        ("check", "-", "-f", "json", *OWN),
        ("check", "orders.csv", "-r", "broken.yaml"),
        ("check", "nothing.csv"),
    ],
    "explain": [("explain", "-", "--order", "A-2", *OWN)],
    "case": [("case", "orders.csv", "--order", "A-1", "-f", "md", *OWN)],
    "columns": [("columns", "-", "-f", "json")],
    "questionnaire": [("questionnaire", "orders.csv", "--order", "A-1", *OWN)],
    "verify": [("verify", "run.json", "orders.csv")],
    "backtest": [("backtest", "--data", "-", "--labels", "labels.csv", *OWN)],
    "fields": [("fields",)],
    "schema": [("schema", "pack")],
    "rules list": [("rules", "list", "-r", "own.yaml", "--only-rules")],
    "rules show": [("rules", "show", "own/paste", "-r", "own.yaml", "--only-rules")],
    "rules coverage": [("rules", "coverage")],
    "rules new": [
        ("rules", "new", "--id", "own", "--title", "Own", "--severity", "low", "--fact", "trade",
         "--when", "product.family is urea"),
    ],
    "rules test": [("rules", "test", "own.yaml")],
    "rules diff": [("rules", "diff", "own.yaml", "other.yaml", "--data", "orders.csv")],
    "rules lint": [("rules", "lint", "broken.yaml"), ("rules", "lint", "own.yaml", "-f", "json")],
    "": [("--version",), ("--help",), ("check", "--no-such-option")],
}  # fmt: skip


def _names(command: Any, before: tuple[str, ...] = ()) -> Iterator[str]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield " ".join(before)
        return
    for name, one in inner.items():
        yield from _names(one, (*before, name))


def test_no_command_is_left_out() -> None:
    assert set(COMMANDS) - {""} == set(_names(typer.main.get_command(app)))


@pytest.mark.parametrize(
    "arguments", [one for told in COMMANDS.values() for one in told], ids=" ".join
)
def test_a_process_of_its_own_says_the_same(arguments: tuple[str, ...]) -> None:
    files = dict(FILES)
    if arguments[0] == "verify":
        files["run.json"] = redflags("check", "orders.csv", "-f", "json", files=files).stdout
    here = redflags(*arguments, given=ORDERS, files=files)
    there = redflags_process(*arguments, given=ORDERS, files=files)
    assert there == here
    assert here.stdout or here.stderr
