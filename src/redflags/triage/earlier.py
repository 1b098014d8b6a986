"""A report of an earlier run, read back from its JSON."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from pydantic import ValidationError

from redflags.errors import ConfigurationError
from redflags.model.results import Run
from redflags.version import __version__
from redflags.weights import BAND_NAMES

LARGEST = 2_000_000_000
"""Bytes of a report that is read back."""


@dataclass(frozen=True, slots=True)
class EarlierFlag:
    """What an earlier report says of a flag: its share in thousandths of a bit, on what facts it
    rests, where reports had fingerprints already, and how many orders the window of a rule across
    orders held; 0 for any other rule."""

    rule: str
    share: int
    fingerprint: str
    orders: int = 0


@dataclass(frozen=True, slots=True)
class EarlierOrder:
    """What an earlier report says of an order. ``needs`` has the missing fields of each rule that
    could not be judged."""

    order_id: str
    has_number: bool
    band: str
    bits: int
    score: float
    stop: bool
    action: tuple[str, ...]
    fingerprint: str
    flags: Mapping[str, EarlierFlag]
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parties: str = ""
    goods: str = ""

    @property
    def says(self) -> tuple[Any, ...]:
        """All that a repetition must say again, whatever the order of rows."""
        return (
            self.band,
            self.bits,
            self.stop,
            self.action,
            tuple(
                sorted(
                    (one.rule, one.share, one.fingerprint, one.orders)
                    for one in self.flags.values()
                )
            ),
            tuple(sorted(self.needs.items())),
        )


@dataclass(frozen=True, slots=True)
class EarlierReport:
    """A report that was read back: ``counts`` are those of its summary."""

    path: str
    sha256: str
    run: Run
    counts: Mapping[str, Any]
    orders: Sequence[EarlierOrder]


def read_report(path: str) -> EarlierReport:
    """Read a report that ``redflags check -f json`` wrote.

    Raises :class:`ConfigurationError` for a file that cannot be read, that is none, or that was
    written by a version that says what this one does not know.
    """
    data = _bytes(path)
    document = _json(path, data)
    if not isinstance(document, dict) or not {"run", "summary", "assessments"} <= document.keys():
        raise _foreign(path, "it has no run, summary and assessments")
    try:
        run = Run.model_validate(document["run"])
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])[:100]
        stated = document["run"].get("version") if isinstance(document["run"], dict) else None
        by = f"; it was written by version {str(stated)[:20]}, this is {__version__}"
        raise _foreign(
            path, f"run.{place}: {first['msg'].lower()}" + (by if stated != __version__ else "")
        ) from error
    try:
        orders = [_order(one) for one in document["assessments"]]
        counts = dict(document["summary"])
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise _foreign(path, f"an assessment is incomplete ({str(error)[:80]})") from error
    return EarlierReport(path, hashlib.sha256(data).hexdigest(), run, counts, orders)


def _bytes(path: str) -> bytes:
    try:
        with Path(path).open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ConfigurationError(f"the report {path[:200]!r} cannot be read: {reason}") from error
    if len(data) > LARGEST:
        raise ConfigurationError(f"the report {path[:200]!r} is larger than {LARGEST:,} bytes")
    return data


def _json(path: str, data: bytes) -> Any:
    try:
        return orjson.loads(data)
    except ValueError:
        pass
    try:
        return json.loads(data)  # half characters are no JSON to orjson
    except (ValueError, RecursionError) as error:
        raise _foreign(path, f"it is no JSON ({str(error)[:80]})") from error


def _foreign(path: str, why: str) -> ConfigurationError:
    return ConfigurationError(
        f"{path[:200]!r} is no report that can be used: {why}; write one with "
        "redflags check FILE -o report.json"
    )


def _order(plain: Mapping[str, Any]) -> EarlierOrder:
    flags = [
        EarlierFlag(
            str(one["rule"]),
            int(one["share"]),
            str(one.get("fingerprint", "")),
            int((one.get("window") or {}).get("count", 0)),
        )
        for one in plain["flags"]
    ]
    if plain["band"] not in BAND_NAMES:
        raise ValueError(f"there is no band {str(plain['band'])[:20]!r}")
    return EarlierOrder(
        order_id=str(plain["order_id"]),
        has_number=not _is_place(plain),
        band=str(plain["band"]),
        bits=int(plain["bits"]),
        score=float(plain["score"]),
        stop=bool(plain["stop"]),
        action=tuple(str(one) for one in plain["action"]),
        fingerprint=str(plain.get("fingerprint", "")),
        flags={one.rule: one for one in flags},
        needs={
            str(one["rule"]): tuple(sorted(str(need) for need in one["needs"]))
            for one in plain["incomplete"]
        },
        parties=str(plain.get("parties", "")),
        goods=str(plain.get("goods", "")),
    )


def _is_place(plain: Mapping[str, Any]) -> bool:
    """Whether the order has no number of its own and goes by the place of its row."""
    lines = plain["lines"]
    if len(lines) != 1:
        return False
    return str(plain["order_id"]) == f"{lines[0]['file']}:{lines[0]['row']}"


def orders_now(lines: Sequence[bytes] | Any) -> list[EarlierOrder]:
    """The orders of this run in the same form, from the JSON of its assessments."""
    return [_order(_json("this run", line)) for line in lines]
