"""Derived fields read what they say they read, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from redflags.model import Record, Transaction
from redflags.model.derived import DERIVATIONS
from redflags.model.fields import field_table
from redflags.model.record import record_of
from tests.strategies import orders


class Watched(Record):
    """A record that notes which paths were asked for."""

    __slots__ = ("asked",)

    def __getitem__(self, path: str) -> Any:
        self.asked.add(path)
        return super().__getitem__(path)


@given(orders())
def test_a_derivation_reads_only_the_fields_it_names(order: dict[str, str]) -> None:
    stated = record_of(Transaction.model_validate(order))
    for path, derivation in DERIVATIONS.items():
        values = Watched(dict(stated))
        values.asked = set()
        derivation.derive(values)
        # What a derivation of a derivation reads is that one's own business.
        extra = values.asked - set(derivation.reads)
        nested = {base for one in derivation.reads for base in all_reads(one)}
        assert extra <= nested, path


def all_reads(path: str) -> set[str]:
    derivation = DERIVATIONS.get(path)
    if derivation is None:
        return {path}
    return {path}.union(*(all_reads(one) for one in derivation.reads))


@pytest.mark.parametrize("path", sorted(DERIVATIONS))
def test_what_is_needed_is_read(path: str) -> None:
    derivation = DERIVATIONS[path]
    needed = {one for group in derivation.inputs for one in group}
    assert needed <= {base for one in derivation.reads for base in all_reads(one)}


def test_every_derived_field_has_a_derivation_and_the_reverse() -> None:
    derived = {path for path, field in field_table().items() if field.is_derived}
    assert derived == DERIVATIONS.keys()
