"""Orders given as mappings of plain values, made into models without asking the validator.

What an order system gives is nearly always that: names of fields with texts, numbers, days or
nothing, flat or one level deep. The model that comes out is equal to the validator's. Whatever is
not so plain is left to the validator, which says what is wrong with it.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import Any, TypeVar

from pydantic import BaseModel

from redflags.model.given_values import text_of
from redflags.model.kind import Kind
from redflags.values.understood import Understood

Model = TypeVar("Model", bound=BaseModel)

MOST_LAYOUTS = 2_000
"""Sets of columns of which it is remembered what they fill."""

MOST_GROUPS = 16_384
"""Parties and other groups of fields that are remembered: an order system meets the same firms
again."""

LONGEST_REMEMBERED = 2_000
"""Characters of a group of fields up to which it is remembered."""

_PLAIN = frozenset(
    {str, type(None), int, bool, float, Decimal, datetime.date, datetime.datetime, list, tuple}
)
_ONLY_TEXT = {str}

Shape = tuple[tuple[str, ...], tuple[tuple[int, tuple[str, ...]], ...]]
"""The keys of a mapping, and for each mapping within it its place with its own keys."""


@dataclass(frozen=True, slots=True)
class _Group:
    """A group of fields: where its values stand, and the maker of its model."""

    name: str
    make: Callable[[tuple[str, ...]], BaseModel]
    texts: Callable[[Sequence[str]], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class _Layout:
    """What the values of a mapping fill, by their place."""

    singles: tuple[tuple[str, int, Callable[[str], Understood]], ...]
    groups: tuple[_Group, ...]
    filled: frozenset[str]


class PlainOrders:
    """Makes models of plain mappings. Safe from several threads.

    ``attribute_of`` gives the group and the attribute that a column fills, and raises
    ``ValueError`` where there is no such field. ``group_of`` gives the model of a group from the
    annotation of an attribute, None for a single field.
    """

    def __init__(
        self,
        model: type[Model],
        attribute_of: Callable[[str], tuple[str | None, str]],
        group_of: Callable[[Any], type[BaseModel] | None],
    ) -> None:
        self._model = model
        self._attribute_of = attribute_of
        self._group_of = group_of
        self._empty = dict.fromkeys(model.model_fields)
        self._layout = lru_cache(maxsize=MOST_LAYOUTS)(self._laid_out)
        self._group = lru_cache(maxsize=MOST_GROUPS)(self._made)

    def make(self, given: dict[str, Any]) -> Any:
        """The model of a mapping, or None where the validator is to be asked."""
        values = list(given.values())
        inner: tuple[tuple[int, tuple[str, ...]], ...] = ()
        types = set(map(type, values))
        if dict in types:
            values, inner = _flat(values)
            types = set(map(type, values))
        try:
            layout = self._layout((tuple(given), inner))
            if types != _ONLY_TEXT:
                if not types <= _PLAIN:
                    return None
                values = [text_of(value) for value in values]
        except (TypeError, ValueError):
            return None
        fields: dict[str, Any] = self._empty.copy()
        for name, place, parse in layout.singles:
            fields[name] = parse(values[place])
        for group in layout.groups:
            fields[group.name] = group.make(group.texts(values))
        return _built(self._model, fields, layout.filled)

    def _laid_out(self, shape: Shape) -> _Layout:
        """What these columns fill. Of two that fill the same it is for the validator to choose."""
        places: dict[str | None, dict[str, int]] = {}
        columns = _columns(shape)
        if len(set(columns)) < len(columns):
            raise ValueError("a field is given twice")
        for place, column in enumerate(columns):
            name, attribute = self._attribute_of(column)
            filled = places.setdefault(name, {})
            if attribute in filled:
                raise ValueError("two columns fill one field")
            filled[attribute] = place
        own = places.pop(None, {})
        return _Layout(
            singles=tuple(
                (name, own[name], _kind(self._model, name).parse)
                for name in self._model.model_fields
                if name in own
            ),
            groups=tuple(
                self._laid_out_group(name, places[name])
                for name in self._model.model_fields
                if name in places
            ),
            filled=frozenset((*own, *(name for name in places if name is not None))),
        )

    def _laid_out_group(self, name: str, places: Mapping[str, int]) -> _Group:
        attributes = tuple(places)
        where = tuple(places.values())
        get = itemgetter(*where)
        remembered, made = self._group, self._made
        model = self._group_of(self._model.model_fields[name].annotation)
        if model is None:
            raise ValueError(f"{name} is no group of fields")

        def make(texts: tuple[str, ...]) -> BaseModel:
            is_short = sum(map(len, texts)) <= LONGEST_REMEMBERED
            return (remembered if is_short else made)(model, attributes, texts)

        return _Group(
            name,
            make,
            get if len(where) > 1 else lambda values: (get(values),),
        )

    def _made(
        self, model: type[BaseModel], attributes: tuple[str, ...], texts: tuple[str, ...]
    ) -> BaseModel:
        """A group of fields. It is fixed once made, so orders share it."""
        fields: dict[str, Any] = dict.fromkeys(model.model_fields)
        for attribute, text in zip(attributes, texts, strict=True):
            fields[attribute] = _kind(model, attribute).parse(text)
        return _built(model, fields, frozenset(attributes))


def _flat(
    values: Sequence[Any],
) -> tuple[list[Any], tuple[tuple[int, tuple[str, ...]], ...]]:
    """The values with those of mappings within them in their place."""
    flat: list[Any] = []
    inner: list[tuple[int, tuple[str, ...]]] = []
    for place, value in enumerate(values):
        if type(value) is dict:
            inner.append((place, tuple(value)))
            flat.extend(value.values())
        else:
            flat.append(value)
    return flat, tuple(inner)


def _columns(shape: Shape) -> list[str]:
    """The columns of a mapping, those of mappings within it in their place."""
    keys, inner = shape
    within = dict(inner)
    columns: list[str] = []
    for place, key in enumerate(keys):
        prefix = str(key).replace(".", "_")
        if place in within:
            columns += [f"{prefix}_{str(one).replace('.', '_')}" for one in within[place]]
        else:
            columns.append(prefix)
    return columns


@lru_cache(maxsize=1024)
def _kind(model: type[BaseModel], attribute: str) -> Kind:
    return next(one for one in model.model_fields[attribute].metadata if isinstance(one, Kind))


def _built(model: type[Model], fields: dict[str, Any], filled: frozenset[str]) -> Model:
    """A model from values that are what its validators would have made."""
    made = model.__new__(model)
    put = object.__setattr__
    put(made, "__dict__", fields)
    put(made, "__pydantic_fields_set__", set(filled))
    put(made, "__pydantic_extra__", None)
    put(made, "__pydantic_private__", None)
    return made
