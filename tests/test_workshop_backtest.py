"""What a back-test says is what counting by hand says, and no more than the labels allow."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from redflags import RuleBook, Screener
from redflags.errors import InputError
from redflags.model.report import Report
from redflags.rulebook import load_rules, parse_rules
from redflags.scoring import is_at_least
from redflags.weights import BANDS
from redflags.workshop.backtest import ENOUGH, SCORES, Backtest, Counts, backtest
from redflags.workshop.labels import WORDS, Labels, read_labels
from redflags.workshop.shares import Share, precision_in_trade

CASES = Path(__file__).parent / "cases"
EXAMPLES = Path(__file__).parents[1] / "examples" / "orders.csv"


def written(folder: Path, text: str, name: str = "labels.csv") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("word", "label"),
    [
        *WORDS.items(),
        ("Documented", True),
        (" BENIGN ", False),
        ("of_concern", True),
        ("Ｈｏｎｅｓｔ", False),
    ],
)
def test_the_words_of_labels(tmp_path: Path, word: str, label: bool | None) -> None:
    found = read_labels(written(tmp_path, f"order_id,label\nA,{word}\nB,honest\n"))
    assert found.by_order == {"B": False} | ({} if label is None else {"A": label})
    assert found.undecided == (label is None)


def test_other_columns_and_other_forms_of_the_table(tmp_path: Path) -> None:
    text = "Why;Kind;Order ID\nsaid so;documented;7\n;benign;8\nagain;documented;7\n"
    assert read_labels(written(tmp_path, text)).by_order == {"7": True, "8": False}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("order_id,label\nA,honest\nA,of concern\n", r"row 3: order A is honest \(row 2\) and of"),
        ("order_id,label\nA,honets\n", r"row 2, column label: .*did you mean 'honest'"),
        ("order_id,label\nA,approved\n", r"row 2, column label: .*write of concern or honest"),
        ("order_id,label\n,honest\n", r"row 2, column order_id: a label without an order"),
        ("order,label\nA,honest\n", "no column 'order_id'"),
        ("order_id,verdict\nA,honest\n", "no column 'label'"),
        ("order_id,label,label\nA,honest,honest\n", "several columns"),
        ("", "empty|no column|nothing"),
        ("order_id,label\nA," + "x" * 100_000 + "\n", "is no label|longer"),
    ],
    ids=lambda one: one[:40],
)
def test_what_is_wrong_with_labels_is_said_with_its_place(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_labels(written(tmp_path, text))


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        # Newcombe, Two-sided confidence intervals for the single proportion, Statistics in
        # Medicine 17 (1998), table I, method 3.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_intervals_are_those_of_the_literature(
    count: int, of: int, low: float, high: float
) -> None:
    assert Share(count, of).interval == pytest.approx((low, high), abs=5e-5)


@given(st.integers(0, 10**9).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_an_interval_holds_its_share_and_mirrors(pair: tuple[int, int]) -> None:
    count, of = pair
    share, other = Share(count, of), Share(of - count, of)
    low, high = share.interval
    assert 0 <= low <= high <= 1
    assert share.value is None or low - 1e-12 <= share.value <= high + 1e-12
    assert share.interval == pytest.approx(tuple(1 - end for end in other.interval[::-1]), abs=1e-9)


def test_precision_in_trade_follows_from_how_rare_orders_of_concern_are() -> None:
    all_found, no_false = Share(10**9, 10**9), Share(0, 10**9)
    assert precision_in_trade(all_found, no_false, 1000) == pytest.approx((1, 1), abs=1e-4)
    one_in_ten = Share(10**8, 10**9)
    low, high = precision_in_trade(all_found, one_in_ten, 1000)
    assert low == pytest.approx(high, abs=1e-4)
    assert low == pytest.approx(1 / (1 + 999 * 0.1), abs=1e-4)
    nothing = Share(0, 0)
    assert precision_in_trade(nothing, nothing, 10) == (0.0, 1.0)


RULES = """\
rules:
  - id: watched-in-bulk
    title: Watched goods in bulk
    severity: high
    fact: trade
    when: {product.family: [sorbitol, urea], quantity: {at_least: 1 t}}
  - id: cash
    title: Paid for in cash
    severity: medium
    fact: payment
    when: {payment.method: cash}
    lowers:
      - {when: {buyer.country: TR}, by: low, because: "Cash is usual there."}
  - id: also-payment
    title: Cash, and much
    severity: medium
    fact: payment
    when: {payment.method: cash, quantity: {at_least: 1 t}}
  - id: little-known
    title: No name
    severity: low
    fact: end-user
    when: {buyer.name: {known: no}}
  - id: stopped
    title: A stop
    kind: stop
    when: {product.family: ammonium-nitrate}
  - id: never
    title: Never
    severity: low
    fact: place
    when: {buyer.country: AQ}
"""
GOODS = ("urea", "paper", "ammonium nitrate", "sorbitol")


def orders(folder: Path) -> str:
    """Orders of all combinations of a few facts."""
    path = folder / "orders.csv"
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["order_id", "product", "quantity", "payment_method", "buyer_name",
                         "buyer_country"])  # fmt: skip
        number = 0
        for goods in GOODS:
            for quantity in ("2 t", "5 kg"):
                for method in ("cash", "bank transfer"):
                    for name, country in (("Example", "TR"), ("", "NO")):
                        number += 1
                        writer.writerow([number, goods, quantity, method, name, country])
    return str(path)


def run(path: str, book: RuleBook) -> Report:
    return Screener(book).check_files([path])


def tried(
    folder: Path, by_order: Mapping[str, bool], line: str = "medium", book: RuleBook | None = None
) -> Backtest:
    book = parse_rules(RULES) if book is None else book
    present = {str(number) for number in range(1, 33)}
    return backtest(run(orders(folder), book), book, Labels(by_order, "labels"), present, line)


SOME = {str(number): number % 3 == 0 for number in range(1, 33) if number % 4}


def counted(numbers: set[str], labels: Mapping[str, bool]) -> Counts:
    said = [labels.get(number) for number in numbers]
    return Counts(said.count(True), said.count(False), said.count(None))


@pytest.mark.parametrize("line", ["low", "medium", "high", "critical"])
def test_every_figure_is_what_counting_by_hand_says(tmp_path: Path, line: str) -> None:
    book = parse_rules(RULES)
    found = tried(tmp_path, SOME, line)
    report = run(orders(tmp_path), book)
    flagged = {one.order_id: one for one in report.assessments if one.flags}
    assert found.whole == counted({str(number) for number in range(1, 33)}, SOME)
    for band, least in BANDS:
        above = {n for n, one in flagged.items() if is_at_least(one.band, band)}
        assert found.at_line[band].flagged == counted(above, SOME)
        assert found.at_score[least].flagged == found.at_line[band].flagged
        inside = {n for n, one in flagged.items() if one.band == band}
        assert found.in_band[band] == counted(inside, SOME)
    above = {n for n, one in flagged.items() if is_at_least(one.band, line)}
    for result in found.rules:
        own = {n for n, one in flagged.items() if result.rule in {f.rule for f in one.flags}}
        assert result.caught.flagged == counted(own, SOME)
        alone = {n for n in own if len(flagged[n].flags) == 1}
        assert result.alone == counted(alone, SOME)
        # What a rule adds is what is lost when the rule book is loaded without it.
        pack = book.packs[0]
        rest = replace(pack, rules=tuple(one for one in pack.rules if one.name != result.rule))
        without = run(orders(tmp_path), replace(book, packs=(rest,)))
        still = {one.order_id for one in without.assessments if is_at_least(one.band, line)}
        assert result.needed == counted(above - still, SOME)
    assert found.silent == ("rules/never",)


def test_the_shares_are_of_labelled_orders_alone(tmp_path: Path) -> None:
    labels = {"1": True, "2": False, "3": True}
    found = tried(tmp_path, labels).at_line["low"]
    assert (found.recall.of, found.false_alarms.of) == (2, 1)
    assert found.precision.of <= 3
    assert found.load.of == 32


def test_an_order_without_a_label_is_never_taken_for_honest(tmp_path: Path) -> None:
    few = {number: label for number, label in SOME.items() if int(number) < 20}
    found = tried(tmp_path, few)
    for caught in (*found.at_line.values(), *(one.caught for one in found.rules)):
        assert caught.precision.of == caught.flagged.concern + caught.flagged.honest
        assert caught.false_alarms.of == list(few.values()).count(False)
    assert found.whole.unlabelled == 32 - len(few)


def test_labels_of_orders_that_are_not_there_are_in_no_figure(tmp_path: Path) -> None:
    found = tried(tmp_path, SOME | {"no-such": True, "nor-this": False})
    assert found.absent == ("no-such", "nor-this")
    assert found.whole == tried(tmp_path, SOME).whole
    assert found.at_score == tried(tmp_path, SOME).at_score


def test_no_labels_at_all(tmp_path: Path) -> None:
    found = tried(tmp_path, {})
    assert found.at_line["low"].recall.value is None
    assert found.at_line["low"].precision.interval == (0.0, 1.0)
    assert found.proposal is None
    assert not found.is_enough


def test_a_higher_line_never_catches_more(tmp_path: Path) -> None:
    found = tried(tmp_path, SOME)
    assert len(found.at_score) == len(SCORES)
    for one, next_one in zip(found.at_score, found.at_score[1:], strict=False):
        assert one.flagged.concern >= next_one.flagged.concern
        assert one.flagged.honest >= next_one.flagged.honest
        assert one.flagged.all >= next_one.flagged.all


def many(folder: Path, count: int) -> Backtest:
    """``count`` orders of concern, each found at high; as many honest ones, a tenth at medium."""
    path = folder / "many.csv"
    lines = ["order_id,product,quantity,payment_method,buyer_name,buyer_country"]
    labels = {}
    for number in range(count):
        lines.append(f"C{number},urea,2 t,,Example,NO")
        method = "cash" if number % 10 == 0 else "bank transfer"
        lines.append(f"H{number},paper,1 kg,{method},Example,NO")
        labels |= {f"C{number}": True, f"H{number}": False}
    path.write_text("\n".join(lines))
    book = parse_rules(RULES)
    return backtest(run(str(path), book), book, Labels(labels, "labels"), labels.keys(), "medium")


def test_with_few_labels_nothing_is_proposed_and_with_many_only_what_is_better(
    tmp_path: Path,
) -> None:
    few, enough = many(tmp_path, ENOUGH - 1), many(tmp_path, ENOUGH)
    assert (few.is_enough, few.proposal) == (False, None)
    assert enough.is_enough
    assert enough.proposal is not None
    assert enough.proposal.score == 60  # a lone high sign
    assert enough.proposal.caught.flagged == Counts(ENOUGH, 0, 0)


def test_the_shipped_rules_on_the_labelled_cases() -> None:
    labels = read_labels(str(CASES / "labels.csv"))
    book = load_rules()
    report = run(str(CASES / "orders.csv"), book)
    found = backtest(report, book, labels, labels.by_order.keys(), "medium")
    assert found.whole.unlabelled == 0
    assert found.at_line["medium"].false_alarms.count == 0
    for one in found.rules:
        assert one.alone.all <= one.caught.flagged.all
        assert one.needed.all <= one.caught.flagged.all
