"""The canonical form of a resolved rule book, and its SHA-256.

It holds what rules, lists and mitigations say, with values as they are understood, in a fixed
order. Names of files, the order of keys, rules and entries, comments, quoting, the unit in which a
bound is written and the names of conditions are no part of it.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from redflags.model.judgements import Judgements
from redflags.rulebook.tree import (
    Across,
    Condition,
    Entry,
    Example,
    Group,
    Having,
    LimitTable,
    ListReference,
    Lowering,
    Mitigation,
    Named,
    Pack,
    Rule,
    RuleList,
    Test,
)
from redflags.values.dates import Duration
from redflags.values.measures import Concentration
from redflags.values.money import Money
from redflags.values.quantity import Quantity

FORM = 1
"""Number of this form; it changes when the same rule book gets another text."""


_json = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def canonical_text(part: Pack | Mitigation) -> str:
    """The canonical form as JSON: sorted keys, no blanks, every value as text."""
    return _Writer().text(part)


def pack_hash(pack: Pack) -> str:
    """SHA-256 of the canonical form of one pack; its own ``sha256`` and origin do not count."""
    return _sha256(canonical_text(pack))


def book_hash(packs: Iterable[Pack]) -> str:
    """SHA-256 over the ids and hashes of all packs."""
    return _sha256(_json({"form": FORM, "packs": sorted([p.id, p.sha256] for p in packs)}))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class _Writer:
    """Writes one pack; keeps the digests of what is used in several places."""

    def __init__(self) -> None:
        self._digests: dict[int, str] = {}

    def text(self, part: Pack | Mitigation) -> str:
        if isinstance(part, Mitigation):
            return _json(self._mitigation(part))
        return _json(
            _judgements(part.judgements)
            | {
                "form": FORM,
                "id": part.id,
                "title": part.title,
                "version": part.version,
                "licence": part.licence,
                "sources": _sorted(dataclasses.asdict(source) for source in part.sources),
                "lists": _sorted(self._list(item) for item in part.lists),
                "mitigations": _sorted(self._mitigation(item) for item in part.mitigations),
                "rules": _sorted(self._rule(item) for item in part.rules),
            }
        )

    def _rule(self, rule: Rule) -> dict[str, Any]:
        return {
            "id": rule.id,
            "title": rule.title,
            "kind": rule.kind,
            "severity": rule.severity,
            "fact": rule.fact,
            "bits": rule.bits,
            "status": rule.status,
            "why": rule.why,
            "notes": rule.notes,
            "when": self._condition(rule.when),
            "sources": _sorted(
                {"document": one.document, "flags": sorted(one.flags), "note": one.note}
                for one in rule.sources
            ),
            "lowers": _sorted(self._lowering(one) for one in rule.lowers),
            "ask": _sorted({"of": one.of, "text": one.text} for one in rule.ask),
            "examples": _sorted(_example(one) for one in rule.examples),
        } | self._across(rule.across)

    def _across(self, across: Across | None) -> dict[str, Any]:
        """A rule without a window has the same form as before there were any."""
        if across is None:
            return {}
        where = None if across.where is None else self._condition(across.where)
        return {
            "across": {
                "same": _sorted([one.kind, one.path, *sorted(one.by)] for one in across.same),
                "within": value_text(across.within),
                "where": where,
                "having": _sorted(self._having(one) for one in across.having),
            }
        }

    def _having(self, having: Having) -> dict[str, Any]:
        block = None if having.block is None else self._condition(having.block)
        asked = {having.operator: self._operand(having.operand)} if having.operator else {}
        if having.measure == "first":
            asked = {"is": self._operand(having.operand)}
        return {"measure": having.measure, "of": having.field, "block": block, **asked}

    def _lowering(self, lowering: Lowering | Mitigation) -> dict[str, Any]:
        return {
            "when": self._condition(lowering.when),
            "bits": lowering.bits,
            "because": lowering.because,
        }

    def _mitigation(self, mitigation: Mitigation) -> dict[str, Any]:
        return {
            "name": mitigation.name,
            "fact": mitigation.fact,
            **self._lowering(mitigation),
        }

    def _list(self, item: RuleList) -> dict[str, Any]:
        return {
            "name": item.name,
            "kind": item.kind,
            "source": item.source,
            "vintage": item.vintage,
            "entries": _sorted(_entry(entry) for entry in item.entries),
        }

    def _condition(self, condition: Condition) -> Any:
        if isinstance(condition, Named):
            return self._digest(condition.block, self._condition)
        if isinstance(condition, Group):
            return {condition.kind: _sorted(self._condition(part) for part in condition.parts)}
        return self._test(condition)

    def _digest(self, thing: Any, write: Any) -> str:
        """The hash of a part that may be used often: written out, it could grow without end."""
        found = self._digests.get(id(thing))
        if found is None:
            found = self._digests[id(thing)] = _sha256(_json(write(thing)))
        return found

    def _test(self, test: Test) -> dict[str, Any]:
        return {"field": test.field, test.operator: self._operand(test.operand)}

    def _operand(self, operand: Any) -> Any:
        if isinstance(operand, ListReference):
            return {
                "list": self._digest(operand.list, self._list),
                "where": {name: sorted(values) for name, values in operand.where},
            }
        if isinstance(operand, LimitTable):
            return {"table": self._digest(operand, _table)}
        if isinstance(operand, frozenset):
            return _sorted(value_text(value) for value in operand)
        if isinstance(operand, tuple):
            # The two ends of a range have an order; phrases, codes and fields have none.
            texts = [value_text(value) for value in operand]
            return texts if any(not isinstance(one, str) for one in operand) else sorted(texts)
        return value_text(operand)


def _example(example: Example) -> dict[str, Any]:
    told = {"name": example.name, "given": dict(example.given), "expect": example.expect}
    # The transactions beside it have an order only in their dates.
    orders = {"orders": _sorted(dict(one) for one in example.orders)} if example.orders else {}
    return told | orders


@dataclasses.dataclass(frozen=True, slots=True)
class ListHashes:
    """A list, and each of its values with the hash of the entries that have it."""

    name: str
    sha256: str
    entries: Mapping[str, str]


@dataclasses.dataclass(frozen=True, slots=True)
class PartHashes:
    """The hashes of the parts of a pack, by their names. A rule's leaves out what stands in the
    lists that it names: that is the lists' own."""

    rules: Mapping[str, str]
    lists: tuple[ListHashes, ...]
    others: Mapping[str, str]


SHORT = 16
"""Hexadecimal digits of the hash of a part: enough to tell a change, not to withstand an attack;
the pack's own hash does that."""


def part_hashes(pack: Pack) -> PartHashes:
    """What to compare when a pack's hash differs: its rules, its lists entry by entry, and the
    rest (``about`` the pack, its judgements, its mitigations)."""
    writer = _PartWriter()
    about = [pack.title, pack.version, pack.licence]
    about.append(_json(_sorted(dataclasses.asdict(source) for source in pack.sources)))
    others = {"about the pack": _short(about)}
    for what, said in _judgements(pack.judgements).items():
        others[f"table of {what}"] = _short(said)
    for number, one in enumerate(sorted(pack.mitigations, key=lambda one: one.name)):
        others[f"mitigation {one.name or number}"] = _short(writer._mitigation(one))
    return PartHashes(
        rules={rule.id: _short(writer._rule(rule)) for rule in pack.rules},
        lists=tuple(_list_hashes(item, writer) for item in pack.lists),
        others=others,
    )


def _short(said: Any) -> str:
    return _sha256(_json(said))[:SHORT]


def _list_hashes(item: RuleList, writer: _Writer) -> ListHashes:
    entries: dict[str, list[Any]] = {}
    for entry in item.entries:
        entries.setdefault(value_text(entry.value) or "", []).append(_entry(entry))
    return ListHashes(
        name=item.name,
        sha256=_sha256(_json(writer._list(item))),
        entries={value: _short(_sorted(said))[:8] for value, said in sorted(entries.items())},
    )


class _PartWriter(_Writer):
    """Writes parts on their own: a list is its name."""

    def _operand(self, operand: Any) -> Any:
        if isinstance(operand, ListReference):
            where = {name: sorted(values) for name, values in operand.where}
            return {"list": operand.list.name, "where": where}
        return super()._operand(operand)


def _judgements(judgements: Judgements) -> dict[str, Any]:
    """A site's judgements; a pack without any has the same form as before there were any."""
    if not judgements:
        return {}
    return {
        "fits": _sorted([*key, one.value, one.reason] for key, one in judgements.fits.items()),
        "scales": _sorted(
            [family, value_text(one.retail_below), value_text(one.trade_below)]
            for family, one in judgements.scales.items()
        ),
    }


def _table(table: LimitTable) -> dict[str, Any]:
    return {
        "name": table.name,
        "kind": table.kind,
        "source": table.source,
        "rows": _sorted(
            {
                "match": [[path, value_text(value)] for path, value in row.match],
                "limit": value_text(row.limit),
            }
            for row in table.rows
        ),
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "value": value_text(entry.value),
        "attributes": dict(entry.attributes),
        "from": value_text(entry.since),
        "until": value_text(entry.until),
    }


def _sorted(parts: Iterable[Any]) -> list[Any]:
    members = list(parts)
    return sorted(members, key=_json) if len(members) > 1 else members


def value_text(value: Any) -> str | None:
    """One typed value as text, the same for every way of writing it; None stays None."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | Fraction):
        return str(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Quantity):
        return f"{value.dimension}:{value.amount}"
    if isinstance(value, Money):
        return f"{value.currency}:{value.amount}"
    if isinstance(value, Concentration):
        return f"{value.parts_per_million} ppm {value.basis}".rstrip()
    if isinstance(value, Duration):
        return f"{value.count} {value.unit}"
    raise TypeError(f"no canonical form for {type(value).__name__}")
