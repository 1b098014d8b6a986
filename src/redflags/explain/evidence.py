"""The tests of a rule against one record, each as a sentence with its value and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache, partial
from typing import Any, NamedTuple

from redflags.engine.judge import Asked, Judge
from redflags.engine.leaves import limit_in
from redflags.explain.compared import compared, limit_needs
from redflags.explain.deciding import deciding_tests, decision, verdict_of
from redflags.explain.fingerprints import facts_of
from redflags.explain.words import in_words
from redflags.model.derived import DERIVATIONS
from redflags.model.fields import Field, field_table
from redflags.model.record import COMPANION_COLUMNS, Record
from redflags.model.results import Verdict
from redflags.rulebook.operators import OPERATORS
from redflags.rulebook.tree import Condition, LimitTable, ListReference, Test
from redflags.values.text import display
from redflags.values.understood import ABSENT, Understood

_NAMES: dict[bool | None, Verdict] = {True: "true", False: "false", None: "unknown"}

LONGEST_SHOWN = 200
"""Characters of a value that a sentence shows."""


Plain = dict[str, Any]
"""A result as plain values under the names of its model, in the model's order."""


def place_of(record: Record) -> Plain:
    """Where the record's line stands, as a :class:`~redflags.model.results.LinePlace`."""
    place: Plain = record.told.get("place") or {
        "file": record.file,
        "row": record.row,
        "line": record.line,
    }
    record.told["place"] = place
    return place


class Told(NamedTuple):
    """What is said of a test that a record met: its evidence, as a
    :class:`~redflags.model.results.ConditionEvidence`; the facts that it rests on, as a
    fingerprint takes them; and whether it holds and is worth a clause of the flag's sentence."""

    evidence: Plain
    facts: str
    says_much: bool


def evidence_for(condition: Condition, record: Record, judge: Judge) -> list[Plain]:
    """Every deciding test of a condition, in the order of the rule, each once."""
    seen: set[tuple[str, str, str]] = set()
    found: list[Plain] = []
    for test in deciding_tests(condition, record, judge):
        key = (test.field, test.operator, test.written)
        if key not in seen:
            seen.add(key)
            found.append(evidence_of(test, record, judge))
    return found


def evidence_of(test: Test, record: Record, judge: Judge) -> Plain:
    """One test with the value it met, as a
    :class:`~redflags.model.results.ConditionEvidence`."""
    return told_of(judge.asked(test), record, judge).evidence


def told_of(asked: Asked, record: Record, judge: Judge) -> Told:
    """What is said of a test that a record met."""
    told: Told | None = record.told.get(asked)
    if told is None:
        tell = partial(_told, asked.test, record, judge)
        evidence, facts, says_much = record.remembered(asked.told, asked.reads, tell)
        # The place is the record's own; everything else follows from its texts.
        own = {**evidence, "place": place_of(record)}
        told = record.told[asked] = Told(own, facts, says_much)
    return told


def _told(test: Test, record: Record, judge: Judge) -> Told:
    evidence = _tell(test, record, judge)
    # That a field is stated goes without saying where another condition tells its value, and that
    # no limit exempts the goods where none is listed.
    says_much = (
        evidence["verdict"] == "true"
        and (test.operator != "known" or test.written == "no")
        and (test.field, evidence["understood"]) != _NOT_EXEMPT
    )
    return Told(evidence, facts_of(test, record), says_much)


_NOT_EXEMPT = ("product.exempt", "no")


def _tell(test: Test, record: Record, judge: Judge) -> Plain:
    field = field_table()[test.field]
    verdict = verdict_of(test, record, judge)
    understood = compared(test, record)
    shown = shorten(field.kind.shown(understood))
    return {
        "field": test.field,
        "operator": test.operator,
        "operand": test.written,
        "written": None if understood is ABSENT else understood.written,
        "understood": None if understood.value is None else shown,
        "how": display(understood.how),
        "assumed": understood.assumed,
        "place": None,
        "column": source_column(test.field, record),
        "verdict": _NAMES[verdict],
        "sentence": _sentence(test, field, understood, record, verdict),
    }


def _sentence(
    test: Test, field: Field, understood: Understood, record: Record, verdict: bool | None
) -> str:
    operator = OPERATORS[test.operator]
    if verdict is None and understood.value is None:
        return f"{field.label} is unknown: {shorten(display(understood.why))}"
    told = in_words(test.field, record)
    if told and verdict is not None and test.operator != "known":
        return display(told)
    shown = shorten(display(shown_with_writing(field, understood)))
    sentence = operator.sentence(field.label, shown, _operand(test, field, record), verdict)
    if verdict is None:
        return f"{sentence}: {_why_open(test, understood)}"
    remark = _remark(test.field, understood)
    return f"{sentence} ({remark})" if remark else sentence


def shown_with_writing(field: Field, understood: Understood) -> str:
    """The value as a person reads it; a sum in another currency than the bound in that too, and
    what is not known in the order's own words."""
    shown = field.kind.shown(understood)
    if isinstance(understood.detail, Understood):
        shown += f" ({field.kind.shown(understood.detail)})"
    return shown or understood.written.strip()


def _remark(path: str, understood: Understood) -> str:
    """What a reader must know beside the value: an assumption, or that the evidence is thin."""
    remarks = []
    detail = understood.detail
    by_heading = path == "product.family" and isinstance(detail, tuple) and detail
    if by_heading and detail[0].support == "heading":
        remarks.append(f"known from {detail[0].how}")
    if understood.assumed:
        remarks.append(f"assumed: {understood.assumed}")
    return "; ".join(remarks)


def _why_open(test: Test, understood: Understood) -> str:
    if understood.why:
        return understood.why
    if understood.partial:
        return understood.partial
    if test.operator in ("in_list", "not_in_list"):
        return "entries of the list are dated and the order is not, or the code is too short"
    if test.operator == "under":
        return "the code is too short to tell"
    if test.operator in ("same_as", "differs_from"):
        return "there is nothing known to compare it with"
    return "the two cannot be compared"


def _operand(test: Test, field: Field, record: Record) -> str:
    operand = test.operand
    show = field.kind.member.show
    if isinstance(operand, ListReference):
        title = operand.list.name.split("/")[-1].replace("-", " ")
        return f"“{title}”"
    if isinstance(operand, LimitTable):
        limit = limit_in(operand, record)
        return f"the limit of “{operand.name.split('/')[-1]}”" + (
            f" ({show(limit)})" if limit is not None and limit is not ABSENT else ""
        )
    if test.operator in ("same_as", "differs_from"):
        known = [path for path in operand if record[path].value is not None]
        return " or ".join(_other(path, record) for path in known or operand)
    if test.operator in ("in", "not_in"):
        return _listed([show(value) for value in operand])
    if test.operator in ("mentions", "under"):
        return _listed([f"“{value}”" for value in operand])
    if test.operator == "between":
        return f"{show(operand[0])} and {show(operand[1])}"
    if test.operator == "known":
        return test.written
    return show(operand)


def _listed(values: list[str]) -> str:
    values = sorted(values)
    if len(values) > 6:
        return ", ".join(values[:5]) + f" or {len(values) - 5} others"
    return " or ".join([", ".join(values[:-1]), values[-1]] if len(values) > 2 else values)


def _other(path: str, record: Record) -> str:
    field = field_table()[path]
    shown = field.kind.shown(record[path])
    return f"{field.label} ({display(shown)})" if shown else field.label


def label_of(path: str) -> str:
    """What a sentence calls a field, or the other orders that a window asks for."""
    known = field_table().get(path)
    return f"the {path}" if known is None else known.label


def shorten(text: str) -> str:
    """A text cut to what a sentence can carry."""
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"


def source_column(path: str, record: Record) -> str:
    """The column from which a value comes: its own, or that of the fields it is derived from."""
    if path in COMPANION_COLUMNS and record[COMPANION_COLUMNS[path]].is_stated:
        return f"{path}, {COMPANION_COLUMNS[path]}"
    return _columns_of(_stated_behind(path, record) or base_fields(path))


@lru_cache(maxsize=10_000)
def _columns_of(paths: frozenset[str]) -> str:
    order = _table_order()
    return ", ".join(field_table()[path].column for path in sorted(paths, key=order.__getitem__))


def _stated_behind(path: str, record: Record) -> frozenset[str]:
    """The fields that the order states and a value comes from."""
    key = "behind", path
    known: frozenset[str] | None = record.told.get(key)
    if known is not None:
        return known
    found: set[str] = set()
    derivation = DERIVATIONS.get(path)
    if record.states(path):
        if derivation is None or not record[path].is_blank:
            found.add(path)
    elif derivation is not None:
        for group in derivation.inputs:
            for one in group:
                behind = _stated_behind(one, record)
                found.update([source for source in behind if not record[source].is_blank])
    known = record.told[key] = frozenset(found)
    return known


@cache
def _table_order() -> dict[str, int]:
    return {path: position for position, path in enumerate(field_table())}


@cache
def base_fields(path: str) -> frozenset[str]:
    """The stated fields that a field rests on; the field itself if it is stated."""
    derivation = DERIVATIONS.get(path)
    if derivation is None:
        return frozenset({path})
    return frozenset(
        base for group in derivation.inputs for one in group for base in base_fields(one)
    )


class Need(NamedTuple):
    """A field that would settle an unknown condition, and why it does not."""

    field: str
    because: str


def wanting(condition: Condition, record: Record, judge: Judge) -> tuple[Test, ...]:
    """The tests that leave a condition unknown."""
    return decision(condition, record, judge).wanting


def needs_of(tests: Sequence[Test], record: Record, judge: Judge) -> tuple[Need, ...]:
    """The fields that would settle the tests that leave a condition unknown, each once."""
    return each_once(*(needs_of_test(judge.asked(test), record) for test in tests))


def each_once(*groups: Sequence[Need]) -> tuple[Need, ...]:
    """Some fields that would settle something, each with what was said of it first."""
    found: dict[str, Need] = {}
    for needs in groups:
        for need in needs:
            found.setdefault(need.field, need)
    return tuple(found.values())


def needs_of_test(asked: Asked, record: Record) -> tuple[Need, ...]:
    """The fields that would settle a test."""
    known: tuple[Need, ...] | None = record.told.get(asked.needs)
    if known is None:
        tell = partial(_needs_of_test, asked.test, record)
        known = record.told[asked.needs] = record.remembered(asked.needs, asked.reads, tell)
    return known


def _needs_of_test(test: Test, record: Record) -> tuple[Need, ...]:
    understood = compared(test, record)
    table = field_table()
    if _wants_the_date(test, understood, record):
        because = f"{table[test.field].label}: the entries of the list are dated, the order is not"
        return (Need("date", because),)
    found = []
    by_limit = limit_needs(test, record)
    for path in by_limit:
        known = record[path]
        for base in settling_fields(path, record):
            because = f"{table[base].label}: {known.why or known.partial}"
            found.append(Need(base, shorten(display(because))))
    if by_limit and understood.value is not None:
        return each_once(found)  # the value is known: what is missing is the limit
    for path in understood.needs or settling_fields(test.field, record):
        if understood.value is None:
            because = f"{table[path].label}: {understood.why}"
        elif understood.partial and record[path].value is None:
            because = f"{table[path].label}: {record[path].why}"
        else:
            because = f"{table[test.field].label}: {_why_open(test, understood)}"
        found.append(Need(path, shorten(display(because))))
    return each_once(found)


def settling_fields(path: str, record: Record) -> tuple[str, ...]:
    """The stated fields that would settle a field that is not known."""
    return record[path].needs or _sources(path, record)


def _wants_the_date(test: Test, understood: Understood, record: Record) -> bool:
    """Whether a value that is known meets a list whose entries count on some days only."""
    return (
        understood.value is not None
        and not understood.partial
        and isinstance(test.operand, ListReference)
        and test.operand.list.is_dated
        and record["date"].value is None
    )


def _sources(path: str, record: Record) -> tuple[str, ...]:
    """The stated fields behind a field that are themselves not known."""
    bases = _sorted_bases(path)
    return tuple(base for base in bases if record[base].value is None) or bases


@cache
def _sorted_bases(path: str) -> tuple[str, ...]:
    return tuple(sorted(base_fields(path)))
