"""Repeating a run: the same, or it is named what differs."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path

import pytest

from tests.commands import Finished, redflags, redflags_process

ROOT = Path(__file__).parents[1]
ORDERS = (ROOT / "examples" / "orders.csv").read_text(encoding="utf-8")
RULES = """
lists:
  shops: {kind: business, source: judgement, entries: [mobile-phone-shop, electronics-retailer]}
  places:
    kind: country
    source: judgement
    entries: [{value: TR, from: 2014-01-01}, SY]
mitigations:
  large: {fact: place, when: {buyer.size: large}, by: low, because: It is large.}
rules:
  - id: shop
    title: A shop orders paste
    severity: high
    fact: trade
    why: It is a shop.
    source: judgement
    when: {buyer.business: {in_list: shops}, product.family: aluminium-paste}
  - id: place
    title: Goods to a place
    severity: medium
    fact: place
    why: It is a place.
    source: judgement
    when: {consignee.country: {in_list: places}}
"""
TABLE = [
    ["order_id", "date", "buyer_business", "product", "quantity", "consignee_country", "colour"],
    ["A", "2015-01-01", "mobile phone shop", "aluminium paste", "6 t", "TR", "red"],
    ["B", "2015-02-01", "bakery", "flour", "1 t", "DE", "blue"],
    ["C", "2015-03-01", "bakery", "aluminium paste", "2 t", "SY", "red"],
    ["C", "2015-03-01", "bakery", "flour", "2 t", "SY", "red"],
    ["", "2015-04-01", "mobile phone shop", "aluminium paste", "3 t", "FR", ""],
]


def as_csv(rows: list[list[str]]) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue()


def run_of(orders: str, *arguments: str, **files: str) -> str:
    """The report of a run."""
    files = {"orders.csv": orders, **{name.replace("_", "."): one for name, one in files.items()}}
    found = redflags(
        "check", "orders.csv", "-f", "json", "--as-of", "2026-01-31", *arguments, files=files
    )
    assert found.code in (0, 1), found.stderr
    return found.stdout


def verified(run: str, orders: str, *arguments: str, **files: str) -> Finished:
    names = {name.replace("_", "."): one for name, one in files.items()}
    return redflags(
        "verify", "run.json", "now.csv", *arguments,
        files={"run.json": run, "now.csv": orders, **names},
    )  # fmt: skip


def differences(found: Finished) -> set[tuple[str, str]]:
    assert found.code == 1, found
    return {(one["what"], one["name"]) for one in json.loads(found.stdout)["differences"]}


@pytest.fixture(scope="module")
def own_run() -> str:
    return run_of(as_csv(TABLE), "-r", "rules.yaml", "--only-rules", rules_yaml=RULES)


@pytest.fixture(scope="module")
def shipped_run() -> str:
    return run_of(ORDERS)


def test_another_process_says_the_same(shipped_run: str) -> None:
    found = redflags_process(
        "verify", "run.json", "now.csv", files={"run.json": shipped_run, "now.csv": ORDERS}
    )
    assert found.code == 0, found
    assert found.stdout.startswith("same: 46 orders")
    assert "note" not in found.stdout


def test_rows_in_another_order_say_the_same(own_run: str) -> None:
    rows = TABLE[:1] + random.Random(3).sample(TABLE[1:], len(TABLE) - 1)
    found = verified(own_run, as_csv(rows), rules_yaml=RULES)
    assert found.code == 0, found
    assert "not the same byte for byte" in found.stdout


@pytest.mark.parametrize(
    ("row", "column", "order"),
    [(1, 4, "A"), (2, 2, "B"), (3, 3, "C"), (4, 1, "C"), (2, 4, "B"), (5, 4, "1 without a number")],
)
def test_a_changed_cell_is_named_by_its_order(
    own_run: str, row: int, column: int, order: str
) -> None:
    rows = [list(one) for one in TABLE]
    rows[row][column] = rows[row][column].replace("2", "3").replace("6", "7").replace("3", "4")
    if rows == TABLE:
        rows[row][column] += " works"
    found = differences(verified(own_run, as_csv(rows), "-f", "json", rules_yaml=RULES))
    assert {name for what, name in found if what == "order"} == {order}
    assert {what for what, _ in found} <= {"order", "result"}


def test_an_order_more_and_one_less_are_named(own_run: str) -> None:
    rows = [*TABLE[:2], *TABLE[3:], ["D", *TABLE[1][1:]]]
    found = verified(own_run, as_csv(rows), "-f", "json", rules_yaml=RULES)
    assert {name for what, name in differences(found) if what == "order"} == {"B", "D"}
    assert ("result", "D") in differences(found)


def test_a_cell_of_a_column_that_is_not_used_says_the_same(own_run: str) -> None:
    rows = [list(one) for one in TABLE]
    rows[1][6] = "green"
    assert verified(own_run, as_csv(rows), rules_yaml=RULES).code == 0


@pytest.mark.parametrize(
    ("old", "new", "what", "name", "told"),
    [
        ("title: A shop", "title: One shop", "rule", "rules/shop", "something else"),
        ("severity: medium", "severity: high", "rule", "rules/place", "something else"),
        ("mobile-phone-shop, ", "", "list", "rules/shops", "mobile-phone-shop is not there"),
        ("- id: place", "- id: spot", "rule", "rules/spot", "was not there then"),
        ("[mobile-phone", "[bakery, mobile-phone", "list", "rules/shops", "was not there then"),
        ("2014-01-01", "2014-01-02", "list", "rules/places", "the entry TR says something else"),
        ("by: low", "by: medium", "pack", "rules", "mitigation"),
    ],
)
def test_a_changed_rule_or_list_entry_is_named(
    own_run: str, old: str, new: str, what: str, name: str, told: str
) -> None:
    assert old in RULES
    found = verified(own_run, as_csv(TABLE), "-f", "json", rules_yaml=RULES.replace(old, new, 1))
    of_rules = [
        one
        for one in json.loads(found.stdout)["differences"]
        if one["what"] in ("rule", "list", "pack")
    ]
    assert (what, name) in {(one["what"], one["name"]) for one in of_rules}
    assert any(told in one["detail"] for one in of_rules)
    # A changed list is no change of the rules that use it.
    if what == "list":
        assert {one["what"] for one in of_rules} == {"list"}
    assert found.code == 1


def test_the_layout_of_a_rule_file_is_no_difference(own_run: str) -> None:
    laid_out = RULES.replace("rules:\n", "# a comment\nrules:\n").replace(
        "{buyer.size: large}", '{"buyer.size": "large"}'
    )
    assert verified(own_run, as_csv(TABLE), rules_yaml=laid_out).code == 0


def test_rules_that_were_moved_are_given(own_run: str, tmp_path: Path) -> None:
    lost = verified(own_run, as_csv(TABLE))
    assert lost.code == 2
    assert "rules.yaml" in lost.stderr
    moved = tmp_path / "rules.yaml"
    moved.write_text(RULES, encoding="utf-8")
    assert verified(own_run, as_csv(TABLE), "-r", str(moved)).code == 0


def test_mapping_answers_and_settings_are_those_of_the_run() -> None:
    mapping = '[columns]\nproduct = "Ware"\nbuyer_business = "Branche"\n'
    answers = "order_id,observation,answer\nA,refuses_end_use,yes\n"
    orders = "order_id;Branche;Ware;quantity\nA;mobile phone shop;aluminium paste;1,5 t\n"
    given = {"map_toml": mapping, "answers_csv": answers}
    run = run_of(orders, "--mapping", "map.toml", "--answers", "answers.csv", **given)
    settings = json.loads(run)["run"]
    assert settings["mapping"]["path"] == "map.toml"
    assert settings["answers"]["path"] == "answers.csv"
    assert verified(run, orders, **given).code == 0
    other = given | {"answers_csv": answers.replace("yes", "no")}
    found = differences(verified(run, orders, "-f", "json", **other))
    assert ("answers", "answers.csv") in found
    other = given | {"map_toml": mapping + '[units]\nquantity = "kg"\n'}
    assert ("mapping", "map.toml") in differences(verified(run, orders, "-f", "json", **other))


def test_the_settings_of_the_day_do_not_reach_a_repetition(shipped_run: str) -> None:
    found = redflags(
        "verify", "run.json", "now.csv",
        files={
            "run.json": shipped_run,
            "now.csv": ORDERS,
            "redflags.toml": 'fail_on = "low"\nprofile = "bank"\nmin_score = 50\n',
        },
        variables={"REDFLAGS_PROFILE": "bank"},
    )  # fmt: skip
    assert found.code == 0, found


def test_digests_in_a_file_name_orders_too(tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text(as_csv(TABLE), encoding="utf-8")
    run, digests = tmp_path / "run.json", tmp_path / "run.digests.jsonl"
    made = redflags("check", str(orders), "-o", str(run), "--digests", str(digests))
    assert made.code == 1, made
    recorded = json.loads(run.read_text(encoding="utf-8"))["run"]["digests"]
    assert recorded["file"] == str(digests)
    assert recorded["orders"] == 4
    assert recorded["of_orders"] is None
    assert len(digests.read_text(encoding="utf-8").splitlines()) == 5
    assert redflags("verify", str(run), str(orders)).code == 0
    orders.write_text(as_csv(TABLE).replace("flour,1 t", "flour,9 t"), encoding="utf-8")
    found = redflags("verify", str(run), str(orders), "-f", "json")
    assert differences(found) == {("order", "B")}
    # Moved beside the report they are found; elsewhere they are given; gone, it is said.
    moved = tmp_path / "elsewhere.jsonl"
    digests.rename(moved)
    assert "give --digests" in redflags("verify", str(run), str(orders)).stdout
    found = redflags("verify", str(run), str(orders), "-f", "json", "--digests", str(moved))
    assert differences(found) == {("order", "B")}
    text = moved.read_text(encoding="utf-8").splitlines(keepends=True)
    moved.write_text("".join(text[:-1]), encoding="utf-8")
    found = redflags("verify", str(run), str(orders), "-f", "json", "--digests", str(moved))
    assert ("digests", str(moved)) in differences(found)


def test_the_digests_need_a_file_of_their_own() -> None:
    found = redflags(
        "check", "orders.csv", "-o", "one.json", "--digests", "one.json",
        files={"orders.csv": as_csv(TABLE)},
    )  # fmt: skip
    assert found.code == 2
    assert "file of their own" in found.stderr


def test_without_digests_it_is_said_that_the_input_is_another(own_run: str) -> None:
    plain = json.loads(own_run)
    plain["run"]["digests"] = None
    rows = as_csv(TABLE).replace("flour", "rye")
    found = verified(json.dumps(plain), rows, "-f", "json", rules_yaml=RULES)
    assert differences(found) == {("input", "now.csv")}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no JSON"),
        ("{}", "no run, summary and assessments"),
        ("[1, 2]", "no run, summary and assessments"),
        ("[" * 100_000, "no JSON"),
        ('{"run": 1, "summary": {}, "assessments": []}', "no report that can be used"),
        ('{"run": {}, "summary": {}, "assessments": []}', "run.version"),
        ("\x00\x01PK", "no JSON"),
    ],
    ids=["empty", "object", "list", "deep", "no run", "empty run", "binary"],
)
def test_a_report_that_is_none_exits_2_and_says_why(content: str, message: str) -> None:
    found = verified(content, as_csv(TABLE))
    assert found.code == 2
    assert message in found.stderr
    assert "Traceback" not in found.stderr


GONE = object()


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("assessments", 0, "bits"), GONE),
        (("assessments", 0, "band"), "purple"),
        (("assessments", 0), 7),
        (("assessments", 0, "score"), "1e999"),
        (("assessments", 0, "bits"), float("inf")),
        (("assessments", 0, "lines"), [{}]),
        (("run", "as_of"), "yesterday"),
        (("run", "from_the_future"), 1),
        (("run", "settings", "policy"), {"purple": ["note"]}),
        (("run", "settings", "header_row"), "x"),
        (("run", "settings", "header_row"), -4),
        (("run", "settings", "delimiter"), "several"),
        (("run", "settings", "encoding"), "no such"),
        (("run", "settings", "decimal"), "x"),
        (("run", "settings", "profile"), "no such"),
        (("run", "settings", "input_format"), "no such"),
        (("run", "packs"), []),
        (("run", "digests"), {"orders": 1, "file": "no such file", "sha256": "0"}),
        (("summary",), [1]),
        (("summary",), {}),
    ],
    ids=range(20),
)
def test_a_report_that_was_tampered_with_is_refused_or_compared(
    own_run: str, place: tuple[str | int, ...], value: object
) -> None:
    plain = json.loads(own_run)
    inner = plain
    for key in place[:-1]:
        inner = inner[key]
    if value is GONE:
        del inner[place[-1]]
    else:
        inner[place[-1]] = value
    found = verified(json.dumps(plain), as_csv(TABLE), rules_yaml=RULES)
    assert found.code in (0, 1, 2, 3)
    assert "defect" not in found.stderr
    assert found.stderr or found.stdout


def test_a_report_and_an_input_that_are_not_there(own_run: str) -> None:
    assert redflags("verify", "no.json", "no.csv").code == 2
    found = redflags(
        "verify", "run.json", "no.csv", files={"run.json": own_run, "rules.yaml": RULES}
    )
    assert found.code == 3


def test_a_large_run_in_columns_is_repeated(tmp_path: Path) -> None:
    rows = TABLE[:1] + [[f"{n}", *TABLE[1 + n % 3][1:]] for n in range(3000)]
    run = run_of(
        as_csv(rows), "-r", "rules.yaml", "--only-rules", "--engine", "columnar", rules_yaml=RULES
    )
    assert json.loads(run)["run"]["digests"] is None
    turned = rows[:1] + rows[:0:-1]
    found = verified(run, as_csv(turned), "-f", "json", rules_yaml=RULES)
    assert differences(found) == {("input", "now.csv")}


SEVERAL = """
rules:
  - id: several
    title: Paste again
    severity: medium
    fact: network
    why: It is ordered again.
    source: judgement
    across:
      same: [buyer]
      within: 30 days
      where: {product: {mentions: paste}}
      having: {count: {at_least: 2}}
"""
EARLIER = [
    ["order_id", "date", "buyer_name", "product"],
    ["H-1", "2025-03-01", "Example Phones", "aluminium paste"],
    ["H-2", "2025-03-02", "Example Bakery", "flour"],
    ["H-3", "2025-03-03", "Example Paints", "aluminium paste"],
]
NEW = [EARLIER[0], ["N-1", "2025-03-09", "Example Phones", "aluminium paste"]]


def of_history(history: list[list[str]], *arguments: str, engine: str = "judge") -> Finished:
    """A run beside earlier orders, repeated beside these."""
    given = {"several_yaml": SEVERAL, "old_csv": as_csv(EARLIER)}
    own = ("-r", "several.yaml", "--only-rules", "--history", "old.csv", "--engine", engine)
    run = run_of(as_csv(NEW), *own, **given)
    return verified(
        run, as_csv(NEW), "--history", "moved.csv", *arguments,
        several_yaml=SEVERAL, moved_csv=as_csv(history),
    )  # fmt: skip


@pytest.mark.parametrize("engine", ["judge", "columnar"])
def test_earlier_orders_in_another_order_of_rows_say_the_same(engine: str) -> None:
    found = of_history([EARLIER[0], *EARLIER[:0:-1]], engine=engine)
    assert found.code == 0, found
    assert "every earlier order states the same" in found.stdout


@pytest.mark.parametrize("engine", ["judge", "columnar"])
def test_a_changed_cell_of_an_earlier_order_is_named_by_it(engine: str) -> None:
    rows = [list(row) for row in EARLIER]
    rows[1][3] = "flour"
    found = differences(of_history(rows, "-f", "json", engine=engine))
    assert found == {("history", "H-1"), ("result", "N-1")}
    assert differences(of_history(EARLIER[:3], "-f", "json", engine=engine)) == {("history", "H-3")}


def test_many_earlier_orders_are_compared_by_one_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("redflags.screener.FEW_DIGESTS", 2)
    assert of_history([EARLIER[0], *EARLIER[:0:-1]]).code == 0
    found = differences(of_history(EARLIER[:3], "-f", "json"))
    assert ("history", "moved.csv") in found


RATES = "date,currency,rate\n2015-01-01,USD,1.10\n2015-01-01,GBP,0.8\n"


@pytest.mark.parametrize(
    ("now", "code"),
    [
        (RATES, 0),
        ("date,currency,rate\n2015-01-01,GBP,0.80\n2015-01-01,USD,1.1\n", 0),
        (RATES.replace("0.8", "0.9"), 1),
    ],
)
def test_other_exchange_rates_are_named_wherever_they_are(now: str, code: int) -> None:
    given = {"rules_yaml": RULES, "rates_csv": RATES}
    own = ("-r", "rules.yaml", "--only-rules", "--rates", "rates.csv")
    run = run_of(as_csv(TABLE), *own, **given)
    found = verified(
        run, as_csv(TABLE), "--rates", "moved.csv", "-f", "json", rules_yaml=RULES, moved_csv=now
    )
    assert found.code == code, found
    if code:
        assert differences(found) == {("rates", "moved.csv")}


def test_newer_rates_of_the_program_alone_are_a_note(own_run: str) -> None:
    plain = json.loads(own_run)
    if plain["run"]["rates"] is None:
        pytest.skip("no exchange rates come with the program here")
    plain["run"]["rates"]["sha256"] = "0" * 64
    found = verified(json.dumps(plain), as_csv(TABLE), rules_yaml=RULES)
    assert found.code == 0
    assert "exchange rates that come with the program are not those of then" in " ".join(
        found.stdout.split()
    )
