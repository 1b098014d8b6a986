"""The commands for rule authors: exit codes, streams, and the path of a newcomer."""

from __future__ import annotations

import json

import pytest

from tests.commands import redflags

BAD = """
rules:
  - id: paid-in-cash
    title: The order is paid for in cash
    severity: high
    fact: payment
    when: {payment.method: cash}
    examples:
      - {name: cash, given: {payment.method: transfer}, expect: flag}
"""
ORDERS = "order_id,product,quantity,buyer_business\n1,sorbitol,6 t,phone shop\n"


def test_the_path_of_a_newcomer() -> None:
    new = redflags(
        "rules", "new", "--id", "bulk-sorbitol-for-shops", "--title", "Phone shop orders sorbitol",
        "--severity", "medium", "--fact", "trade", "--when", "product.family is sorbitol",
        "--when", "buyer.business is mobile-phone-shop", "--when", "quantity at_least 100 kg",
    )  # fmt: skip
    assert new.code == 0
    files = {"own.yaml": new.stdout, "orders.csv": ORDERS}
    tested = redflags("rules", "test", "own.yaml", "--mutate", "--coverage", files=files)
    assert (tested.code, "all as expected" in tested.stderr) == (0, True)
    linted = redflags("rules", "lint", "--strict", "own.yaml", files=files)
    assert (linted.code, linted.stdout) == (0, "")
    checked = redflags("check", "orders.csv", "-r", "own.yaml", "-f", "json", files=files)
    assert checked.code == 1
    assert "own/bulk-sorbitol-for-shops" in checked.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("rules", "lint", "bad.yaml"), 1),
        (("rules", "lint", "broken.yaml"), 2),
        (("rules", "lint", "no-such-file.yaml"), 2),
        (("rules", "lint", "bad.yaml", "--data", "no-such-file.csv"), 3),
        (("rules", "lint", "bad.yaml", "-f", "xml"), 2),
        (("rules", "lint", "--explain", "RL999"), 2),
        (("rules", "lint", "--explain", "rl301"), 0),
        (("rules", "test", "bad.yaml"), 1),
        (("rules", "test", "broken.yaml"), 2),
        (("rules", "test", "bad.yaml", "-f", "xml"), 2),
        (("rules", "new", "--id", "a"), 2),
        (("schema",), 0),
        (("schema", "pack"), 0),
        (("schema", "everything"), 2),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
)
def test_exit_codes(arguments: tuple[str, ...], code: int) -> None:
    files = {"bad.yaml": BAD, "broken.yaml": "rules: [{id: a}]"}
    finished = redflags(*arguments, files=files)
    assert finished.code == code
    assert "Traceback" not in finished.stderr
    assert "defect" not in finished.stderr


def test_a_file_is_never_written_over() -> None:
    finished = redflags("rules", "new", "-o", "own.yaml", files={"own.yaml": "mine"})
    assert finished.code == 2
    assert "there already" in finished.stderr


def test_findings_as_data_stand_on_standard_output() -> None:
    files = {"bad.yaml": BAD, "orders.csv": ORDERS}
    for name in ("json", "sarif"):
        finished = redflags(
            "rules", "lint", "bad.yaml", "-f", name, "--data", "orders.csv", files=files
        )
        text = json.dumps(json.loads(finished.stdout))
        assert "RL301" in text
        assert "RL503" in text
        assert "RL701" in text
    finished = redflags("rules", "lint", "bad.yaml", "-f", "github", files=files)
    assert finished.stdout.startswith("::error file=bad.yaml,line=")


def test_the_schema_offers_the_lists_of_own_rules() -> None:
    own = "lists: {shops: {kind: business, source: judgement, entries: [farm]}}"
    finished = redflags("schema", "-r", "own.yaml", files={"own.yaml": own})
    assert '"own/shops"' in finished.stdout
    assert json.loads(finished.stdout)["$schema"].endswith("2020-12/schema")
