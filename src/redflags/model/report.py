"""Many assessments in little memory: kept as JSON, beyond a size on disk, made models of when
asked for."""

from __future__ import annotations

import json
import re
import tempfile
import threading
import weakref
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, overload

import orjson
from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, core_schema

from redflags.model.results import Assessment, Baseline, Run, Summary

MOST_IN_MEMORY = 64_000_000
"""Bytes of JSON beyond which a file without a name takes them."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def as_json(plain: Any) -> bytes:
    """A plain value as JSON in UTF-8; half characters (lone surrogates), which no encoding can
    write, become escapes."""
    try:
        return orjson.dumps(plain)
    except TypeError:
        text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return _LONE_SURROGATE.sub(lambda match: f"\\u{ord(match.group()):04x}", text).encode()


class Assessments(Sequence[Assessment]):
    """Assessments, the most urgent first: stops, then by evidence, then by order number.

    A run adds them as plain values in the order of their first rows (:meth:`add`), and then calls
    :meth:`sort`. Each is made a model when it is asked for.
    """

    def __init__(self, assessments: Iterable[Assessment] = ()) -> None:
        """Hold these, in this order."""
        self._bytes = tempfile.SpooledTemporaryFile(max_size=MOST_IN_MEMORY)  # noqa: SIM115
        weakref.finalize(self, self._bytes.close)
        self._reading = threading.Lock()
        self._end = 0
        self._starts = array("Q")
        self._keys: list[tuple[bool, int, str]] = []
        self._order: Sequence[int] = ()
        assessments = tuple(assessments)
        for assessment in assessments:
            self.add(assessment.model_dump())
        # A run adds orders as they stand in the files; of these only their places tell.
        files: dict[str | None, int] = {}
        rows = []
        for assessment in assessments:
            first = assessment.lines[0] if assessment.lines else None
            row = None if first is None else first.row
            rows.append(
                (row is None, files.setdefault(first.file if first else None, len(files)), row or 0)
            )
        self._order = range(len(rows))
        self._by_row: Sequence[int] | None = sorted(self._order, key=rows.__getitem__)

    def add(self, plain: dict[str, Any]) -> None:
        """Add an assessment as plain values under the names of its model."""
        text = as_json(plain)
        self._starts.append(self._end)
        self._end += len(text)
        self._bytes.write(text)
        self._keys.append((not plain["stop"], -plain["bits"], plain["order_id"]))

    def sort(self) -> None:
        """Put the most urgent first. To be called once all are added."""
        self._order = array("Q", sorted(range(len(self._keys)), key=self._keys.__getitem__))
        self._keys = []

    def json_by_row(self) -> Iterator[bytes]:
        """Each assessment as one line of JSON, in the order of first rows."""
        return map(self._json, self._by_row or range(len(self._order)))

    def json(self) -> Iterator[bytes]:
        """Each assessment as one line of JSON, the most urgent first."""
        return map(self._json, self._order)

    def _json(self, number: int) -> bytes:
        start, after = self._starts[number], number + 1
        end = self._starts[after] if after < len(self._starts) else self._end
        with self._reading:
            self._bytes.seek(start)
            return self._bytes.read(end - start)

    def _model(self, number: int) -> Assessment:
        text = self._json(number)
        try:
            return Assessment.model_validate_json(text)
        except ValidationError:  # half characters are no JSON to pydantic
            return Assessment.model_validate(json.loads(text))

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, place: int) -> Assessment: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Assessment, ...]: ...

    def __getitem__(self, place: int | slice) -> Assessment | tuple[Assessment, ...]:
        if isinstance(place, slice):
            return tuple(self._model(number) for number in self._order[place])
        return self._model(self._order[place])

    def __iter__(self) -> Iterator[Assessment]:
        return map(self._model, self._order)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(
            one == two for one, two in zip(self, other, strict=True)
        )

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"<{len(self)} assessments>"

    def __deepcopy__(self, memo: object) -> Assessments:
        return self  # nothing in it ever changes

    def __reduce__(self) -> tuple[type[Assessments], tuple[tuple[Assessment, ...]]]:
        return Assessments, (tuple(self),)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        many = handler.generate_schema(tuple[Assessment, ...])
        return core_schema.json_or_python_schema(
            json_schema=core_schema.no_info_after_validator_function(cls, many),
            python_schema=core_schema.union_schema(
                [
                    core_schema.is_instance_schema(cls),
                    core_schema.no_info_after_validator_function(cls, many),
                ]
            ),
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda held: tuple(one.model_dump() for one in held), return_schema=None
            ),
        )


class Report(BaseModel):
    """The whole output of a check."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    run: Run
    summary: Summary
    assessments: Assessments
    baseline: Baseline | None = None
