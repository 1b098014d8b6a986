"""Fingerprints: the same for the same rule on the same facts of the same order, in every run.

Dispositions, suppressions and comparisons of runs hang on them, so their form is fixed:

- The *facts of a line* for a rule are, for each test that decides the rule's condition there, the
  fields that it compares with their values as understood: of names their key (case, accents and
  legal forms away), of texts the folded text, of sets the sorted members, of all others their
  canonical text. A field that is not known counts as such. For whether goods suit a trade, and for
  the scale of a quantity, stand the trade, the goods and the quantity themselves.
- Of a rule across orders the *window* counts, too: what its orders have in common, as the line
  states it (of a party the name's key, or its registration number where it has no name), the day of
  the line, with which the window ends, and the line's own value of whatever the rule measures. The
  other orders of the window are no part of it: which of them are seen hangs on how far the files
  and the history of a run reach, and not on the order.
- The *fingerprint of a flag* is BLAKE2b with 16 bytes, in hexadecimal, over the JSON text of
  ``[FORM, "flag", order number, rule, facts of its lines]``, the lines sorted and each once.
- The *fingerprint of an alert* is the same over ``[FORM, "alert", order number, fingerprints of
  its flags]``, sorted.

Rows, files, columns, units, spellings that mean the same, the wording of rules, their weights and
bounds, other rules and versions are no part of it. An order without a number has the empty text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from json.encoder import encode_basestring_ascii
from typing import Any

from redflags.model.fields import field_table, roles
from redflags.model.record import Record
from redflags.rulebook.canonical import value_text
from redflags.rulebook.operators import comparison_key
from redflags.rulebook.tree import Across, Rule, Test
from redflags.values.dates import Age
from redflags.values.understood import Understood

FORM = 1
"""Number of the form; it changes only when the same flag gets another fingerprint."""

BYTES = 16


def flag_fingerprint(order_id: str, rule: str, lines: Iterable[str]) -> str:
    """The fingerprint of the flag of a rule, by its name, from the facts of the lines on which it
    is true (:func:`facts_of_line`)."""
    return _hash("flag", order_id, rule, sorted(set(lines)))


def alert_fingerprint(order_id: str, flags: Iterable[str]) -> str:
    """The fingerprint of an alert from those of its flags; empty without a flag."""
    found = sorted(flags)
    return _hash("alert", order_id, found) if found else ""


def _hash(kind: str, order_id: str, *content: str | list[str]) -> str:
    parts = [encode_basestring_ascii(kind), encode_basestring_ascii(order_id), *map(_json, content)]
    text = f"[{FORM},{','.join(parts)}]"
    return hashlib.blake2b(text.encode("ascii"), digest_size=BYTES).hexdigest()


def _json(content: Any) -> str:
    """Compact JSON in ASCII. What is short and comes often goes past the general encoder."""
    if isinstance(content, str):
        return encode_basestring_ascii(content)
    if isinstance(content, list):
        return f"[{','.join([_json(one) for one in content])}]"
    return json.dumps(content)


def number_for_fingerprint(record: Record) -> str:
    """The order's own number; an order without one has none, wherever it stands."""
    number = record["order_id"].value
    return "" if number is None else str(number)


def facts_of_line(rule: Rule, told: Iterable[str], record: Record) -> str:
    """The facts that decide a rule on one line, as JSON: those of its tests (:func:`facts_of`) and
    of its window."""
    facts = set(told)
    if rule.across is not None:
        facts.update(_facts_of_window(rule.across, record))
    return "[" + ",".join(sorted(facts)) + "]"


def facts_of(test: Test, record: Record) -> str:
    """The facts that a test compares, as members of a JSON array."""
    paths = [test.field]
    if test.operator in ("same_as", "differs_from"):
        paths += sorted(test.operand)
    return ",".join(
        [
            f"[{encode_basestring_ascii(path)},{_json(_value(path, record[path]))}]"
            for one in paths
            for path in _behind(one, record)
        ]
    )


def _facts_of_window(across: Across, record: Record) -> Iterator[str]:
    """What says which window a line is in, and what it brings to it."""
    for same in across.same:
        yield _json(["same", same.kind, *same.by, *_said_of(same.path, record)])
    if across.within is not None:
        yield _json(["until", *_said_of("date", record)])
    for having in across.having:
        if having.field:
            yield _json([having.measure, *_said_of(having.field, record)])


def _said_of(path: str, record: Record) -> list[Any]:
    """A field, or the party of a role, with its value."""
    if path in roles():
        named = f"{path}.name"
        path = f"{path}.registration" if record[named].value is None else named
    return [path, _value(path, record[path])]


def _behind(path: str, record: Record) -> tuple[str, ...]:
    """The fields whose values stand for a field: of a judgement on others, those it judges."""
    if record.states(path):
        return (path,)
    if path.endswith(".fit"):
        return f"{path.removesuffix('.fit')}.business", "product.family"
    if path == "quantity.scale":
        return "product.family", "quantity"
    return (path,)


def _value(path: str, understood: Understood) -> Any:
    value = understood.value
    if value is None:
        return None
    kind = field_table()[path].kind
    key = comparison_key(kind)
    if isinstance(value, frozenset):
        return sorted(str(_text(key(member))) for member in value)
    return _text(key(value))


def _text(value: Any) -> str | None:
    if isinstance(value, Age):
        return f"{value.months} months {value.days_over} days"
    return value_text(value)
