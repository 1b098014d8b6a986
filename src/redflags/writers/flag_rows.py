"""Flags as rows of a table: what CSV, workbooks and Parquet have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from redflags.model.results import Assessment, LinePlace

COLUMNS = (
    "order_id",
    "file",
    "rows",
    "score",
    "bits",
    "band",
    "action",
    "stop",
    "rule",
    "title",
    "severity",
    "fact",
    "share",
    "sentence",
    "date",
    "destination",
    "parties",
    "goods",
    "ask",
    "shaped_by",
)
"""The columns, in order. A flag's file and rows are those that it speaks of; what shapes it are
local changes of its rule."""


def flag_rows(assessment: Assessment) -> Iterator[dict[str, Any]]:
    """A row for each flag, by :data:`COLUMNS`: texts, whole numbers, the score, and ``stop``."""
    for flag in assessment.flags:
        lines = flag.lines or assessment.lines
        yield {
            "order_id": assessment.order_id,
            "file": "; ".join(dict.fromkeys(line.file for line in lines if line.file is not None)),
            "rows": _rows(lines),
            "score": assessment.score,
            "bits": assessment.bits,
            "band": assessment.band,
            "action": "; ".join(assessment.action),
            "stop": flag.kind == "stop",
            "rule": flag.rule,
            "title": flag.title,
            "severity": flag.severity or "",
            "fact": flag.fact or "",
            "share": flag.share,
            "sentence": flag.sentence,
            "date": assessment.date,
            "destination": assessment.destination,
            "parties": assessment.parties,
            "goods": assessment.goods,
            "ask": " ".join(f"[{one.of}] {one.text}" for one in flag.ask),
            "shaped_by": "; ".join(f"{one.overlay}: {one.change}" for one in flag.shaped_by),
        }


def _rows(lines: Sequence[LinePlace]) -> str:
    return "; ".join(str(line.row) for line in lines if line.row is not None)
