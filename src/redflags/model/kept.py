"""Many results in little memory: kept as JSON, beyond a size on disk, made models of when asked
for."""

from __future__ import annotations

import errno
import json
import re
import tempfile
import threading
import weakref
from array import array
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, BinaryIO, ClassVar, Generic, Self, TypeVar, cast, overload

import orjson
from pydantic import BaseModel, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, core_schema

Model = TypeVar("Model", bound=BaseModel)

MOST_IN_MEMORY = 16_000_000
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


class KeptJson:
    """Plain values as texts of JSON one after the other; beyond a size they go to disk, if there is
    one that takes them."""

    def __init__(self) -> None:
        self._bytes: BinaryIO = BytesIO()
        self._may_go_to_disk = True
        self._reading = threading.Lock()
        self._end = 0
        self._starts = array("Q")
        self._lengths = array("Q")

    def add(self, plain: Any) -> int:
        """Keep a value; its number."""
        self._starts.append(0)
        self._lengths.append(0)
        number = len(self._starts) - 1
        self.put(number, plain)
        return number

    def put(self, number: int, plain: Any) -> None:
        """Keep another value under a number that there is."""
        text = as_json(plain)
        with self._reading:
            self._write(text)
            self._starts[number], self._lengths[number] = self._end, len(text)
            self._end += len(text)
            if self._may_go_to_disk and self._end > MOST_IN_MEMORY:
                self._may_go_to_disk = False
                self._go_to_disk()

    def _write(self, text: bytes) -> None:
        try:
            _append(self._bytes, self._end, text)
        except OSError:  # the disk is full: what it has is taken back
            self._bytes.seek(0)
            held = BytesIO(self._bytes.read()[: self._end])
            self._bytes.close()
            self._bytes = held
            _append(held, self._end, text)

    def _go_to_disk(self) -> None:
        try:
            file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115
        except OSError:  # there is none that can be written
            return
        try:
            _append(file, 0, self._bytes.getvalue())  # type: ignore[attr-defined]
        except OSError:
            file.close()
            return
        self._bytes = file
        weakref.finalize(self, file.close)

    def text(self, number: int) -> bytes:
        """A value as one line of JSON."""
        with self._reading:
            self._bytes.seek(self._starts[number])
            return self._bytes.read(self._lengths[number])

    def plain(self, number: int) -> Any:
        """A value as it was given."""
        text = self.text(number)
        try:
            return orjson.loads(text)
        except ValueError:  # half characters are no JSON to orjson
            return json.loads(text)

    def __len__(self) -> int:
        return len(self._starts)


def _append(file: BinaryIO, end: int, text: bytes) -> None:
    """Write a text behind the first ``end`` bytes. Raises ``OSError`` if it cannot be written
    wholly."""
    file.seek(end)
    if file.write(text) != len(text):
        raise OSError(errno.ENOSPC, "only a part was written")


class KeptModels(Sequence[Model], Generic[Model]):
    """Results in an order of their own, each made a model when it is asked for.

    A class of these names its model in ``model``, and puts the numbers of what it kept in
    ``_order``.
    """

    model: ClassVar[type[BaseModel]]

    def __init__(self) -> None:
        self._kept = KeptJson()
        self._order: Sequence[int] = ()

    def json(self) -> Iterator[bytes]:
        """Each result as one line of JSON, in order."""
        return map(self._kept.text, self._order)

    def _model(self, number: int) -> Model:
        text = self._kept.text(number)
        try:
            return cast(Model, self.model.model_validate_json(text))
        except ValidationError:  # half characters are no JSON to pydantic
            return cast(Model, self.model.model_validate(json.loads(text)))

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, place: int) -> Model: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[Model, ...]: ...

    def __getitem__(self, place: int | slice) -> Model | tuple[Model, ...]:
        if isinstance(place, slice):
            return tuple(self._model(number) for number in self._order[place])
        return self._model(self._order[place])

    def __iter__(self) -> Iterator[Model]:
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
        return f"<{len(self)} {type(self).__name__.lower()}>"

    def __deepcopy__(self, memo: object) -> Self:
        return self  # nothing in it ever changes

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (tuple(self),)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        many = core_schema.tuple_variable_schema(handler.generate_schema(cls.model))
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
