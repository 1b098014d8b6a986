"""``redflags rules diff``: what both versions find is exactly what it says of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from redflags import RuleBook, Screener
from redflags.intake import read_mapping
from redflags.model.report import Report
from redflags.rulebook import load_rules
from redflags.rulebook.packs import shipped_rules
from redflags.workshop.data_diff import ORDER_CHANGES, data_diff
from tests.commands import redflags

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
LINES = ROOT.parent / "shared" / "data" / "online_retail.parquet"
GOLDEN = Path(__file__).parent / "golden"

OLD = """\
lists:
  watched:
    kind: family
    source: judgement
    entries: [sorbitol, urea]
rules:
  - id: watched-in-bulk
    title: Watched goods in bulk
    severity: medium
    fact: trade
    when:
      product.family: {in_list: watched}
      quantity: {at_least: 1 t}
  - id: paid-in-cash
    title: The order is paid for in cash
    severity: low
    fact: payment
    when: {payment.method: cash}
  - id: any-paste
    title: Aluminium paste
    severity: low
    fact: scale
    when: {product.family: aluminium-paste}
"""
NEW = (
    OLD.replace("entries: [sorbitol, urea]", "entries: [sorbitol, urea, acetone]")
    .replace("1 t}", "500 kg}")
    .replace("id: paid-in-cash", "id: cash")
    .replace("severity: low\n    fact: scale", "severity: high\n    fact: scale")
)
ORDERS = """\
order_id,product,quantity,payment_method,buyer_name
A-1,urea,2 t,cash,Example One
A-2,urea,600 kg,,Example Two
A-3,acetone,700 kg,cash,Example | Three `x` <b>
A-4,aluminium paste,5 kg,,Example Four
A-5,paper,5 t,cash,Example Five
A-6,paper,5 t,,Example Six
"""
FILES = {"then.yaml": OLD, "now.yaml": NEW, "orders.csv": ORDERS}
DIFF = ("rules", "diff", "then.yaml", "now.yaml")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("then.yaml", "now.yaml"), 1),
        (("then.yaml", "then.yaml"), 0),
        (("then.yaml", "same.yaml", "--data", "orders.csv"), 0),
        (("then.yaml", "now.yaml", "--data", "orders.csv"), 1),
        (("then.yaml", "then.yaml", "--data", "no-such.csv"), 3),
        (("then.yaml", "then.yaml", "--data", "-"), 2),
        (("then.yaml", "then.yaml", "--data", "orders.csv", "--history", "-"), 2),
        (("then.yaml", "broken.yaml"), 2),
        (("then.yaml", "no-such.yaml"), 2),
        (("then.yaml", "then.yaml", "-f", "html"), 2),
        (("then.yaml", "then.yaml", "--examples", "-1"), 2),
        (("then.yaml",), 2),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
)
def test_exit_codes(arguments: tuple[str, ...], code: int) -> None:
    files = FILES | {"same.yaml": "# a comment\n" + OLD, "broken.yaml": "rules: [{id: x}]"}
    finished = redflags("rules", "diff", *arguments, files=files)
    assert finished.code == code
    assert bool(finished.stdout) == (code < 2)


@pytest.mark.parametrize(("name", "ending"), [("table", "txt"), ("markdown", "md")])
def test_the_comparison_is_as_the_golden_file(name: str, ending: str) -> None:
    expected = (GOLDEN / f"rules-diff.{ending}").read_text(encoding="utf-8")
    assert written(name) == expected


def written(name: str) -> str:
    """What is written, with what stands on standard error below it."""
    finished = redflags(*DIFF, "--data", "orders.csv", "--examples", "2", "-f", name, files=FILES)
    return finished.stdout + finished.stderr


def test_json_has_every_change() -> None:
    found = redflags(*DIFF, "--data", "orders.csv", "--examples", "0", "-f", "json", files=FILES)
    plain = json.loads(found.stdout)
    assert plain["step"] == "major"
    assert {one["name"]: one["relation"] for one in plain["rules"]} == {
        "now/any-paste": "same",
        "now/cash": "same",
        "now/watched-in-bulk": "wider",
    }
    changed = {one["order_id"]: one["change"] for one in plain["data"]["changed"]}
    assert changed == {"A-2": "appears", "A-3": "raised", "A-4": "raised"}
    assert plain["data"]["changes"] == dict.fromkeys(ORDER_CHANGES, 0) | {
        "appears": 1, "raised": 2
    }  # fmt: skip
    assert plain["data"]["rules"] == [{"rule": "now/watched-in-bulk", "before": 1, "after": 3}]


def test_a_text_of_an_order_cannot_write_into_the_output() -> None:
    files = FILES | {
        "orders.csv": 'order_id,product\n"\x1b[31m|<b>`a`",aluminium paste\n',
        "now.yaml": NEW.replace("title: Aluminium paste", 'title: "\\e[31m | <b>"'),
    }
    for name in ("table", "markdown", "json"):
        out = redflags(*DIFF, "--data", "orders.csv", "-f", name, files=files).stdout
        assert "\x1b" not in out
        assert name != "markdown" or "<b>" not in out


Told = dict[str, tuple[Any, ...]]


def told(report: Report) -> Told:
    """What a run says of each order with a flag, rules by the ends of their names."""
    return {
        one.order_id: (
            one.band, one.stop, one.bits, {flag.rule.rpartition("/")[2] for flag in one.flags}
        )
        for one in report.assessments
        if one.flags
    }  # fmt: skip


def check(before: Report, after: Report, names: dict[str, str] | None = None) -> int:
    """That the comparison names exactly the orders of which two runs say different things; how
    many these are."""
    then, now = told(before), told(after)
    found = data_diff(before, after, names or {})
    changes = {one.order_id: one.change for one in found.changed if one.change != "facts"}
    assert {one for one, kind in changes.items() if kind == "appears"} == now.keys() - then.keys()
    assert {one for one, kind in changes.items() if kind == "vanishes"} == then.keys() - now.keys()
    differing = {one for one in then.keys() & now.keys() if then[one] != now[one]}
    assert differing == {
        one for one, kind in changes.items() if kind not in ("appears", "vanishes")
    }
    for one in found.changed:
        if one.change in ("raised", "lowered", "score"):
            assert (one.change == "score") == (then[one.order_id][:2] == now[one.order_id][:2])
    assert (found.before.alerts, found.after.alerts) == (len(then), len(now))
    return len(changes)


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[RuleBook, RuleBook]:
    """The shipped packs and another version of them: bounds, severities and lists moved."""
    changed = tmp_path_factory.mktemp("version") / "rules"
    shutil.copytree(shipped_rules(), changed)
    for pack in ("car-2020", "payment", "networks"):
        for path in (changed / pack).glob("*.yaml"):
            text = path.read_text(encoding="utf-8")
            text = text.replace("severity: medium", "severity: low").replace("100 kg", "5 t")
            path.write_text(text.replace("expect: flag", "expect: no flag"), encoding="utf-8")
    (changed / "payment" / "pack.yaml").unlink()
    packs = sorted(str(one) for one in changed.iterdir() if one.is_dir())
    return load_rules(profile=None), load_rules(packs, shipped=False)


@pytest.mark.parametrize("file", ["orders.csv", "networks/surge.csv", "networks/junction.csv"])
def test_the_changes_are_exactly_those_that_running_both_finds(
    versions: tuple[RuleBook, RuleBook], file: str
) -> None:
    path = str(EXAMPLES / file)
    before, after = (Screener(book).check_files([path]) for book in versions)
    count = check(before, after)
    assert count or file != "orders.csv"
    assert check(before, before) == 0


RETAIL = """\
rules:
  - id: to-other-countries
    title: Goods go to another country in number
    severity: low
    fact: place
    when:
      quantity: {at_least: 500 pieces}
      none: [{buyer.country: [GB]}]
  - id: many-pieces
    title: Very many pieces
    severity: medium
    fact: scale
    when: {quantity: {more_than: 2000 pieces}}
"""
MAPPING = """\
[columns]
order_id = "InvoiceNo"
product = "Description"
quantity = "Quantity"
date = "InvoiceDate"
"buyer.country" = "Country"
[constants]
unit = "pcs"
"""


@pytest.mark.skipif(
    not LINES.exists(), reason="the retail lines (shared/data) are not beside the project"
)
def test_on_half_a_million_lines_too(tmp_path: Path) -> None:
    (tmp_path / "mapping.toml").write_text(MAPPING)
    (tmp_path / "then.yaml").write_text(RETAIL)
    narrower = RETAIL.replace("500 pieces", "600 pieces").replace("2000 pieces", "1000 pieces")
    (tmp_path / "now.yaml").write_text(narrower)
    mapping = read_mapping(str(tmp_path / "mapping.toml"))
    before, after = (
        Screener(load_rules([tmp_path / name], shipped=False)).check_files(
            [str(LINES)], mapping=mapping
        )
        for name in ("then.yaml", "now.yaml")
    )
    names = {"now/to-other-countries": "then/to-other-countries",
             "now/many-pieces": "then/many-pieces"}  # fmt: skip
    assert check(before, after, names) > 20
    found = data_diff(before, after, names)
    assert {one.change for one in found.changed} >= {"appears", "vanishes", "raised"}
    assert not any(one.change == "facts" for one in found.changed)


def write_golden_files() -> None:
    """Write the golden files anew: python -m tests.test_cli_rules_diff, then read the
    difference."""
    for name, ending in (("table", "txt"), ("markdown", "md")):
        (GOLDEN / f"rules-diff.{ending}").write_text(written(name), encoding="utf-8")


if __name__ == "__main__":
    write_golden_files()
