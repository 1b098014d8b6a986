"""A page for each shipped rule, and the page that accounts for every documented red flag."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import Any

from tables import code, codes, table

from redflags import Screener, Transaction, load_rules, reference
from redflags.engine.reads import tests_of
from redflags.explain.coverage import asked_by
from redflags.explain.evidence import base_fields
from redflags.model.derived import DERIVATIONS
from redflags.model.fields import Field, field_table
from redflags.rulebook.across_words import having_in_words, when_parts, window_in_words
from redflags.rulebook.flag_coverage import FlagCoverage, flag_coverage
from redflags.rulebook.schema import ADDRESSEES
from redflags.rulebook.tree import (
    Across,
    Condition,
    LimitTable,
    ListReference,
    Named,
    Pack,
    Rule,
    RuleBook,
    Test,
)
from redflags.writers.explanation import write_explanation

NOTE = "<!-- Made by docs/generate.py from the rule files. Change those, not this page. -->"

_SAID: Mapping[str, str] = {
    "is": "is {operand}",
    "is_not": "is not {operand}",
    "in": "is {operand}",
    "not_in": "is none of {operand}",
    "in_list": "is in the list {operand}",
    "not_in_list": "is not in the list {operand}",
    "at_least": "is {operand} or more",
    "more_than": "is more than {operand}",
    "at_most": "is {operand} or less",
    "less_than": "is less than {operand}",
    "between": "lies between {operand}",
    "before": "is before {operand}",
    "after": "is after {operand}",
    "under": "is {operand}, or below it",
    "mentions": "mentions {operand}",
    "same_as": "is the same as {operand}",
    "differs_from": "differs from {operand}",
}
_GROUPS = {"all": "all of these hold", "any": "one of these holds", "none": "none of these holds"}


def sentence(test: Test) -> str:
    """A test as a clause without an order: what must be the case for it to hold."""
    field = field_table()[test.field]
    if test.operator == "known":
        return f"{field.label} {'is stated' if test.operand else 'is given and left empty'}"
    return f"{field.label} {_SAID[test.operator].format(operand=_operand(test, field))}"


def _operand(test: Test, field: Field) -> str:
    show: Callable[[Any], str] = field.kind.member.show
    operand = test.operand
    if isinstance(operand, ListReference):
        where = "; ".join(f"{name} {_either(sorted(values))}" for name, values in operand.where)
        return f"“{operand.list.name}”" + (f" ({where})" if where else "")
    if isinstance(operand, LimitTable):
        return f"the limit in the table “{operand.name}”"
    if test.operator in ("same_as", "differs_from"):
        return _either(field_table()[path].label for path in operand)
    if test.operator == "between":
        return f"{show(operand[0])} and {show(operand[1])}"
    if test.operator in ("in", "not_in"):
        return _either(sorted(show(one) for one in operand))
    if test.operator in ("under", "mentions"):
        return _either(f"“{one}”" for one in operand)
    return show(operand)


def _either(words: Iterable[str]) -> str:
    found = list(words)
    return " or ".join([", ".join(found[:-1]), found[-1]]) if len(found) > 1 else "".join(found)


def method(condition: Condition, depth: int = 0) -> Iterator[str]:
    """A condition as a nested list of clauses."""
    indent = "  " * depth
    if isinstance(condition, Test):
        yield f"{indent}- {sentence(condition)}"
        return
    if isinstance(condition, Named):
        name = condition.name.rpartition("/")[2].replace("-", " ")
        yield f"{indent}- “{name}”, which means that"
        parts = condition.block.parts
    else:
        yield f"{indent}- {_GROUPS[condition.kind]}:"
        parts = condition.parts
    for part in parts:
        yield from method(part, depth + 1)


def rule_page(rule: Rule, pack: Pack, book: RuleBook) -> str:
    """The page of one rule."""
    grade = "Stop: a prohibition, not scored" if rule.is_stop else (
        f"Sign, {rule.severity}; fact {code(rule.fact or '')}"
    )  # fmt: skip
    conditions = "\n".join(line for part in when_parts(rule) for line in method(part))
    conditions += "" if rule.across is None else ("\n" if conditions else "") + _window(rule.across)
    asks = "".join(f"- {ADDRESSEES[one.of]}: {one.text}\n" for one in rule.ask)
    return f"""{NOTE}
# {rule.title}

{code(rule.name)} · {grade} · {rule.status}

## What it looks for

{" ".join(rule.why.split())}

## Method

It raises a flag where all of these hold:

{conditions}

{_lowered(rule, book)}
## Worked example

{_worked(rule, pack)}
{_others(rule)}
## Fields needed

{_fields(rule)}
## Blind spots

{_blind_spots(rule)}
## Honest firms it may meet

{" ".join(rule.notes.split())}

What to ask, and of whom (asking the customer can tip him off):

{asks}
## Source

{_sources(rule, pack)}"""


def _window(across: Across) -> str:
    """A window as a nested list: what it holds and what is asked of it."""
    lines = [f"- a window holds {window_in_words(across)}, and of these"]
    for having in across.having:
        lines.append(f"  - {having_in_words(having)}")
        parts = () if having.block is None else having.block.parts
        lines += [line for part in parts for line in method(part, 2)]
    if across.where is not None:
        lines.append("  - counting only those, this order among them, of which all of these hold:")
        lines += [line for part in across.where.parts for line in method(part, 2)]
    return "\n".join(lines)


def _lowered(rule: Rule, book: RuleBook) -> str:
    told = [(one.when, one.by, one.because) for one in rule.lowers]
    if not rule.is_stop:
        told += [
            (one.when, one.by, one.because) for one in book.mitigations if one.fact == rule.fact
        ]
    if not told:
        return "Nothing lowers it.\n"
    rows = (
        ("; ".join(_flat(when)), by, because)
        for when, by, because in told
    )  # fmt: skip
    return "It counts less where\n\n" + table(("This holds", "By", "Because"), rows)


def _flat(condition: Condition) -> Iterator[str]:
    for line in (line for part in getattr(condition, "parts", ()) for line in method(part)):
        yield line.strip().removeprefix("- ")


def _worked(rule: Rule, pack: Pack) -> str:
    example = next((one for one in rule.examples if one.expect == "flag"), None)
    if example is None:
        return "The rule file has no example of a flag.\n"
    alone = RuleBook((replace(pack, rules=(rule,)),), None, "")
    number = example.given.get("order_id", "EXAMPLE")
    lines = [Transaction.model_validate({**example.given, "order_id": number})]
    history = []
    for one in example.orders:
        beside = Transaction.model_validate(dict(one))
        (lines if one.get("order_id") == number else history).append(beside)
    stream = io.StringIO()
    width = os.environ.pop("COLUMNS", None)  # the page must not depend on who makes it
    try:
        write_explanation(Screener(alone).check(lines, history=history), (), stream)
    finally:
        if width is not None:
            os.environ["COLUMNS"] = width
    given = table(("Field", "In the order"), ((code(k), v) for k, v in example.given.items()))
    if example.orders:
        given += "\nBeside it:\n\n" + "".join(f"- {_order(one)}\n" for one in example.orders)
    return (
        f"{example.name[:1].upper()}{example.name[1:]}:\n\n{given}\n"
        f"What this rule alone says of it:\n\n```text\n{stream.getvalue().rstrip()}\n```\n"
    )


def _others(rule: Rule) -> str:
    first = next((one for one in rule.examples if one.expect == "flag"), None)
    others = [one for one in rule.examples if one is not first]
    if not others:
        return ""
    rows = (
        (one.name, "; beside ".join(map(_order, (one.given, *one.orders))), one.expect)
        for one in others
    )
    return "\nOther orders:\n\n" + table(("Example", "Order", "Says"), rows)


def _order(given: Mapping[str, str]) -> str:
    return "; ".join(f"{k}: {v or '(empty)'}" for k, v in given.items()) or "(nothing)"


def _fields(rule: Rule) -> str:
    rows: dict[str, tuple[str, str, str]] = {}
    asked = [[test.field, *_others_of(test)] for test in tests_of(rule.when)]
    if rule.across is not None:
        asked += [list(paths) for paths in asked_by(rule.across)]
    for paths in asked:
        for path in paths:
            field = field_table()[path]
            columns = sorted(field_table()[one].column for one in base_fields(path))
            rows[path] = (
                code(path),
                codes(columns) if path in DERIVATIONS else code(field.column),
                field.meaning,
            )
    return table(("Field", "Columns that it comes from", "Meaning"), rows.values())


def _others_of(test: Test) -> Sequence[str]:
    return test.operand if test.operator in ("same_as", "differs_from") else ()


def _blind_spots(rule: Rule) -> str:
    lines = [
        "- It sees what the order states. Where a field above is not stated or cannot be read, the "
        "rule is incomplete, unless another condition already fails."
    ]
    if any(test.field.startswith("observed.") for test in tests_of(rule.when)):
        lines.append(
            "- What nobody was asked counts as not noted, so without answers it stays silent. "
            "`redflags questionnaire` lists the questions."
        )
    if any(test.field.startswith("product.") or test.field.endswith(".fit")
           for test in tests_of(rule.when)):  # fmt: skip
        lines.append(
            "- Goods are known by the terms, CAS numbers and headings of the reference tables; "
            "goods named otherwise are not seen."
        )
    if any(test.field.endswith(".fit") for test in tests_of(rule.when)):
        lines.append("- Which goods suit which trade is judgement, tuned by the user.")
    if rule.across is not None:
        lines.append(
            "- It sees the orders of the files that are checked, and of those given with "
            "`--history`. Parties are the same by registration number, else by name and country."
        )
    seen: dict[str, str] = {}
    for test in tests_of(rule.when):
        if isinstance(test.operand, ListReference):
            one = test.operand.list
            seen[one.name] = (
                f"- The list “{one.name}” ({len(one.entries)} entries, {one.source or 'judgement'}"
                + (f", {one.vintage}" if one.vintage else "")
                + ") holds what it holds: anything else is not seen."
            )
    return "\n".join([*lines, *seen.values()]) + "\n"


def _sources(rule: Rule, pack: Pack) -> str:
    known = {one.id: one for one in pack.sources}
    lines = []
    for one in rule.sources:
        about = known.get(one.document)
        title = one.title or one.document
        lines.append(f"- {title}" + (f" ({one.year})" if one.year else ""))
        if one.note:
            lines.append(f"  - {one.note}")
        if about is not None:
            lines.append(f"  - read: {about.read}; verified: {about.verified}")
        for flag in one.flags:
            statement = reference.red_flag_catalogue()[flag].statement
            lines.append(f"  - [{flag}](../../red-flags.md#{flag.lower()}): {statement}")
    return "\n".join(lines) + "\n"


@cache
def _book() -> RuleBook:
    return load_rules()


def rule_pages() -> dict[str, Callable[[], str]]:
    """The page of every shipped rule, by its place in the documentation."""
    book = _book()
    return {
        f"reference/rules/{rule.name}.md": partial(rule_page, rule, pack, book)
        for pack in book.packs
        for rule in sorted(pack.rules, key=lambda one: one.id)
    }


def red_flags_page() -> str:
    """Every documented red flag with what answers it."""
    found = flag_coverage(_book())
    questions = reference.observations()
    counts = table(
        ("", "Flags"),
        (
            ("cited by a rule", str(sum(bool(one.rules) for one in found))),
            ("asked for by a question", str(sum(bool(one.observations) for one in found))),
            ("with a reason why not, or not alone", str(sum(bool(one.reason) for one in found))),
            ("not accounted for", str(sum(bool(one.gap) for one in found))),
            ("all", str(len(found))),
        ),
    )
    parts = "\n".join(_flag(one, questions) for one in found)
    return f"""{NOTE}
# Documented red flags and what answers them

What authorities and reports have published, flag by flag, with the rules that cite it, the
question that asks for it, or the reason why neither. A rule that cites a flag combines it with
other facts: see [why rules combine facts](../explanation/why-combination.md). A question is asked
by `redflags questionnaire`; see [ask what only a person can see](../how-to/ask-a-person.md).
`redflags rules coverage` prints the same.

{counts}
{parts}"""


def _flag(one: FlagCoverage, questions: Mapping[str, reference.Observation]) -> str:
    lines = [f"## {one.flag.id}", "", one.flag.statement, ""]
    lines += [f"- rule [{name}](rules/{name}.md)" for name in one.rules]
    lines += [f"- question {code(name)}: {questions[name].question}" for name in one.observations]
    if one.reason:
        lines.append(f"- {one.reason}")
    if one.gap:
        lines.append(f"- not accounted for: {one.gap}")
    lines += [
        f"- base fact {code(one.flag.fact)}; needs {one.flag.evaluable}; by a tool "
        f"{one.flag.automate}; source {one.flag.sources}",
        "",
    ]
    return "\n".join(lines)
