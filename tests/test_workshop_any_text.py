"""Any text whatever gives findings with places, never a traceback or a hang; what lints clean
loads, evaluates in every engine, and prints."""

from __future__ import annotations

import datetime
import io
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redflags import Screener, Transaction
from redflags.cli.rule_text import write_list, write_rule
from redflags.engine.durable import EngineError
from redflags.engine.judge import Judge
from redflags.errors import ConfigurationError
from redflags.model.record import record_of
from redflags.rulebook import RuleBook, parse_rules
from redflags.rulebook.schema import ENTRY_KEYS, EXAMPLE_KEYS, FILE_KEYS, LIST_KEYS, RULE_KEYS
from redflags.workshop.lint import LintReport, lint_paths, lint_text
from redflags.workshop.lint_output import FORMATS, write_lint
from tests.strategies import LISTS, TABLES, blocks, orders
from tests.test_engine_agreement import ENGINES

AS_OF = datetime.date(2026, 11, 23)
SHIPPED = sorted((Path(__file__).resolve().parent.parent / "rules").glob("*/*.yaml"))


def lint(text: str) -> LintReport:
    return lint_text(text, as_of=AS_OF)


def check_report(report: LintReport) -> None:
    for finding in report.findings:
        one = finding.diagnostic
        assert one.code[:2] in ("RF", "RL")
        assert one.message
        assert one.remedy
        if one.code not in ("RF199", "RF501", "RF502"):
            assert one.place is not None
            assert one.place.line >= 1
            assert one.place.column >= 1
    for name in FORMATS:
        stream = io.StringIO()
        write_lint(report, name, stream)
        text = stream.getvalue()
        if name in ("json", "sarif"):
            json.loads(text)
        elif name == "github":
            assert len(text.splitlines()) == len(report.findings)


words = st.sampled_from(
    [*RULE_KEYS, *LIST_KEYS, *FILE_KEYS, *ENTRY_KEYS, *EXAMPLE_KEYS, "all", "any", "none", "holds",
     "buyer.country", "quantity", "product.family", "in", "at_least", "known", "100 kg", "yes",
     "TR", "a", "", "- ", ": ", "{", "}", "[", "]", "&x", "*x", "!t", "---", "#", "|", ">", "\n",
     "\n  ", "\n    - ", "'", '"', "\t", "\x00", "\ud800", "\u2028", "é", "# redflags: allow",
     "RL301", "flag", "low", "judgement", "cash", "2020-01-01"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=300), st.lists(words, max_size=60).map("".join)))
def test_any_text_gives_findings_with_places(text: str) -> None:
    check_report(lint(text))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.sampled_from(SHIPPED), st.integers(0, 20_000))
def test_any_bytes_and_any_part_of_a_file_give_findings(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, path: Path, cut: int
) -> None:
    folder = tmp_path_factory.mktemp("any")
    whole = path.read_bytes()
    (folder / "bytes.yaml").write_bytes(data)
    (folder / "part.yaml").write_bytes(whole[:cut] + data + whole[cut + 10 :][:200])
    check_report(lint_paths([folder], as_of=AS_OF, shipped=False))


trees = st.recursive(
    st.one_of(words, st.integers(), st.none(), st.booleans()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(words.filter(bool), inner, max_size=5)
    ),
    max_leaves=25,
)


@settings(max_examples=150, deadline=None)
@given(trees)
def test_any_document_gives_findings(tree: Any) -> None:
    check_report(lint(json.dumps(tree)))


texts = st.sampled_from(["Something is so", "Fraud in Syria", "It is clear", "x" * 500, "{buyer}"])
examples = st.fixed_dictionaries(
    {
        "name": st.just("an order"),
        "given": orders(),
        "expect": st.sampled_from(["flag", "no flag", "incomplete"]),
    }
)
rules = st.fixed_dictionaries(
    {
        "title": texts,
        "severity": st.sampled_from(["low", "low", "medium", "critical"]),
        "fact": st.sampled_from(["trade", "payment"]),
        "when": blocks,
        "why": texts,
        "source": st.just("judgement"),
        "ask": st.just([{"of": "sales", "text": "Who visited the buyer?"}]),
        "examples": st.lists(examples, max_size=2),
        "status": st.sampled_from(["draft", "stable"]),
    },
    optional={
        "lowers": st.lists(
            st.fixed_dictionaries(
                {"when": blocks, "by": st.just("low"), "because": st.just("It explains it.")}
            ),
            max_size=2,
        )
    },
)


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    found = draw(st.lists(rules, min_size=1, max_size=5))
    return {
        "lists": LISTS,
        "tables": TABLES,
        "rules": [{"id": f"r{number}", **rule} for number, rule in enumerate(found)],
    }


def runs_in_every_engine(book: RuleBook, order: dict[str, str]) -> None:
    transaction = Transaction.model_validate(order)
    verdicts = Judge(book).verdicts(record_of(transaction))
    assessment = Screener(book).check(transaction)
    assert {flag.rule for flag in assessment.flags} == {rule.name for rule in verdicts.true}
    for engine in ("columnar", "durable"):
        try:
            batch = ENGINES[engine](book)
        except (ConfigurationError, EngineError):
            continue  # it is not there, or refuses the rule book and says why
        assert batch([order]) == [verdicts]


@settings(max_examples=60, deadline=None)
@given(documents(), orders())
def test_what_loads_is_linted_runs_and_prints(
    document: dict[str, Any], order: dict[str, str]
) -> None:
    text = json.dumps(document, ensure_ascii=False)
    report = lint(text)
    check_report(report)
    if report.cannot_be_loaded:
        return
    book = parse_rules(text)
    runs_in_every_engine(book, order)
    stream = io.StringIO()
    write_list(book, stream)
    for rule in book.rules:
        write_rule(rule, stream)
    assert stream.getvalue()


def _many_rules(count: int) -> str:
    return "rules:\n" + "".join(
        f"- {{id: r{n}, title: T, severity: low, fact: trade, when: {{date: {{known: no}}}}}}\n"
        for n in range(count)
    )


def _many_alternatives(count: int) -> str:
    parts = ", ".join(f"{{value: {{at_least: {n + 1} USD}}}}" for n in range(count))
    return (
        f"rules:\n- {{id: a, title: T, severity: low, fact: trade, when: {{any: [{parts}], "
        f"all: [{{any: [{parts}]}}, {{none: [{parts}]}}]}}}}\n"
    )


def _long_lists(count: int) -> str:
    codes = ", ".join(f'"{100000 + n}"' for n in range(count))
    tests = ", ".join(f"{{hs_code: {{in_list: {'ab'[n % 2]}}}}}" for n in range(190))
    return (
        f"lists:\n  a: {{kind: tariff-code, source: judgement, entries: [{codes}]}}\n"
        f"  b: {{kind: tariff-code, source: judgement, entries: [{codes}]}}\n"
        f"rules:\n- {{id: a, title: T, severity: low, fact: trade, when: {{all: [{tests}]}}}}\n"
        f"- {{id: b, title: T, severity: low, fact: trade, when: {{none: [{tests}]}}}}\n"
        f"- {{id: c, title: T, severity: low, fact: trade, when: {{any: [{tests}]}}}}\n"
    )


def _deep(count: int) -> str:
    names = "".join(
        f"  c{n}: {{any: [{{holds: c{n + 1}}}, {{buyer.city: X{n}}}]}}\n" for n in range(count)
    )
    return (
        f"conditions:\n{names}  c{count}: {{buyer.city: Y}}\n"
        "rules:\n- {id: a, title: T, severity: low, fact: trade, when: {holds: c0}}\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        _many_rules(2_500),
        _many_alternatives(60),
        _many_alternatives(600),
        _long_lists(2_900),
        _deep(25),
        _deep(60),
        "# redflags: allow RL301\n" * 20_000,
        "rules:\n" + "  # redflags: allow RL301, because so\n  - {id: a}\n" * 4_000,
        "rules: [" + "{id: a, when: {all: [" * 14 + "]}}" * 14 + "]",
    ],
    ids=["many rules", "alternatives", "more alternatives", "long lists", "deep", "too deep",
         "comments", "comments and rules", "nested"],
)  # fmt: skip
def test_large_rule_files_take_a_bounded_time(text: str) -> None:
    start = time.process_time()
    check_report(lint(text))
    assert time.process_time() - start < 30
