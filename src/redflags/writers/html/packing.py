"""Alerts as data in a page: a small index of all, and their evidence in blocks read when opened.

The evidence of ten thousand alerts is a hundred megabytes of JSON. What a rule says of itself
stands once; the rest is put into blocks of alerts, which are packed (gzip, base64) where there are
many, and unpacked by the browser when an alert is opened.
"""

from __future__ import annotations

import base64
import gzip
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from redflags.model.results import LocalChange
from redflags.writers.html.elements import clean, data_block
from redflags.writers.local_changes import changed_text

Plain = dict[str, Any]

MOST_LISTED = 20_000
"""Alerts that a page lists, the most urgent; it says how many more there are."""

MOST_PLAIN = 300
"""Alerts up to which the evidence stands in the page as plain JSON, unless it is much."""

MOST_PLAIN_BYTES = 3_000_000

MOST_BYTES = 13_000_000
"""Bytes of index and packed evidence, after which no further alert is listed: a page is to open
within two seconds."""

ONE_IN_THE_INDEX = 60
"""Bytes that an alert takes in the index beside its texts."""

UNCHANGED = "as they were"
"""What became of an order of which nothing did."""

BLOCK = 40
"""Alerts in a block: enough to pack well, few enough to unpack at once."""

_OF_THE_RULE = ("rule", "title", "kind", "severity", "fact", "weight", "why", "source")
_OF_THE_TEST = ("field", "operator", "operand", "column")
_OF_THE_VALUE = ("written", "understood", "how", "assumed", "verdict", "sentence")
_TEXTS_OF_INCOMPLETES = ("rule", "title", "needs", "because", "not_in_input")
_ESCAPED = re.compile(r"(?<!\\)(?:\\\\)*\\[bfnrtu]")
_ACTIONS = ("escalate", "hold", "ask", "note")


@dataclass(slots=True)
class Table:
    """Values that come again and again, each told by its number; ``size`` is that of their keys,
    where these are their JSON."""

    size: int = 0
    values: list[Any] = field(default_factory=list)
    _numbers: dict[object, int] = field(default_factory=dict)

    def number(self, value: Any, key: object = None) -> int:
        """The number of a value, the same for one that is the same (by ``key``, if given)."""
        found = self._numbers.setdefault(value if key is None else key, len(self.values))
        if found == len(self.values):
            self.values.append(value)
            self.size += len(key) if isinstance(key, bytes) else 0
        return found


@dataclass(slots=True)
class Alerts:
    """The alerts of a report as they stand in the page, the most urgent first. Of the orders
    ``in_cases`` the parties are kept at hand. ``changes`` has what became of an order since an
    earlier run, of those that are not as they were; None where none was compared."""

    in_cases: Collection[str] = ()
    changes: Mapping[str, str] | None = None
    rules: Table = field(default_factory=Table)
    tests: Table = field(default_factory=Table)
    incompletes: Table = field(default_factory=Table)
    combinations: Table = field(default_factory=Table)
    rows: list[Plain] = field(default_factory=list)
    left_out: int = 0
    worked_out: int = 0
    _plain: list[bytes] = field(default_factory=list)
    _packed: list[str] = field(default_factory=list)
    _waiting: list[bytes] = field(default_factory=list)
    _plain_size: int = 0
    _size: int = 0

    def add(self, alert: Plain) -> None:
        """Add an alert, as an :class:`~redflags.model.results.Assessment` in plain values that
        :func:`loaded` gave; they are taken apart. One that a page can hold no more is counted."""
        size = self._size + self.rules.size + self.incompletes.size
        if self.left_out or len(self.rows) >= MOST_LISTED or size > MOST_BYTES:
            self.left_out += 1
            return
        self.worked_out += alert.get("what_if") is not None
        in_case = alert["order_id"] in self.in_cases
        parties = alert.get("participants", [])
        numbers = []
        flags = []
        conditions = Table()
        for flag in alert.pop("flags"):
            of_rule = {name: flag.pop(name) for name in _OF_THE_RULE}
            if flag.get("shaped_by"):
                of_rule["changed"] = [
                    clean(changed_text(LocalChange.model_validate(one), of_rule["rule"]))
                    for one in flag["shaped_by"]
                ]
            flag.pop("shaped_by", None)
            numbers.append(self.rules.number(of_rule, orjson.dumps(of_rule)))
            flag["r"] = numbers[-1]
            flag["conditions"] = [
                self._condition(one, conditions, alert["lines"]) for one in flag["conditions"]
            ]
            if flag["conditions"]:
                del flag["sentence"]  # they say it
            if flag["lines"] == alert["lines"]:
                del flag["lines"]
            flags.append(flag)
        alert["incomplete"] = [self._incomplete(one) for one in alert["incomplete"]]
        self.rows.append(
            {
                "order": alert.pop("order_id"),
                "band": alert.pop("band"),
                "stop": int(alert.pop("stop")),
                "score": alert.pop("score"),
                "bits": alert.pop("bits"),
                "actions": self.combinations.number(tuple(alert.pop("action"))),
                "parties": alert.pop("parties"),
                "goods": alert.pop("goods"),
                "date": alert.pop("date", ""),
                "destination": alert.pop("destination", ""),
                "families": alert.get("families", []),
                "rules": numbers,
                "countries": _countries(parties),
                "participants": parties if in_case else [],
            }
        )
        if self.changes is not None:
            row = self.rows[-1]
            row["change"] = self.changes.get(row["order"], UNCHANGED)
        texts = (self.rows[-1][name] for name in ("order", "parties", "goods"))
        self._size += ONE_IN_THE_INDEX + sum(len(text.encode()) for text in texts)
        self._keep(orjson.dumps({"flags": flags, "conditions": conditions.values, **alert}))

    def _keep(self, evidence: bytes) -> None:
        """Keep the evidence of one alert, as it is while there is little, and packed."""
        self._waiting.append(evidence)
        if len(self._waiting) == BLOCK:
            self._pack()
        if self._plain_size <= MOST_PLAIN_BYTES and len(self._plain) <= MOST_PLAIN:
            self._plain_size += len(evidence)
            self._plain.append(evidence)

    def _pack(self) -> None:
        packed = base64.b64encode(gzip.compress(_joined(self._waiting), 6, mtime=0)).decode()
        self._size += len(packed)
        self._packed.append(packed)
        self._waiting = []

    def _condition(self, one: Plain, conditions: Table, lines: list[Plain]) -> int:
        """The number of a condition among those of its alert: several flags often share one."""
        of_test = tuple(one.pop(name) for name in _OF_THE_TEST)
        place = one.pop("place")
        told = [
            self.tests.number(of_test),
            lines.index(place) if place in lines else place,
            *(one.pop(name) for name in _OF_THE_VALUE),
        ]
        if one:
            told.append(one)  # what later versions say of a condition
        return conditions.number(told, orjson.dumps(told))

    def _incomplete(self, one: Plain) -> list[Any]:
        texts = {name: one.pop(name) for name in _TEXTS_OF_INCOMPLETES}
        return [self.incompletes.number(texts, orjson.dumps(texts)), one]

    def actions_of(self, row: Plain) -> tuple[str, ...]:
        """What is to be done about an alert, the gravest first."""
        found: tuple[str, ...] = self.combinations.values[row["actions"]]
        return tuple(sorted(found, key=lambda one: _ACTIONS.index(one) if one in _ACTIONS else 9))

    def rules_of(self, row: Plain) -> list[Plain]:
        """What the rules of an alert say of themselves."""
        return [self.rules.values[number] for number in row["rules"]]

    def blocks(self) -> Iterable[str]:
        """The data blocks of the page: index, rules, and the evidence of the alerts."""
        packed = len(self.rows) > MOST_PLAIN or self._plain_size > MOST_PLAIN_BYTES
        first = self.rows[0] if self.rows else {}
        names = [name for name in first if name not in ("countries", "participants", "families")]
        index = {
            "columns": {name: [row[name] for row in self.rows] for name in names},
            "combinations": self.combinations.values,
            "tests": self.tests.values,
            "incompletes": self.incompletes.values,
            "count": len(self.rows),
            "block": BLOCK,
            "packed": packed,
        }
        yield data_block("alerts", orjson.dumps(index).decode())
        yield data_block("rules", orjson.dumps(self.rules.values).decode())
        if packed:
            if self._waiting:
                self._pack()
            for number, text in enumerate(self._packed):
                yield data_block(f"evidence-{number}", text, "application/gzip")
            return
        for number, start in enumerate(range(0, len(self._plain), BLOCK)):
            joined = _joined(self._plain[start : start + BLOCK])
            yield data_block(f"evidence-{number}", joined.decode())


def _joined(evidence: Sequence[bytes]) -> bytes:
    return b"[" + b",".join(evidence) + b"]"


def loaded(line: bytes) -> Plain:
    """An assessment from its line of JSON, with all its texts fit to be looked at."""
    found: Plain
    text = line.decode()
    try:
        found = orjson.loads(text)
    except ValueError:  # half characters are no JSON to orjson
        found = json.loads(text)
    if text.isprintable() and not _ESCAPED.search(text):
        return found  # nothing in it needs to be looked at one by one
    cleaned_found: Plain = cleaned(found)
    return cleaned_found


def cleaned(value: Any) -> Any:
    """A value with all its texts fit to be looked at."""
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else clean(value)
    if isinstance(value, dict):
        return {name: cleaned(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(one) for one in value]
    return value


def _countries(participants: Iterable[Plain]) -> dict[str, str]:
    return {one["role"]: one["country"] for one in participants if one["country"]}
