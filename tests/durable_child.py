"""Run by tests in a process of its own: rule books and orders that might crash or hang an engine.

    python -m tests.durable_child CASE

durable-rules is compiled code, and what it cannot take ends the process; so each case runs where
that can be seen from outside. Prints "same" if the durable engine gave the judge's verdicts.
"""

from __future__ import annotations

import random
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from redflags.engine.durable import DurableEngine, EngineError
from redflags.engine.judge import Judge
from redflags.model import Record, Transaction
from redflags.model.record import record_of
from redflags.rulebook import RuleBook, parse_rules
from redflags.rulebook.tree import Condition, Group, Named, Pack, Rule, Test
from redflags.values.quantity import Quantity
from redflags.values.understood import Understood
from tests.strategies import LEAVES, TEXTS, book_of

SIMPLE = book_of({"buyer.country": "TR"})


def order(**texts: Any) -> Record:
    return record_of(Transaction.model_validate(texts))


def random_orders(count: int, seed: int = 1) -> list[Record]:
    draw = random.Random(seed)
    return [
        order(
            **{
                path: draw.choice(TEXTS[path])
                for path in draw.sample(sorted(TEXTS), draw.randint(0, len(TEXTS)))
            }
        )
        for _ in range(count)
    ]


def leaves() -> list[dict[str, Any]]:
    return [{field: test} for field, test in LEAVES]


def compare(book: RuleBook, records: list[Record]) -> None:
    judge, engine = Judge(book), DurableEngine(book)
    for record in records:
        expected, found = judge.verdicts(record), engine.verdicts(record)
        assert expected == found, (dict(record), expected, found)
    assert not left_behind(engine)


def left_behind(engine: DurableEngine) -> list[Any]:
    return [fact for one in engine.pattern_sets for fact in one.facts()]


def with_whens(*whens: Condition) -> RuleBook:
    """A rule book with conditions that no rule file could state."""
    [pack], [rule] = SIMPLE.packs, SIMPLE.rules
    rules = tuple(
        Rule(**{**fields_of(rule), "name": f"p/r{number}", "when": when})
        for number, when in enumerate(whens)
    )
    return RuleBook((Pack(**{**fields_of(pack), "rules": rules}),), None, "")


def fields_of(item: Any) -> dict[str, Any]:
    return {name: getattr(item, name) for name in item.__dataclass_fields__}


def test_of(field: str, operator: str, operand: Any) -> Test:
    return Test(field, operator, operand, "", SIMPLE.rules[0].place)


def group(kind: str, *parts: Condition) -> Group:
    return Group(kind, parts, SIMPLE.rules[0].place)


def odd_values() -> None:
    """Exponents, numbers that are none, huge texts, quotes, and every control character."""
    texts = [
        "", " ", "1e400 kg", "1e-07", "1E+22", "nan", "inf", "-inf", "9" * 5000, "x" * 99_999,
        "x" * 65_536 + "TR", "TR" + "\x00", '"', '","p0":2,"x":"', "\\", "{}", "[1]", "\u202eTR",
        "٦ طن", "６ ｔ", "-0", "0x10", "1_000", "𝟞 kg", "true", "null",
        "".join(map(chr, range(1, 32))), "-9223372036854775808 kg", "9223372036854775807 kg",
        "9223372036854775808 kg", "9007199254740993 kg", "8999 t", "9007.199254740993 t",
    ]  # fmt: skip
    records = [order(**{path: text}) for path in TEXTS for text in texts]
    records += [order(**dict.fromkeys(TEXTS, text)) for text in texts]
    compare(book_of(*leaves(), *({"none": [leaf]} for leaf in leaves())), records)


def direct_values() -> None:
    """Values that a caller made without a parser."""
    words: list[Any] = ['TR","p1":2', "~", "", "TR\x00", "TR" * 40_000, "tr", "Ü", 7, frozenset()]
    countries = [{"buyer.country": test} for test in ("TR", {"is_not": "TR"}, ["TR", "NO"])]
    records = [Record({"buyer.country": Understood("", word)}) for word in words]
    compare(book_of(*countries, {"buyer.country": {"not_in": ["TR", "NO"]}}), records)
    amounts = [
        0,
        1,
        999,
        1_000,
        1_001,
        10**11 - 1,
        10**11,
        10**11 + 1,
        2**53,
        2**63,
        10**400,
        -1,
        -(2**64),
    ]
    bounds = ["100 kg", "1 mg", "9007.199254740991 t", "9223372036 kg"]
    sizes = [
        {"quantity": {operator: bound}}
        for operator in ("at_least", "more_than", "at_most", "less_than")
        for bound in bounds
    ]
    records = [
        Record({"quantity": Understood("", Quantity("mass", amount, "ug", amount))})  # type: ignore[arg-type]
        for amount in amounts
    ]
    compare(book_of(*sizes, *({"none": [size]} for size in sizes)), records)


def wide_blocks() -> None:
    """Hundreds of alternatives, of tests in one rule, of rules on one condition."""
    families = [f"{kilograms} kg" for kilograms in range(1, 700)]
    many = [{"quantity": {"at_least": bound}} for bound in families]
    some = leaves()
    whens = [
        {"any": many},
        {"all": many},
        {"none": many},
        {"any": [{"all": [one, {"buyer.country": "TR"}]} for one in many]},
        {"all": [{"any": some[start : start + 10]} for start in range(0, 40, 2)]},
        {"none": [{"all": some[start : start + 10]} for start in range(0, 40, 2)]},
        {
            "any": [
                {"all": [{"any": some}, {"any": some[5:]}, {"none": [one]}]} for one in some[:20]
            ]
        },
    ]
    compare(book_of(*whens), random_orders(60))
    shared = [{"all": [{"buyer.country": "TR"}, one]} for one in many[:400]]
    compare(book_of(*([{"buyer.country": "TR"}] * 600), *shared), random_orders(20))


def deep_blocks() -> None:
    """Blocks as deep as a rule file may be, and deeper ones refused."""
    draw = random.Random(2)
    for _ in range(20):
        when: dict[str, Any] = draw.choice(leaves())
        for _ in range(12):
            kind = draw.choice(["all", "any", "none"])
            when = {kind: [when, *draw.sample(leaves(), 2)]}
        compare(book_of(when), random_orders(30, draw.randint(0, 99)))
    chain: Condition = test_of("buyer.country", "is", "TR")
    for _ in range(5_000):
        chain = group("none", chain)
    with pytest.raises(EngineError, match=r"p/r0 has blocks more than \d+ deep"):
        DurableEngine(with_whens(chain))


def doubled_names() -> None:
    """Conditions that name others twice: few lines, and millions of tests when written out."""
    place = SIMPLE.rules[0].place
    block = group("any", test_of("buyer.country", "is", "TR"), test_of("date", "known", True))
    for number in range(40):
        other = test_of("buyer.country", "is", f"X{number}")
        name = Named(f"n{number}", block, place)
        block = group(
            "all" if number % 2 else "any", group("none", name, other), group("any", name, other)
        )
    engine = DurableEngine(with_whens(block))
    for record in random_orders(5):
        engine.verdicts(record)


def empty_blocks() -> None:
    """Blocks without parts, alone and inside others."""
    kinds = ("all", "any", "none")
    test = test_of("buyer.country", "is", "TR")
    whens: list[Condition] = [group(kind) for kind in kinds]
    whens += [group(kind, group(inner)) for kind in kinds for inner in kinds]
    whens += [group(kind, group(inner), test) for kind in kinds for inner in kinds]
    compare(with_whens(*whens), [*random_orders(20), order(), order(**{"buyer.country": ""})])
    compare(RuleBook((), None, ""), random_orders(3))


def many_rules() -> None:
    """Two thousand rules, nearly all of them firing."""
    draw = random.Random(3)
    whens = [
        {draw.choice(["all", "any"]): draw.sample(leaves(), draw.randint(1, 3))}
        for _ in range(2_000)
    ]
    compare(book_of(*whens), [*random_orders(20), order()])


def many_books() -> None:
    """Engines that come and go give their memory back."""
    records = random_orders(3)
    whens = [{"all": leaves()[start : start + 3]} for start in range(38)]
    book = book_of(*whens)
    for _ in range(50):
        compare(book, records)
    before = resident_megabytes()
    for _ in range(200):
        compare(book, records)
    assert resident_megabytes() - before < 20, (before, resident_megabytes())


def flat_memory() -> None:
    """Orders leave nothing behind; a fact that stayed would take 7.65 KB."""
    engine = DurableEngine(book_of(*leaves()))
    records = random_orders(100)
    for record in records * 30:
        engine.verdicts(record)
    before = resident_megabytes()
    for record in records * 200:
        engine.verdicts(record)
    assert not left_behind(engine)
    assert resident_megabytes() - before < 10, (before, resident_megabytes())


def resident_megabytes() -> float:
    """Memory in use; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * 4096 / 1e6
    except OSError:
        return 0.0


def threads() -> None:
    """Eight threads with two hundred orders each share one engine."""
    book = book_of(*leaves(), *({"none": [leaf]} for leaf in leaves()))
    engine, judge = DurableEngine(book), Judge(book)
    sys.setswitchinterval(1e-5)
    wrong: list[object] = []

    def work(seed: int) -> None:
        try:
            for record in random_orders(200, seed):
                if engine.verdicts(record) != judge.verdicts(record):
                    wrong.append(record)
        except BaseException as error:
            wrong.append(error)

    workers = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert not wrong, wrong[:3]
    assert not left_behind(engine)


class StoppedError(Exception):
    """What the alarm raises."""


def interrupted() -> None:
    """An exception that comes from outside at any moment leaves no fact and no wrong verdict."""
    if not hasattr(signal, "setitimer"):
        return
    book = book_of(*leaves())
    engine, judge = DurableEngine(book), Judge(book)

    def stop(signum: int, frame: object) -> None:
        raise StoppedError

    signal.signal(signal.SIGALRM, stop)
    stops = 0
    records = random_orders(40)
    for record in records:  # derived fields are worked out before
        judge.verdicts(record)
    while stops < 300:
        record = records[stops % len(records)]
        try:
            try:
                signal.setitimer(signal.ITIMER_REAL, 1e-6 + stops * 1e-6)
                for _ in range(100):
                    engine.verdicts(record)
            finally:
                signal.setitimer(signal.ITIMER_REAL, 0)
        except StoppedError:
            stops += 1
        assert engine.verdicts(record) == judge.verdicts(record)
    assert not left_behind(engine)


def random_books() -> None:
    """Rule books of every shape."""
    draw = random.Random(4)

    def block(depth: int) -> dict[str, Any]:
        if depth == 0 or draw.random() < 0.2:
            return draw.choice(leaves())
        return {
            draw.choice(["all", "any", "none"]): [
                block(depth - 1) for _ in range(draw.randint(1, 5))
            ]
        }

    for seed in range(40):
        whens = [block(draw.randint(1, 5)) for _ in range(draw.randint(1, 12))]
        compare(book_of(*whens), random_orders(40, seed))


def refused_numbers() -> None:
    """Rule files with numbers in odd notation are refused or judged, never passed on."""
    for bound in ("1e-07 kg", "1e22 kg", "nan kg", "inf kg", "9" * 300 + " kg", "-1 kg"):
        text = (
            "rules: [{id: r, title: R, severity: low, fact: trade, why: w, source: judgement, "
            f"when: {{quantity: {{at_least: '{bound}'}}}}}}]"
        )
        try:
            book = parse_rules(text)
        except Exception:
            continue
        compare(book, random_orders(50))


def cases() -> Iterator[tuple[str, Callable[[], None]]]:
    for case in (
        odd_values, direct_values, wide_blocks, deep_blocks, doubled_names, empty_blocks,
        many_rules, many_books, flat_memory, threads, interrupted, random_books, refused_numbers,
    ):  # fmt: skip
        yield case.__name__, case


CASES = dict(cases())

if __name__ == "__main__":
    CASES[sys.argv[1]]()
    print("same")
