"""A new rule to begin with: commented, with examples that come out as they say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from redflags.diagnostics import Diagnostic, nearest
from redflags.engine.judge import Judge
from redflags.errors import ConfigurationError, RuleBookError
from redflags.model.fields import Field, field_table
from redflags.model.record import Record, record_of
from redflags.model.transaction import Transaction
from redflags.reference import rates_of
from redflags.rulebook import parse_rules
from redflags.rulebook.operators import OPERATORS, SHAPES, fitting_operators
from redflags.rulebook.schema import RULE_KEYS
from redflags.rulebook.tree import Condition, Named, Rule, RuleBook, Test
from redflags.weights import BITS
from redflags.workshop.window_run import OUTCOMES

SEVERAL = ("values", "range", "prefixes", "phrases", "fields")
"""Shapes of operands that are written with commas."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One condition as it was asked for."""

    field: str
    operator: str
    operand: str

    def __str__(self) -> str:
        return f"{self.field} {self.operator} {self.operand}"


@dataclass(frozen=True, slots=True)
class NewRule:
    """What is known of a rule to be written. ``why``, ``ask`` may be empty: a sentence to replace
    is written then."""

    id: str
    title: str
    severity: str
    fact: str
    when: tuple[Wanted, ...]
    why: str = ""
    ask: str = ""


def read_condition(text: str) -> Wanted:
    """A condition from ``FIELD OPERATOR VALUE``; several values are parted by commas.

    Raises :class:`ConfigurationError` for an unknown field or operator, naming the nearest.
    """
    parts = text.split(maxsplit=2)
    path = parts[0].rstrip(":") if parts else ""
    field = field_table().get(path)
    if field is None:
        raise ConfigurationError(
            f"there is no field {path[:60]!r}{_meant(path, field_table())}; a condition is "
            "`FIELD OPERATOR VALUE`, such as `quantity at_least 100 kg`"
        )
    fitting = fitting_operators(field.kind)
    word = parts[1] if len(parts) > 1 else ""
    if word not in fitting:
        raise ConfigurationError(
            f"{path} has no operator {word[:60]!r}{_meant(word, fitting)}; it goes with "
            f"{', '.join(fitting)}"
        )
    if len(parts) < 3:
        raise ConfigurationError(
            f"`{path} {word}` lacks its value: {SHAPES[OPERATORS[word].shape]}"
        )
    return Wanted(path, word, _unwrapped(parts[2].strip(), OPERATORS[word].shape, text))


def _unwrapped(operand: str, shape: str, text: str) -> str:
    """Several values parted by commas, also where they are written as in a rule file, in brackets,
    or as `from 1 kg to 5 kg` is said."""
    if shape not in SEVERAL:
        return operand
    if operand.startswith("[") or operand.endswith("]"):
        if not (operand.startswith("[") and operand.endswith("]")):
            raise ConfigurationError(f"{text[:80]!r} has a bracket that nothing closes")
        operand = operand[1:-1].strip()
    if shape == "range" and "," not in operand:
        operand = _BETWEEN.sub(", ", operand, count=1)
    return operand


_BETWEEN = re.compile(r"\s+(?:and|to)\s+|\s*\.\.+\s*")


def _meant(word: str, legal: Any) -> str:
    close = nearest(word[:60], legal)
    return f", did you mean {close}?" if close is not None else ""


def new_rule_text(new: NewRule, beside: RuleBook | None = None) -> str:
    """The text of a rule file with one rule and its examples; orders that are not to be flagged
    are such that no rule of ``beside`` flags them either, as far as any can be found.

    Raises :class:`ConfigurationError` where what was asked for makes no rule, naming the options
    that say it.
    """
    bare = _text(new, "")
    try:
        book = parse_rules(bare, f"{new.id}.yaml")
    except RuleBookError as error:
        raise ConfigurationError(_mistakes(new, bare, error.diagnostics)) from error
    rule = book.rules[0]
    others = None if beside is None else Judge(beside, rates=rates_of(None))
    examples = list(_examples(rule, Judge(book, rates=rates_of(None)), others))
    return _text(new, "".join(example_text(*one) for one in examples))


def _mistakes(new: NewRule, text: str, found: Iterable[Diagnostic]) -> str:
    """The mistakes of what was asked for, each with its option: there is no file to point into."""
    lines = text.splitlines()
    told: dict[str, None] = {}
    for one in found:
        number = 0 if one.place is None else one.place.line
        key = _KEY.match(lines[number - 1]) if 0 < number <= len(lines) else None
        name = "" if key is None else key[1]
        conditions = [f"--when {str(wanted)!r}" for wanted in new.when if wanted.field == name]
        option = ", ".join(conditions) or (f"--{name}" if name in _OPTIONS else "the rule")
        remedy = f"; {one.remedy}" if one.remedy else ""
        told.setdefault(f"{option}: {one.message}{remedy}")
    return "\n".join(told)


_KEY = re.compile(r"[ -]*([a-z_.]+):")
_OPTIONS = ("id", "title", "severity", "fact", "why", "ask")


def _text(new: NewRule, examples: str) -> str:
    lines = [
        "# Try it: redflags rules test FILE; redflags rules lint FILE;",
        "# redflags check ORDERS -r FILE",
        "rules:",
        f"  - id: {_scalar(new.id)}",
        f"    # {RULE_KEYS['title']}",
        f"    title: {_scalar(new.title)}",
        "    # low for a circumstance that is ordinary by itself; high only for two of them or a",
        "    # conflict between them",
        f"    severity: {_scalar(new.severity)}",
        f"    # {RULE_KEYS['fact'].partition(';')[0]}; of each fact only the strongest sign counts",
        f"    fact: {_scalar(new.fact)}",
        "    # draft: on trial; stable asks for an example of each outcome",
        "    status: draft",
        "    why: >",
        f"      {_folded(new.why or 'Say why this is a red flag, and where it was seen.')}",
        "    # a document of pack.yaml, or judgement",
        "    source: judgement",
        "    # all of these must hold; a value that is not stated makes the rule incomplete",
        "    when:",
        *_when(new.when),
        "    # Facts that explain the flag in part belong here, not into `when`:",
        "    # lowers:",
        "    #   - when: {end_use_statement.status: verified}",
        "    #     by: medium",
        "    #     because: A checked end-use statement explains the purchase in part.",
        "    ask:",
        f"      - {{of: sales, text: {json.dumps(_asked(new), ensure_ascii=False)}}}",
    ]
    if examples:
        lines += ["    examples:", examples.rstrip("\n")]
    return "\n".join(lines) + "\n"


def _asked(new: NewRule) -> str:
    return " ".join(new.ask.split()) or "What does {buyer.name} need {product} for?"


def _folded(text: str) -> str:
    return " ".join(text.split()) or "-"


def _when(wanted: Sequence[Wanted]) -> Iterator[str]:
    by_field: dict[str, list[Wanted]] = {}
    for one in wanted:
        by_field.setdefault(one.field, []).append(one)
    for path, tests in by_field.items():
        inner = ", ".join(f"{one.operator}: {_operand(one)}" for one in tests)
        yield f"      {path}: {{{inner}}}"


def _operand(one: Wanted) -> str:
    if OPERATORS[one.operator].shape in SEVERAL:
        members = [part.strip(" \t\"'") for part in one.operand.split(",")]
        members = [part for part in members if part]
        return f"[{', '.join(map(_scalar, members))}]"
    return _scalar(one.operand)


_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]*(?: [A-Za-z0-9_./-]+)*|[0-9]+ [a-z]+", re.ASCII)


def _scalar(text: str) -> str:
    """A text as YAML, in quotes where it could be read as anything else."""
    plain = " ".join(text.split())
    if _PLAIN.fullmatch(plain) and not plain.endswith((".", "-")):
        return plain
    return json.dumps(plain, ensure_ascii=False)


def example_text(
    name: str, given: Mapping[str, str], expect: str, orders: Iterable[Mapping[str, str]] = ()
) -> str:
    """An example as it stands in a rule file, on few lines."""
    lines = [f"      - name: {_scalar(name)}", *_order("        given: ", given)]
    beside = [line for one in orders for line in _order("          - ", one)]
    if beside:
        lines += ["        orders:", *beside]
    return "\n".join([*lines, f"        expect: {expect}\n"])


def _order(before: str, given: Mapping[str, str]) -> list[str]:
    parts = [f"{path}: {_scalar(text)}" for path, text in given.items()]
    lines = [f"{before}{{"]
    for number, part in enumerate(parts):
        end = ", " if number < len(parts) - 1 else "}"
        if len(lines[-1]) + len(part) + 1 > _WIDEST and not lines[-1].endswith("{"):
            lines.append(" " * (len(before) + 1))
        lines[-1] += part + end
    lines = [line.rstrip() for line in lines]
    lines[-1] += "}" if not parts else ""
    return lines


_WIDEST = 100

Given = dict[str, str]


def _examples(rule: Rule, judge: Judge, others: Judge | None) -> Iterator[tuple[str, Given, str]]:
    """An order of each outcome, as far as one can be found: the flagged one, those in which one
    condition is false, one in which a value is not stated."""
    tests = list(_tests(rule.when))
    flagged: Given = {}
    for test in tests:
        found = next(_orders(test, judge, True, flagged), None)
        if found is None:
            return
        flagged |= found
    if _outcome(rule, flagged, judge) != "flag":
        return
    yield "everything is so", flagged, "flag"
    # An order for each condition that alone is false: leaving any of them out is noticed then.
    expected = _flagged_by(flagged, others)
    for test in tests:
        found = None
        for other in _orders(test, judge, False, flagged):
            changed = flagged | other
            if _outcome(rule, changed, judge) != "no flag":
                continue
            found = changed if found is None else found
            if _flagged_by(changed, others) <= expected:
                found = changed
                break
        if found is not None:
            yield f"not so: {field_table()[test.field].label}", found, "no flag"
    for test in reversed(tests):
        changed = flagged | {test.field: ""}
        if _outcome(rule, changed, judge) == "incomplete":
            label = field_table()[test.field].label
            verb = "are" if label.endswith("s") else "is"
            yield f"{label} {verb} not stated", changed, "incomplete"
            break


def _flagged_by(given: Given, others: Judge | None) -> set[str]:
    """The other rules above low severity that flag an order."""
    record = None if others is None else _record(given)
    if others is None or record is None:
        return set()
    true = others.verdicts(record).true
    return {rule.name for rule in true if rule.is_stop or rule.bits > BITS["low"]}


def _tests(condition: Condition) -> Iterator[Test]:
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, Named):
        yield from _tests(condition.block)
    else:
        for part in condition.parts:
            yield from _tests(part)


def _outcome(rule: Rule, given: Given, judge: Judge) -> str:
    record = _record(given)
    return "" if record is None else OUTCOMES[judge.verdict(rule.when, record)]


def _record(given: Given) -> Record | None:
    try:
        return record_of(Transaction.model_validate(given))
    except ValueError:
        return None


MOST_TRIED = 400
"""Orders that are tried for one test."""


def _orders(test: Test, judge: Judge, verdict: bool, before: Given) -> Iterator[Given]:
    """Orders in a few fields for which a test comes out as wanted, beside what is given before."""
    for given in islice(_candidates(test, before), MOST_TRIED):
        record = _record({**before, **given})
        if record is not None and judge.verdict(test, record) is verdict:
            yield given


def _candidates(test: Test, before: Given) -> Iterator[Given]:
    field = field_table()[test.field]
    if before.get(test.field):
        yield {}
    for text in dict.fromkeys(_texts(test, field)):
        if test.operator not in ("same_as", "differs_from"):
            yield {test.field: text}
            continue
        other = test.operand[0]
        for beside in dict.fromkeys(_texts(test, field_table()[other])):
            yield {test.field: text, other: beside}


def _texts(test: Test, field: Field) -> Iterator[str]:
    """Texts of a field to try: what the test itself names, sizes around its bound, the field's
    example, and words of its vocabulary."""
    operand = test.operand
    if isinstance(operand, frozenset):
        yield from sorted(map(str, operand))
    elif test.operator in ("mentions", "under"):
        yield from map(str, operand)
    elif test.operator in ("before", "after"):
        for years in (0, 1, -1):
            try:
                day = operand.replace(year=operand.year + years, day=min(operand.day, 28))
            except ValueError:
                continue
            yield day.isoformat()
    elif test.operator in ("is", "is_not"):
        yield test.written
    yield from _sizes(test)
    entries = getattr(getattr(operand, "list", None), "entries", ())
    yield from (entry.written for entry in entries[:20])
    if test.operator == "known":
        yield ""
    yield field.example
    member = field.kind.member
    if member.vocabulary is not None:
        yield from list(member.vocabulary())[:60]
    yield from _OTHERS.get(member.name, ())


_OTHERS = {
    "country": ("DE", "FR", "TR"),
    "name": ("Example One", "Example Two"),
    "text": ("something else",),
    "tariff-code": ("940330",),
    "date": ("2000-01-01", "2025-01-01"),
    "identifier": ("A-1", "A-2"),
}
_SIZE = re.compile(r"[0-9][0-9 ,.]*")


def _sizes(test: Test) -> Iterator[str]:
    if test.operator not in ("at_least", "more_than", "at_most", "less_than", "between"):
        return
    for written in (part.strip() for part in test.written.split(" to ")):
        yield written
        number = _SIZE.match(written)
        if number is None:
            continue
        unit = written[number.end() :].strip()
        digits = number.group().strip().replace(" ", "").replace(",", "")
        if digits.isdecimal() and len(digits) < 15:
            for other in (int(digits) * 2, int(digits) // 2, int(digits) + 1):
                yield f"{other} {unit}"
