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
from collections.abc import Collection, Iterable
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
"""Alerts up to which the evidence stands in the page as plain JSON."""

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
    """Values that come again and again, each told by its number."""

    values: list[Any] = field(default_factory=list)
    _numbers: dict[object, int] = field(default_factory=dict)

    def number(self, value: Any, key: object = None) -> int:
        """The number of a value, the same for one that is the same (by ``key``, if given)."""
        found = self._numbers.setdefault(value if key is None else key, len(self.values))
        if found == len(self.values):
            self.values.append(value)
        return found


@dataclass(slots=True)
class Alerts:
    """The alerts of a report as they stand in the page, the most urgent first. Of the orders
    ``in_cases`` the parties are kept at hand."""

    in_cases: Collection[str] = ()
    rules: Table = field(default_factory=Table)
    tests: Table = field(default_factory=Table)
    incompletes: Table = field(default_factory=Table)
    combinations: Table = field(default_factory=Table)
    rows: list[Plain] = field(default_factory=list)
    left_out: int = 0
    _details: list[bytes] = field(default_factory=list)

    def add(self, alert: Plain) -> None:
        """Add an alert, as an :class:`~redflags.model.results.Assessment` in plain values that
        :func:`loaded` gave; they are taken apart."""
        if len(self.rows) >= MOST_LISTED:
            self.left_out += 1
            return
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
        self._details.append(
            orjson.dumps({"flags": flags, "conditions": conditions.values, **alert})
        )

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
        packed = len(self.rows) > MOST_PLAIN
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
        for number, start in enumerate(range(0, len(self._details), BLOCK)):
            joined = b"[" + b",".join(self._details[start : start + BLOCK]) + b"]"
            name = f"evidence-{number}"
            if packed:
                text = base64.b64encode(gzip.compress(joined, 6, mtime=0)).decode()
                yield data_block(name, text, "application/gzip")
            else:
                yield data_block(name, joined.decode())


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
