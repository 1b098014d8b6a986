"""The field table: every field of a transaction, derived from the models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from redflags.model.kind import Kind
from redflags.model.transaction import SHORT_COLUMNS, Party, Transaction, group_model


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its dotted path, kind, meaning, column in a file, and an example.

    ``label`` is what sentences call it ("the buyer's country"); ``is_derived`` says that it
    follows from other fields unless the order states it.
    """

    path: str
    kind: Kind
    meaning: str
    column: str
    example: str
    label: str
    is_derived: bool


@cache
def field_table() -> Mapping[str, Field]:
    """Every field by its path, in the order of the models."""
    table: dict[str, Field] = {}
    for name, info in Transaction.model_fields.items():
        group = group_model(info.annotation)
        if group is None:
            _add(table, name, info, "the ", "")
        else:
            owner = f"the {name.replace('_', ' ')}'s " if issubclass(group, Party) else "the "
            for attribute, inner in group.model_fields.items():
                _add(table, f"{name}.{attribute}", inner, owner, name)
    return MappingProxyType(table)


@cache
def columns() -> Mapping[str, str]:
    """From each column name to the path of its field, short columns included."""
    table = {field.column: path for path, field in field_table().items()}
    table.update({short: table[column] for short, column in SHORT_COLUMNS.items()})
    return MappingProxyType(table)


@cache
def roles() -> tuple[str, ...]:
    """The roles that a party can have in an order."""
    return tuple(
        name
        for name, info in Transaction.model_fields.items()
        if _is_party(group_model(info.annotation))
    )


def _is_party(group: type[BaseModel] | None) -> bool:
    return group is not None and issubclass(group, Party)


def _add(table: dict[str, Field], name: str, info: FieldInfo, owner: str, group: str) -> None:
    extra: dict[str, Any] = dict(info.json_schema_extra or {})  # type: ignore[arg-type]
    path = extra["path"] or name
    kind = next(item for item in info.metadata if isinstance(item, Kind))
    table[path] = Field(
        path=path,
        kind=kind,
        meaning=info.description or "",
        column=path.replace(".", "_"),
        example=extra["example"],
        label=owner + (info.title or ""),
        is_derived=extra["derived"],
    )
